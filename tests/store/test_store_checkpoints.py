"""Checkpoints, on the memory store and on PostgreSQL: every head comes under one, whatever moves meanwhile."""

import asyncio
import random

import pytest
from msgspec.structs import replace
from store_rows import NOW, SECOND, created, moved

from faturat.checkpoints.service import CheckpointService
from faturat.checkpoints.signing import SigningKey, is_signed, new_secret
from faturat.checkpoints.types import NO_ROOT, BadPaper, Checkpoint, Head, make_checkpoint, paper, read_paper, root_of
from faturat.clock import SystemClock
from faturat.payments.types import PaymentState
from faturat.store.port import Store
from faturat.store.postgres import TABLES, Database, PostgresStore

SIGNER = SigningKey(new_secret())


async def begun(store: Store, payment_id: str) -> Head:
    plan = created(payment_id, invoice_key=payment_id)
    assert await store.commit(plan)
    return Head(payment_id, 1, plan.payment.chain_head)


def over(heads: list[Head], before: Checkpoint | None = None) -> Checkpoint:
    return make_checkpoint(before, heads, NOW, SIGNER)


async def test_heads_are_covered_once_and_again_when_they_move(store: Store) -> None:
    assert await store.newest_checkpoint() is None
    assert await store.uncovered_heads(9) == []
    first, second = await begun(store, "pay_1"), await begun(store, "pay_2")
    assert await store.uncovered_heads(9) == [first, second]
    assert await store.uncovered_heads(1) == [first]
    one = over([first])
    assert await store.add_checkpoint(one, [first])
    assert await store.uncovered_heads(9) == [second]

    payment = await store.payment("pay_1")
    assert payment is not None
    plan = moved(payment, PaymentState.HOLDING)
    assert await store.commit(plan)
    heads = await store.uncovered_heads(9)
    assert heads == [Head("pay_1", 2, plan.payment.chain_head), second]
    two = over(heads, one)
    assert await store.add_checkpoint(two, heads)
    assert await store.uncovered_heads(9) == []
    assert await store.newest_checkpoint() == two
    assert await store.checkpoints() == [one, two]
    assert await store.checkpoints(after=1) == [two]
    assert await store.checkpoints(limit=1) == [one]
    assert await store.checkpoint_heads(1) == [first]
    assert await store.checkpoint_heads(2) == heads
    assert two.previous_root == one.root
    assert one.previous_root == NO_ROOT


async def test_a_number_is_given_once(store: Store) -> None:
    head = await begun(store, "pay_1")
    one, other = over([head]), replace(over([head]), made_at=NOW + SECOND)
    taken = await asyncio.gather(*(store.add_checkpoint(each, [head]) for each in (one, other)))
    assert sorted(taken) == [False, True]
    assert await store.checkpoint_heads(1) == [head]


async def test_a_payment_that_moved_meanwhile_is_covered_again(store: Store) -> None:
    head = await begun(store, "pay_1")
    payment = await store.payment("pay_1")
    assert payment is not None
    assert await store.commit(moved(payment, PaymentState.HOLDING))
    assert await store.add_checkpoint(over([head]), [head])
    assert [each.version for each in await store.uncovered_heads(9)] == [2]


async def test_histories_come_in_batches(store: Store) -> None:
    for number in range(3):
        await begun(store, f"pay_{number}")
    assert [each.id for each in await store.histories(limit=2)] == ["pay_0", "pay_1"]
    (last,) = await store.histories(after="pay_1")
    assert last.payment == await store.payment("pay_2")
    assert list(last.events) == await store.payment_events("pay_2")
    assert await store.missing_payments(["pay_1", "pay_9"]) == {"pay_9"}


async def test_what_is_left_over_goes_into_the_next_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faturat.checkpoints.service.MOST_HEADS", 2)
    for number in range(5):
        await begun(store, f"pay_{number}")
    service = CheckpointService(store, SIGNER, SystemClock(), 3600 * SECOND)
    assert await service.make() == 3
    assert [each.payments for each in await store.checkpoints()] == [2, 2, 1]
    assert await service.make() == 0
    assert await store.uncovered_heads(9) == []


