"""Several invoices by one confirmation: each is paid once, whatever is repeated, refused or dies in the middle."""

import asyncio
from datetime import timedelta

import pytest
from fakes.bank import FakeBank
from fakes.biller import FakeBiller, make_invoice
from fakes.faults import Crash, Fault, Script
from fakes.world import World

from faturat import Account, FaturatError, Order, Outcome, PaymentState, PayRange, hookimpl, verify
from faturat.clock import company_day
from faturat.payments.several import BEGIN_WITHIN, MOST, Chosen

PRICES = {"F1": 1000_00, "F2": 2000_00, "F3": 3000_00}


class SlowBiller(FakeBiller):
    """Each payment takes it so long."""

    takes = timedelta()

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        self.clock.advance(self.takes)
        return await super().pay_invoice(order)


class LateBank(FakeBank):
    """It says more of an account than it then holds: somebody else was faster."""

    @hookimpl
    async def list_accounts(self, customer: str) -> tuple[Account, ...]:
        return (Account("savings", "savings", 6000_00, "ALL"),)


class ClosingBank(LateBank):
    """The account is closed once it was listed."""

    listed = False

    @hookimpl
    async def list_accounts(self, customer: str) -> tuple[Account, ...]:
        accounts = () if self.listed else await super().list_accounts(customer)
        self.listed = True
        return accounts


async def asked_for(world: World) -> list[Chosen]:
    """All that the company asks for now."""
    quotes = (await world.faturat.invoices.look_up("c1", "fake", None, {"code": "AB12"})).quotes
    return [Chosen(quote.id, quote.invoice.total) for quote in quotes]


async def three(world: World) -> list[Chosen]:
    world.biller.invoices["AB12"] = [make_invoice(key, total) for key, total in PRICES.items()]
    return await asked_for(world)


async def pay(world: World, chosen: list[Chosen], account: str = "savings", key: str = "k") -> None:
    await world.faturat.several.pay("c1", chosen, account, key)


async def states(world: World, chosen: list[Chosen]) -> list[str]:
    """What became of each: a payment's state, or that its turn may come, or that it was not begun."""
    ids = [each.invoice for each in chosen]
    begun = await world.faturat.several.begun("c1", ids, "k")
    unbegun = {each: "waiting" if each in begun.waiting else "not begun" for each in ids}
    return [begun.payments[each].state.value if each in begun.payments else unbegun[each] for each in ids]


async def sound(world: World, booked: set[str]) -> None:
    """The company booked exactly these, and the books balance."""
    assert sorted(order.invoice_key for order, _ in world.biller.booked.values()) == sorted(booked)
    assert world.bank.balances[("c1", "savings")] == 25_000_000 - sum(PRICES[key] for key in booked)
    assert (await verify(world.faturat)).faults == ()


async def test_what_is_scheduled_is_left_to_its_day_and_the_others_are_paid(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice(key, total) for key, total in PRICES.items()]
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    rows = await world.faturat.invoices.of("c1")
    chosen = [Chosen(row.id, row.invoice.total) for row in rows]
    on = company_day(world.clock.now()) + timedelta(days=1)
    first, *others = chosen
    await world.faturat.payments.schedule("c1", first.invoice, "savings", first.total, "later", on, first.total)
    await pay(world, chosen)
    found = {each.invoice: each.state for each in await world.faturat.payments.of("c1")}
    paid = dict.fromkeys((each.invoice for each in others), PaymentState.PAID)
    assert found == {first.invoice: PaymentState.SCHEDULED, **paid}
    await sound(world, {row.invoice.invoice_key for row in rows[1:]})
    with pytest.raises(FaturatError, match="already_scheduled"):
        await pay(world, [first], key="k2")


async def test_all_are_paid_and_a_repeat_pays_nothing(world: World) -> None:
    chosen = await three(world)
    await pay(world, chosen)
    assert await states(world, chosen) == ["paid"] * 3
    await pay(world, chosen)
    await pay(world, chosen, "main")
    await pay(world, chosen[1:])
    await sound(world, set(PRICES))
    with pytest.raises(FaturatError, match="unknown_payment"):
        await world.faturat.several.begun("c2", [each.invoice for each in chosen], "k")


async def test_many_clicks_at_once_and_other_confirmations_pay_once(world: World) -> None:
    chosen = await three(world)
    clicks = [pay(world, chosen) for _ in range(5)]
    others = [pay(world, chosen[::-1], key=f"other {n}") for n in range(3)]
    answers = await asyncio.gather(*clicks, *others, return_exceptions=True)
    assert {type(each) for each in answers} <= {type(None), FaturatError}
    await sound(world, set(PRICES))


