"""Operations at the same time, and a bank that is cut off in the middle of one."""

import asyncio
from contextlib import asynccontextmanager
from itertools import combinations_with_replacement

import asyncpg
import pytest

from faturat.bank import FundsState, Hold, Refusal
from faturat_server.bank.ledger import OrderConflict
from faturat_server.bank.seed import open_account

CUT_THE_WAITING = """
DO $$ BEGIN
    LOOP
        PERFORM pg_terminate_backend(pid) FROM pg_locks
        WHERE NOT granted AND relation = 'bank_entry'::regclass;
        EXIT WHEN FOUND;
        PERFORM pg_sleep(0.01);
    END LOOP;
END $$
"""
OPERATIONS = ("hold_funds", "capture_funds", "release_funds")


@asynccontextmanager
async def blocked_entries(database_url):
    """Lets nobody write entries, so that an operation stops after it moved the money and before it posted that."""
    blocker = await asyncpg.connect(database_url)
    async with blocker.transaction():
        await blocker.execute("LOCK TABLE bank_entry IN SHARE MODE")
        yield blocker
    await blocker.close()


async def test_holds_at_the_same_time_never_overdraw(bank, new_order):
    await open_account("demo-9", "demo", "Llogari", 10_00, position=9)
    orders = [new_order(account="demo-9", amount=3_00) for _ in range(12)]
    replies = await asyncio.gather(*map(bank.hold_funds, orders))
    assert [type(reply) for reply in replies].count(Hold) == 3
    assert {(reply.code, reply.available) for reply in replies if isinstance(reply, Refusal)} == {
        ("insufficient_funds", 1_00)
    }
    assert await bank.check_books() == ()


async def test_one_order_held_many_times_at_once_gives_one_hold(bank, new_order):
    order = new_order()
    replies = await asyncio.gather(*(bank.hold_funds(order) for _ in range(12)))
    assert len(set(replies)) == 1
    assert (await bank.list_accounts("demo"))[1].available == 250_000_00 - order.amount
    assert await bank.check_books() == ()


@pytest.mark.parametrize("held_before", [True, False])
@pytest.mark.parametrize("pair", list(combinations_with_replacement(OPERATIONS, 2)))
async def test_any_two_operations_on_one_order_at_once(bank, new_order, pair, held_before):
    """The books stay right, and money is neither both captured and released nor lost."""
    for _ in range(15):
        order = new_order()
        if held_before:
            await bank.hold_funds(order)
        before = (await bank.list_accounts("demo"))[1].available
        replies = await asyncio.gather(*(getattr(bank, name)(order) for name in pair * 2), return_exceptions=True)
        assert all(not isinstance(reply, BaseException) or type(reply) is OrderConflict for reply in replies)
        state = (await bank.funds_status(order)).state
        after = (await bank.list_accounts("demo"))[1].available
        gone = order.amount if state in (FundsState.HELD, FundsState.CAPTURED) else 0
        assert after == before + (order.amount if held_before else 0) - gone
    assert await bank.check_books() == ()


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_connection_cut_in_the_middle_of_an_operation_leaves_nothing_half_done(
    bank, database_url, new_order, operation
):
    order = new_order()
    if operation != "hold_funds":
        await bank.hold_funds(order)
    before = await bank.funds_status(order)
    async with blocked_entries(database_url) as blocker:
        running = asyncio.create_task(getattr(bank, operation)(order))
        await blocker.execute(CUT_THE_WAITING)
        with pytest.raises(asyncpg.PostgresError):
            await running
    assert await bank.funds_status(order) == before
    assert await bank.check_books() == ()
    await getattr(bank, operation)(order)
    assert await bank.funds_status(order) != before
    assert await bank.check_books() == ()
