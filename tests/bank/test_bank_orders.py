"""What the bank answers to hold, capture, release and status, one call after another."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from faturat.bank import Account, Captured, FundsState, FundsStatus, Hold, Refusal, Released
from faturat_server.bank.ledger import OrderConflict
from faturat_server.bank.seed import open_account, seed_demo
from faturat_server.bank.tables import BankEntry

MAIN = Account("demo-1", "Llogaria kryesore", 18_13, "ALL")
SAVINGS = Account("demo-2", "Llogaria e kursimeve", 250_000_00, "ALL")


@pytest.fixture(autouse=True)
async def books_are_right(bank):
    yield
    assert await bank.check_books() == ()


async def available(bank, account="demo-2"):
    return next(own.available for own in await bank.list_accounts("demo") if own.id == account)


async def entries(order):
    rows = await BankEntry.select().where(BankEntry.subject == order.id)
    return {(row["kind"], row["account"]): row["amount"] for row in rows}


async def test_the_demo_has_its_two_accounts_the_main_one_first(bank):
    assert await bank.list_accounts("demo") == (MAIN, SAVINGS)
    assert await bank.list_accounts("nobody") == ()


async def test_seeding_again_gives_no_spent_money_back(bank, new_order):
    order = new_order()
    await bank.hold_funds(order)
    await bank.capture_funds(order)
    await seed_demo()
    assert await available(bank) == SAVINGS.available - order.amount


async def test_a_hold_takes_amount_and_fee_and_says_its_end(bank, new_order):
    order = new_order(fee=50_00)
    hold = await bank.hold_funds(order)
    assert hold == Hold(order.id, 1757_40, "ALL", datetime(2026, 1, 15, 10, 0, tzinfo=UTC))
    assert await available(bank) == SAVINGS.available - 1757_40
    assert await bank.funds_status(order) == FundsStatus(order.id, FundsState.HELD, 1757_40)


async def test_a_repeated_hold_is_the_same_hold(bank, new_order):
    order = new_order()
    hold = await bank.hold_funds(order)
    assert await bank.hold_funds(order) == hold
    await bank.capture_funds(order)
    assert await bank.hold_funds(order) == hold
    assert await available(bank) == SAVINGS.available - order.amount


@pytest.mark.parametrize(
    "change",
    [{"amount": 1}, {"amount": 1706_40, "fee": 1_00}, {"account": "demo-1"}, {"customer": "other"}, {"biller": "ukt"}],
)
async def test_one_order_id_with_other_contents_raises(bank, new_order, change):
    order = new_order()
    await bank.hold_funds(order)
    with pytest.raises(OrderConflict, match=f"{order.id} was held before with another"):
        await bank.hold_funds(replace(order, **change))
    with pytest.raises(OrderConflict):
        await bank.capture_funds(replace(order, **change))
    assert (await bank.funds_status(order)).state is FundsState.HELD


async def test_an_account_of_another_and_no_account_are_refused_alike(bank, new_order):
    await open_account("other-1", "other", "Llogaria kryesore", 1_000_00)
    of_another = await bank.hold_funds(new_order(account="other-1", amount=1_00))
    assert isinstance(of_another, Refusal)
    assert of_another.code == "unknown_account"
    assert await bank.hold_funds(new_order(account="nowhere", amount=1_00)) == of_another


async def test_another_currency_is_refused_and_names_the_one_to_choose(bank, new_order):
    await open_account("demo-3", "demo", "Llogaria në euro", 10_000_00, position=3, currency="EUR")
    refusal = await bank.hold_funds(new_order(account="demo-3"))
    assert refusal.code == "wrong_currency"
    assert refusal.message.en.endswith("Choose an account in ALL.")


async def test_too_little_money_is_refused_with_what_is_available(bank, new_order):
    refusal = await bank.hold_funds(new_order(account="demo-1"))
    assert (refusal.code, refusal.available) == ("insufficient_funds", 18_13)
    assert "18,13 ALL" in refusal.message.sq
    assert "18.13 ALL" in refusal.message.en
    assert isinstance(await bank.hold_funds(new_order(account="demo-1", amount=18_13)), Hold)


@pytest.mark.parametrize("change", [{"amount": 0}, {"amount": -5}, {"fee": -5}])
async def test_an_order_that_would_move_nothing_or_backwards_is_refused(bank, new_order, change):
    order = new_order(**change)
    assert (await bank.hold_funds(order)).code == "refused"
    assert (await bank.funds_status(order)).state is FundsState.NONE


async def test_a_capture_credits_the_billers_suspense_account_and_the_fee(bank, new_order):
    order = new_order(fee=50_00)
    await bank.hold_funds(order)
    assert await bank.capture_funds(order) == Captured(order.id, 1757_40)
    assert await bank.capture_funds(order) == Captured(order.id, 1757_40)
    assert await entries(order) == {
        ("hold", "demo-2"): -1757_40,
        ("hold", "held:ALL"): 1757_40,
        ("capture", "held:ALL"): -1757_40,
        ("capture", "suspense:oshee:ALL"): 1707_40,
        ("capture", "fee:ALL"): 50_00,
    }
    assert await bank.funds_status(order) == FundsStatus(order.id, FundsState.CAPTURED, 1757_40)


async def test_a_capture_needs_no_money_left_in_the_account(bank, new_order):
    order = new_order(account="demo-1", amount=18_13)
    await bank.hold_funds(order)
    assert await available(bank, "demo-1") == 0
    assert await bank.capture_funds(order) == Captured(order.id, 18_13)


async def test_a_capture_without_a_live_hold_is_refused(bank, new_order):
    order = new_order()
    assert (await bank.capture_funds(order)).code == "refused"
    await bank.hold_funds(order)
    await bank.release_funds(order)
    assert (await bank.capture_funds(order)).code == "refused"


async def test_a_release_returns_the_money_once_and_bars_a_later_hold(bank, new_order):
    order = new_order(fee=50_00)
    await bank.hold_funds(order)
    assert await bank.release_funds(order) == Released(order.id)
    assert await bank.release_funds(order) == Released(order.id)
    assert await available(bank) == SAVINGS.available
    assert (await bank.hold_funds(order)).code == "released"
    assert await bank.funds_status(order) == FundsStatus(order.id, FundsState.RELEASED, 1757_40)


async def test_a_release_before_the_hold_bars_it_and_moves_nothing(bank, new_order):
    order = new_order()
    assert await bank.release_funds(order) == Released(order.id)
    assert (await bank.hold_funds(order)).code == "released"
    assert await bank.funds_status(order) == FundsStatus(order.id, FundsState.RELEASED, 0)
    assert await available(bank) == SAVINGS.available


async def test_a_captured_order_cannot_be_released(bank, new_order):
    order = new_order()
    await bank.hold_funds(order)
    await bank.capture_funds(order)
    with pytest.raises(OrderConflict, match="was captured"):
        await bank.release_funds(order)
    assert await available(bank) == SAVINGS.available - order.amount


async def test_nothing_is_known_of_an_order_that_never_came(bank, new_order):
    order = new_order()
    assert await bank.funds_status(order) == FundsStatus(order.id, FundsState.NONE, 0)