@pytest.mark.parametrize("commits", range(24))
async def test_a_crash_in_the_middle(world: World, commits: int) -> None:
    """Sent again it begins nothing; what was not begun is paid by a new confirmation."""
    chosen = await three(world)
    world.store.script = Script([*[Fault.NONE] * commits, Fault.CRASH_AFTER])
    try:
        await pay(world, chosen)
    except Crash:
        world.restart()
    before = len(await world.faturat.payments.of("c1"))
    await pay(world, chosen)
    assert len(await world.faturat.payments.of("c1")) == before
    assert "not begun" not in await states(world, chosen), "as long as it may be at work"
    await world.settle()
    assert set(await states(world, chosen)) <= {"paid", "failed", "expired", "not begun"}
    if rest := await asked_for(world):
        await pay(world, rest, key="rest")
    await sound(world, set(PRICES))


async def test_a_balance_too_small_is_said_before_anything_is_held(world: World) -> None:
    chosen = await three(world)
    world.bank.balances[("c1", "main")] = 5999_99
    with pytest.raises(FaturatError) as refused:
        await pay(world, chosen, "main")
    assert (refused.value.code, refused.value.field) == ("insufficient_funds", "account")
    assert "5.999,99 ALL" in refused.value.message("sq")
    assert await world.faturat.payments.of("c1") == []
    world.bank.balances[("c1", "main")] = 6000_00
    await pay(world, chosen, "main")
    assert await states(world, chosen) == ["paid"] * 3


async def test_what_the_bank_refuses_in_between_stops_the_rest() -> None:
    world = World(bank=LateBank())
    chosen = await three(world)
    world.bank.balances[("c1", "savings")] = 1500_00
    await asyncio.gather(*(pay(world, chosen) for _ in range(5)))
    assert await states(world, chosen) == ["paid", "declined", "not begun"]
    assert world.bank.balances[("c1", "savings")] == 500_00
    world.bank.balances[("c1", "savings")] = 6000_00
    await pay(world, chosen[1:], key="again")
    assert sorted(order.invoice_key for order, _ in world.biller.booked.values()) == sorted(PRICES)
    assert (await verify(world.faturat)).faults == ()


async def test_where_not_even_the_first_can_begin_it_is_said() -> None:
    world = World(bank=ClosingBank())
    chosen = await three(world)
    with pytest.raises(FaturatError, match="unknown_account"):
        await pay(world, chosen)
    assert await world.faturat.payments.of("c1") == []


async def test_while_the_bank_is_silent_no_other_begins(world: World) -> None:
    chosen = await three(world)
    world.bank.script = Script([Fault.LOST])
    await pay(world, chosen)
    assert await states(world, chosen) == ["holding", "waiting", "waiting"]
    world.clock.advance(timedelta(minutes=1))
    await world.faturat.run_due()
    assert await states(world, chosen) == ["paid", "not begun", "not begun"]
    await sound(world, {"F1"})


async def test_what_one_company_refuses_does_not_stop_the_others(world: World) -> None:
    chosen = await three(world)
    world.biller.invoices["AB12"][1] = make_invoice("F2", 2500_00)
    await pay(world, chosen)
    assert await states(world, chosen) == ["paid", "cancelled", "paid"]
    await sound(world, {"F1", "F3"})


async def test_what_cannot_begin_in_time_is_not_begun() -> None:
    world = World(biller=SlowBiller())
    chosen = await three(world)
    assert isinstance(world.biller, SlowBiller)
    world.biller.takes = BEGIN_WITHIN / 2
    await pay(world, chosen)
    assert await states(world, chosen) == ["paid", "paid", "waiting"]
    world.clock.advance(timedelta(minutes=1))
    assert await states(world, chosen) == ["paid", "paid", "not begun"]
    await sound(world, {"F1", "F2"})


async def test_what_stands_against_one_is_said_before_the_first_is_paid(world: World) -> None:
    first, second, third = await three(world)
    await world.faturat.payments.pay("c1", second.invoice, "savings", second.total, "alone")
    part = make_invoice("F4", 500_00, payable=PayRange(100_00, 400_00))
    world.biller.invoices["AB12"].append(part)
    *_, fourth = await asked_for(world)
    for code, chosen in [
        ("invoice_not_open", [first, second]),
        ("amount_changed", [first, Chosen(third.invoice, 1)]),
        ("amount_not_accepted", [first, fourth]),
        ("unknown_invoice", [first, Chosen("inv_0", 1)]),
        ("no_invoices", []),
        ("too_many_invoices", [Chosen(f"inv_{n}", 1) for n in range(MOST + 1)]),
    ]:
        with pytest.raises(FaturatError, match=code):
            await pay(world, chosen)
    for code, account, key in [("unknown_account", "none", "k"), ("key_required", "savings", "")]:
        with pytest.raises(FaturatError, match=code):
            await pay(world, [first, third], account, key)
    assert len(await world.faturat.payments.of("c1")) == 1
    await sound(world, {"F2"})
