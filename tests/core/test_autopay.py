"""Autopay with the engine around it: scheduled once, within its limits, and never against the customer's word."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fakes.biller import FakeBiller, make_invoice
from fakes.faults import Fault, Script
from fakes.world import CrashingStore, World
from msgspec.structs import replace

from faturat import CallLimit, FaturatError, Payment, PaymentState, PayRange, verify
from faturat.autopay.types import Terms
from faturat.clock import company_day
from faturat.notices.types import NoticeEvent
from faturat.payments.later import begins_at, day_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
S = PaymentState


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    assert (await verify(world.faturat)).faults == ()


def terms(one: int = 1000_00, month: int = 2500_00, days: int = 3, account: str = "savings") -> Terms:
    return Terms(account=account, most_per_invoice=one, most_per_month=month, days_before=days)


async def register(world: World) -> str:
    made = await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    return made.contract.id


async def go_on(world: World, by: timedelta) -> None:
    until = world.clock.now() + by
    while world.clock.now() < until:
        world.clock.advance(min(until - world.clock.now(), HOUR))
        while await world.faturat.run_due():
            pass


def unpayable(world: World) -> list[tuple[str, str]]:
    """Which invoices their customer was told of as not paid by themselves, and why."""
    told = [each for each in world.listener.heard if each.event is NoticeEvent.AUTOPAY_LEFT]
    return sorted((each.facts.number, each.facts.unpayable) for each in told)


async def payments(world: World) -> list[Payment]:
    """Those made, oldest first."""
    return list(reversed(await world.faturat.payments.of("c1")))


async def test_what_comes_within_the_limits_is_scheduled_once_and_paid_on_its_day(world: World) -> None:
    due = company_day(world.clock.now()) + 10 * DAY
    world.biller.invoices["AB12"] = []
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms())
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00, due_on=due), make_invoice("F2", 1000_01, due_on=due)]
    await go_on(world, 5 * HOUR)
    (payment,) = await payments(world)
    assert (payment.order.invoice_key, payment.state, day_of(payment)) == ("F1", S.SCHEDULED, due - 3 * DAY)
    assert (await world.faturat.autopay.scheduled(contract)) == [payment]
    (told,) = [each for each in world.listener.heard if each.event is NoticeEvent.AUTOPAY_PLANNED]
    assert (told.subject, told.facts.contract_name, told.facts.pays_on) == (payment.id, "Shtëpia", due - 3 * DAY)
    await go_on(world, begins_at(due - 3 * DAY) - world.clock.now() + HOUR)
    assert [each.state for each in await payments(world)] == [S.PAID]
    await go_on(world, DAY)
    assert len(await payments(world)) == 1


async def test_the_month_holds_over_all_its_invoices(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice(f"F{number}", 1000_00) for number in range(4)]
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms())
    await go_on(world, HOUR)
    assert [each.order.amount for each in await payments(world)] == [1000_00, 1000_00]
    await world.faturat.payments.cancel("c1", (await payments(world))[0].id)
    await go_on(world, 2 * HOUR)
    left = [each for each in await payments(world) if each.state is S.SCHEDULED]
    assert len(left) == 2, "the part of the one that was skipped goes to another invoice"
    assert len({each.invoice for each in await payments(world)}) == 3, "and never to the same one again"


async def test_another_total_moves_nothing_and_is_looked_at_by_the_limits_again(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00, due_on=company_day(world.clock.now()) + 9 * DAY)]
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms())
    await go_on(world, HOUR)
    world.biller.invoices["AB12"] = [make_invoice("F1", 950_00, due_on=company_day(world.clock.now()) + 9 * DAY)]
    await go_on(world, 2 * HOUR)
    assert [(each.state, each.reason, each.order.amount) for each in await payments(world)] == [
        (S.CANCELLED, "amount_changed", 900_00),
        (S.SCHEDULED, "", 950_00),
    ]
    world.biller.invoices["AB12"] = [make_invoice("F1", 1100_00)]
    await go_on(world, 3 * DAY)
    assert [each.state for each in await payments(world)] == [S.CANCELLED, S.CANCELLED]
    assert world.bank.holds == {}


async def test_an_invoice_paid_elsewhere_moves_nothing(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00)]
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms())
    await world.faturat.autopay.run()
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00, paid_by_order="another")]
    world.clock.advance(begins_at(company_day(world.clock.now()) + DAY) - world.clock.now())
    await world.faturat.payments.recover()  # no sweep has seen it
    (payment,) = await payments(world)
    assert (payment.state, payment.reason, world.bank.holds) == (S.CANCELLED, "already_paid", {})


@pytest.mark.parametrize("died", [False, True])
async def test_stopped_or_changed_it_pays_nothing_by_the_old_terms(world: World, died: bool) -> None:
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00)]
    contract = await register(world)
    autopay = world.faturat.autopay
    await autopay.set("c1", contract, terms())
    await autopay.run()
    world.clock.advance(HOUR)
    if died:  # before it cancelled what was scheduled
        known = await world.store.autopay(contract)
        assert known is not None
        version, now = known.version + 1, world.clock.now()
        changed = replace(known, terms=terms(one=800_00), version=version, changed_at=now, seen=(("F1", 900_00),))
        assert await world.store.save_autopay(changed)
    else:
        await autopay.set("c1", contract, terms(one=800_00))
    await go_on(world, 2 * DAY)
    assert [(each.state, each.reason) for each in await payments(world)] == [(S.CANCELLED, "autopay_changed")]
    await autopay.set("c1", contract, terms())
    world.clock.advance(HOUR)
    await autopay.run()
    await autopay.stop("c1", contract)
    assert await autopay.get("c1", contract) is None
    await go_on(world, 2 * DAY)
    assert world.biller.pay_calls == []
    told = {each.event for each in world.listener.heard}
    assert told == {NoticeEvent.AUTOPAY_PLANNED}, "nobody is told of what they did themselves"
    await autopay.set("c1", contract, terms())
    await go_on(world, 2 * DAY)
    assert (await payments(world))[-1].state is S.PAID


async def test_an_account_that_is_gone_is_told_once_of_each_invoice_and_pays_when_another_is_chosen(
    world: World,
) -> None:
    due = company_day(world.clock.now()) + 10 * DAY
    world.biller.invoices["AB12"] = [make_invoice(f"F{number}", 900_00, due_on=due) for number in range(2)]
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms())
    balance = world.bank.balances.pop(("c1", "savings"))
    for _ in range(3):
        world.restart()
        await go_on(world, 5 * HOUR)
    assert await payments(world) == []
    rows = await world.faturat.invoices.of("c1")
    told = [each for each in world.listener.heard if each.event is NoticeEvent.AUTOPAY_LEFT]
    assert sorted(each.invoice for each in told) == sorted(row.id for row in rows)
    assert {(each.facts.unpayable, each.facts.contract, each.payment) for each in told} == {
        ("unknown_account", contract, None)
    }
    world.bank.balances["c1", "another"] = balance
    await world.faturat.autopay.set("c1", contract, terms(account="another"))
    await go_on(world, 10 * DAY)
    assert [each.state for each in await payments(world)] == [S.PAID, S.PAID]
    assert len([each for each in world.listener.heard if each.event is NoticeEvent.AUTOPAY_LEFT]) == 2


async def test_an_account_that_was_changed_meanwhile_is_not_told_of(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00)]
    found = await world.faturat.contracts.get("c1", await register(world))
    await world.faturat.autopay.set("c1", found.id, terms())
    before = await world.store.autopay(found.id)
    assert before is not None
    await world.faturat.autopay.set("c1", found.id, terms(account="main"))
    (row,) = await world.faturat.invoices.of("c1")
    await world.faturat.autopay._tell(before, found, row, "unknown_account")
    await go_on(world, HOUR)
    assert {each.event for each in world.listener.heard} == {NoticeEvent.AUTOPAY_PLANNED}


async def test_what_comes_above_the_limits_is_told_once_and_what_was_there_is_not(world: World) -> None:
    """Who sets the terms sees what they say about what is there; of what comes later nobody would know."""
    tomorrow = company_day(world.clock.now()) + DAY
    there, fits = make_invoice("F1", 1000_01), make_invoice("F2", 1000_00, due_on=tomorrow)
    world.biller.invoices["AB12"] = [there, fits]
    contract = await register(world)
    await go_on(world, HOUR)
    await world.faturat.autopay.set("c1", contract, terms(month=1500_00))
    late, parts = make_invoice("F3", 1000_01), replace(make_invoice("F5", 900_00), payable=PayRange(1, 500_00))
    world.biller.invoices["AB12"] = [there, fits, late, make_invoice("F4", 600_00, due_on=tomorrow + DAY), parts]
    await go_on(world, DAY / 2)
    assert unpayable(world) == [("F3", "above_invoice"), ("F4", "above_month"), ("F5", "not_in_full")]
    found = await world.faturat.autopay.get("c1", contract)
    assert found is not None
    left = await world.faturat.autopay.outlook(found, await world.faturat.invoices.of("c1"))
    assert {each.known.invoice.number: each.refused for each in left} == {
        "F1": "above_invoice",
        "F3": "above_invoice",
        "F4": "above_month",
        "F5": "not_in_full",
    }
    world.restart()
    await go_on(world, DAY / 4)
    await world.faturat.contracts.remove("c1", contract)
    await world.faturat.contracts.restore("c1", contract)
    await go_on(world, DAY / 4)
    assert len(unpayable(world)) == 3, "with a contract that is taken back nothing is told again"


async def test_what_fitted_as_the_terms_were_set_and_no_longer_does_is_told(world: World) -> None:
    """The month has room for one, which another takes that comes before anything is scheduled and is due before."""
    today = company_day(world.clock.now())
    there = [make_invoice("F1", 900_00, due_on=today + 7 * DAY), make_invoice("F2", 900_00, due_on=today + 8 * DAY)]
    world.biller.invoices["AB12"] = [*there]
    contract = await world.faturat.contracts.get("c1", await register(world))
    await world.faturat.autopay.set("c1", contract.id, terms(month=1000_00))
    world.biller.invoices["AB12"] = [*there, make_invoice("F3", 900_00, due_on=today + 6 * DAY)]
    await world.faturat.invoices.refresh(contract)
    await go_on(world, HOUR)
    assert unpayable(world) == [("F1", "above_month")], "that F2 has no room was seen as the terms were set"
    assert [each.order.invoice_key for each in await payments(world)] == ["F3"]


async def test_what_was_left_as_the_terms_were_set_is_told_once_its_total_has_changed(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice("F1", 1000_01)]
    contract = await world.faturat.contracts.get("c1", await register(world))
    await world.faturat.autopay.set("c1", contract.id, terms())
    await go_on(world, HOUR)
    assert unpayable(world) == []
    world.biller.invoices["AB12"] = [make_invoice("F1", 1000_02)]
    await world.faturat.invoices.refresh(contract)
    await go_on(world, HOUR)
    assert unpayable(world) == [("F1", "above_invoice")]


async def test_what_its_customer_scheduled_is_not_told_of(world: World) -> None:
    world.biller.invoices["AB12"] = []
    contract = await world.faturat.contracts.get("c1", await register(world))
    await world.faturat.autopay.set("c1", contract.id, terms())
    world.clock.advance(HOUR)
    world.biller.invoices["AB12"] = [make_invoice("F1", 1000_01)]
    await world.faturat.invoices.refresh(contract)
    (row,) = await world.faturat.invoices.of("c1")
    tomorrow = company_day(world.clock.now()) + DAY
    await world.faturat.payments.schedule("c1", row.id, "savings", 1000_01, "k", tomorrow, 1000_01)
    await go_on(world, HOUR)
    assert not [each for each in world.listener.heard if each.facts.unpayable]
    found = await world.faturat.autopay.get("c1", contract.id)
    assert found is not None
    assert await world.faturat.autopay.outlook(found, [row]) == ()


class SlowStore(CrashingStore):
    """Others go on between what a worker reads and what it stores."""

    async def autopay_payments(self, contract_id: str, limit: int) -> list[Payment]:
        found = await super().autopay_payments(contract_id, limit)
        await asyncio.sleep(0)
        return found


async def test_two_workers_at_once_stay_within_the_month() -> None:
    world = World(store=SlowStore())
    world.biller.invoices["AB12"] = [make_invoice(f"F{number}", 1000_00) for number in range(4)]
    contract = await world.faturat.contracts.get("c1", await register(world))
    await world.faturat.autopay.set("c1", contract.id, terms())
    # as if each was at another invoice, having claimed the contract for longer than its lease
    rows = await world.faturat.invoices.of("c1")
    await asyncio.gather(*(world.faturat.autopay._plan(contract, row) for row in rows))
    await go_on(world, HOUR)
    assert sum(each.order.amount for each in await payments(world)) == 2000_00


async def test_whose_contract_it_is(world: World) -> None:
    contract = await register(world)
    for customer, account, code in [("c2", "savings", "unknown_contract"), ("c1", "other", "unknown_account")]:
        with pytest.raises(FaturatError) as caught:
            await world.faturat.autopay.set(customer, contract, terms(account=account))
        assert caught.value.code == code
    with pytest.raises(FaturatError):
        await world.faturat.autopay.get("c2", contract)
    await world.faturat.autopay.set("c1", contract, terms(one=200_000, month=200_000))
    await go_on(world, HOUR)
    await world.faturat.contracts.remove("c1", contract)
    await go_on(world, 2 * DAY)
    assert [(each.state, each.reason) for each in await payments(world)] == [(S.CANCELLED, "contract_removed")]


@pytest.mark.parametrize("lower", [False, True])
async def test_what_was_taken_back_while_the_company_is_silent_is_not_paid(world: World, lower: bool) -> None:
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00)]
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms())
    await go_on(world, HOUR)
    world.biller.script = Script([Fault.LOST] * 10_000)
    await go_on(world, begins_at(company_day(world.clock.now()) + DAY) - world.clock.now() + HOUR)
    if lower:
        await world.faturat.autopay.set("c1", contract, terms(one=100_00, month=100_00))
    else:
        await world.faturat.autopay.stop("c1", contract)
    world.biller.script = Script()
    await go_on(world, DAY)
    assert ([each.state for each in await payments(world)], world.biller.pay_calls) == ([S.CANCELLED], [])


async def test_what_was_skipped_stays_so_though_its_contract_is_taken_away_and_back(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00)]
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms())
    await go_on(world, HOUR)
    await world.faturat.payments.cancel("c1", (await payments(world))[0].id)
    await world.faturat.contracts.remove("c1", contract)
    await world.faturat.contracts.restore("c1", contract)
    await go_on(world, 2 * DAY)
    assert [each.state for each in await payments(world)] == [S.CANCELLED]


async def test_what_was_planned_for_a_contract_is_planned_again_where_its_removal_is_taken_back(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00)]
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms())
    await go_on(world, HOUR)
    await world.faturat.contracts.remove("c1", contract)
    await go_on(world, timedelta(minutes=5))
    await world.faturat.contracts.restore("c1", contract)
    await go_on(world, 2 * DAY)
    assert [each.state for each in await payments(world)] == [S.CANCELLED, S.PAID]


async def test_nobody_is_reminded_of_what_will_be_paid(world: World) -> None:
    due = company_day(world.clock.now()) + 8 * DAY
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00, due_on=due), make_invoice("F2", 1000_01, due_on=due)]
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms(days=0))
    await go_on(world, 9 * DAY)
    reminded = [each.facts.number for each in world.listener.heard if each.event is NoticeEvent.INVOICE_DUE]
    assert reminded == ["F2"] * 4
    assert [each.state for each in await payments(world)] == [S.PAID]


async def test_an_invoice_that_grows_each_day_is_given_up(world: World) -> None:
    contract = await register(world)
    await world.faturat.autopay.set("c1", contract, terms())
    for number in range(5):
        world.biller.invoices["AB12"] = [make_invoice("F1", 900_00 + number)]
        await go_on(world, 4 * HOUR)
    assert [each.reason for each in await payments(world)] == ["amount_changed", "amount_changed"]


async def test_those_of_one_morning_leave_the_companys_calls_to_their_own_payment() -> None:
    """Asked about all at once, they would take every call that the company allows, and none would be paid."""
    biller = FakeBiller()
    biller.call_limit = CallLimit(6, timedelta(seconds=1))
    world = World(biller=biller)
    due = company_day(world.clock.now()) + DAY
    world.biller.invoices["AB12"] = [make_invoice(f"F{number:02}", 10_00, due_on=due) for number in range(12)]
    await register(world)
    for row in await world.faturat.invoices.of("c1"):
        await world.faturat.payments.schedule("c1", row.id, "savings", 10_00, row.id, due, 10_00)
    world.clock.advance(begins_at(due) - world.clock.now())
    for _ in range(90):
        await world.faturat.payments.recover()
        world.clock.advance(timedelta(minutes=1))
    assert {each.state for each in await payments(world)} == {S.PAID}