async def test_the_worker_makes_one_when_it_is_due(store: Store) -> None:
    class Clock:
        at = NOW

        def now(self) -> object:
            return self.at

    clock = Clock()
    one, other = (CheckpointService(store, SIGNER, clock, 3600 * SECOND) for _ in range(2))
    await begun(store, "pay_1")
    await one.run()
    await begun(store, "pay_2")
    await asyncio.gather(one.run(), other.run())
    assert len(await store.checkpoints()) == 1, "not due yet, for neither"
    clock.at += 3600 * SECOND
    await asyncio.gather(one.run(), other.run())
    assert [each.payments for each in await store.checkpoints()] == [1, 1]
    without_key = CheckpointService(store, None, clock, 3600 * SECOND)
    await begun(store, "pay_3")
    clock.at += 3600 * SECOND
    await without_key.run()
    assert len(await store.checkpoints()) == 2
    assert await without_key.newest() == (await store.checkpoints())[-1]


async def test_no_head_is_skipped_while_payments_move_and_several_make_checkpoints(database_url: str) -> None:
    """Commits that are slow, end in another order than they began, or are rolled back; leases taken in between."""
    database = await Database.open(database_url, TABLES)
    store = PostgresStore(database)
    chance = random.Random(1)
    seen: dict[str, set[str]] = {}

    async def live(number: int) -> None:
        plan = created(f"pay_{number:03d}", invoice_key=str(number))
        states = [PaymentState.HOLDING, PaymentState.HELD, PaymentState.SUBMITTING, PaymentState.UNKNOWN]
        for state in [None, *states]:
            plan = plan if state is None else moved(plan.payment, state)
            if chance.random() < 0.3:
                try:
                    async with database.transaction():  # open for a while: committed later than it was numbered
                        await store.commit(plan)
                        await asyncio.sleep(chance.random() / 50)
                        if chance.random() < 0.3:
                            raise ConnectionError
                except ConnectionError:
                    assert await store.commit(plan)
            else:
                assert await store.commit(plan)
            seen.setdefault(plan.payment.id, set()).add(plan.payment.chain_head)
            await store.claim_payments(NOW, NOW, 5)

    ended = asyncio.Event()

    async def cover() -> None:
        service = CheckpointService(store, SIGNER, SystemClock(), SECOND)
        while not ended.is_set():
            await service.make()
            await asyncio.sleep(0)

    covering = [asyncio.create_task(cover()) for _ in range(2)]
    await asyncio.gather(*map(live, range(40)))
    ended.set()
    await asyncio.gather(*covering)
    await CheckpointService(store, SIGNER, SystemClock(), SECOND).make()

    checkpoints = await store.checkpoints(limit=10_000)
    assert len(checkpoints) > 3
    newest: dict[str, Head] = {}
    root = NO_ROOT
    for number, checkpoint in enumerate(checkpoints, start=1):
        heads = await store.checkpoint_heads(number)
        assert checkpoint.number == number
        assert (checkpoint.previous_root, checkpoint.root) == (root, root_of(root, heads))
        root = checkpoint.root
        for head in heads:
            assert head.head in seen[head.payment], "a head that was never committed"
            newest[head.payment] = head
    assert {head.version for head in newest.values()} == {5}
    assert newest.keys() == seen.keys()
    assert await store.uncovered_heads(1) == []
    await database.close()


def test_what_is_printed_is_what_was_signed() -> None:
    one = over([Head("pay_1", 3, "ab")])
    text = paper(one)
    assert read_paper(text) == one
    typed = text.replace(one.root, " ".join(one.root[n : n + 8] for n in range(0, 64, 8))).replace("\n", "\n\n  ")
    assert read_paper(typed) == one
    assert is_signed(one)
    for changed in (
        replace(one, number=2),
        replace(one, root="0" * 64),
        replace(one, made_at=NOW + SECOND),
        replace(one, payments=2),
        replace(one, previous_root="1" * 64),
        replace(one, public_key=SigningKey(new_secret()).public_key),
        replace(one, signature="00"),
        replace(one, signature="ë"),
        replace(one, public_key=""),
    ):
        assert not is_signed(changed)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "first line"),
        ("Faturat checkpoint\nnumber: 1", "made_at"),
        (paper(over([])).replace("number:", "numbre:"), "numbre"),
        (paper(over([])).replace("payments:      0", "payments: many"), "payments"),
    ],
)
def test_a_paper_that_cannot_be_read_names_the_line(text: str, named: str) -> None:
    with pytest.raises(BadPaper, match=named):
        read_paper(text)
