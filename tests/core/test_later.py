"""Paying later: on its day, once, with the company's word of that day, and never against the customer's."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes.biller import FakeBiller, make_invoice
from fakes.faults import Crash, Fault, Script
from fakes.world import CrashingStore, World

from faturat import Capabilities, FaturatError, KnownInvoice, Payment, PaymentState, verify
from faturat.clock import company_day
from faturat.payments import rules
from faturat.payments.later import FARTHEST, begins_at, day_of, days_for, ends_at
from faturat.payments.types import Plan

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PRICE = 170_740
S = PaymentState


@pytest.fixture(params=["live quote", "no live quote"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    world = World(
        biller=FakeBiller(capabilities=Capabilities(status_inquiry=True, live_quote="no" not in request.param))
    )
    yield world
    assert (await verify(world.faturat)).faults == ()


async def row_of(world: World) -> KnownInvoice:
    """The one invoice of a contract that is registered."""
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    (row,) = await world.faturat.invoices.of("c1")
    return row


def day(world: World, days: int = 3) -> date:
    return company_day(world.clock.now()) + days * DAY


async def schedule(world: World, row: KnownInvoice, account: str = "savings", key: str = "k") -> Payment:
    total = row.invoice.total
    return await world.faturat.payments.schedule("c1", row.id, account, total, key, day(world), total)


async def go_to(world: World, moment: datetime) -> None:
    """Let time pass and the workers run as they do, up to a moment."""
    while world.clock.now() < moment:
        world.clock.advance(min(moment - world.clock.now(), HOUR))
        while await world.faturat.run_due():
            pass


async def now(world: World, payment: Payment) -> Payment:
    return await world.faturat.payments.get("c1", payment.id)


async def refused(world: World, row: KnownInvoice, on: date | None = None) -> FaturatError:
    total = row.invoice.total
    with pytest.raises(FaturatError) as caught:
        await world.faturat.payments.pay_by_key("c1", row.id, "savings", total, "other", total, on)
    return caught.value


async def test_it_is_paid_in_the_morning_of_its_day_and_not_before(world: World) -> None:
    row, on = await row_of(world), day(world)
    payment = await schedule(world, row)
    assert (payment.state, day_of(payment), await schedule(world, row)) == (S.SCHEDULED, on, payment)
    await go_to(world, begins_at(on) - MINUTE)
    assert ((await now(world, payment)).state, world.bank.holds) == (S.SCHEDULED, {})
    await go_to(world, begins_at(on) + MINUTE)
    paid = await now(world, payment)
    assert (paid.state, paid.reason, world.biller.pay_calls) == (S.PAID, "", [payment.id])


async def test_only_one_payment_waits_for_an_invoice_and_it_can_be_cancelled(world: World) -> None:
    row = await row_of(world)
    payment = await schedule(world, row)
    for error in (await refused(world, row), await refused(world, row, day(world, 1))):
        assert error.code == "already_scheduled"
        assert f"{day(world):%d.%m.%Y}" in error.message("sq")
    cancelled = await world.faturat.payments.cancel("c1", payment.id)
    assert (cancelled.state, cancelled.reason) == (S.CANCELLED, "cancelled")
    assert (await world.faturat.payments.pay("c1", row.id, "savings", PRICE, "k2")).state is S.PAID
    await go_to(world, ends_at(day(world)))
    assert len(world.biller.pay_calls) == 1


async def test_the_days_that_may_be_chosen(world: World) -> None:
    today = day(world, 0)
    world.biller.invoices["AB12"] = [make_invoice(due_on=today + 9 * DAY)]
    row = await row_of(world)
    quote = await world.faturat.invoices.get("c1", await world.quote())
    for wrong in (today, today - DAY, today + 10 * DAY):
        error = await refused(world, row, wrong)
        assert (error.code, error.field, f"{today + DAY:%d.%m.%Y}" in error.message("en")) == (
            "bad_pay_day",
            "on",
            True,
        )
    assert (await refused(world, quote, today + DAY)).code == "later_without_contract"
    days = days_for(row, world.clock.now())
    assert days is not None
    assert (days.first, days.last) == (today + DAY, today + 9 * DAY)
    world.clock.advance(9 * DAY)
    assert (await refused(world, row, today + 9 * DAY)).code == "no_day_left"
    world.biller.invoices["AB12"] = [make_invoice()]
    await world.faturat.run_due()
    (row,) = await world.faturat.invoices.of("c1")
    today = day(world, 0)
    assert (await refused(world, row, today + FARTHEST + DAY)).code == "bad_pay_day"


async def test_what_changed_since_moves_nothing(world: World) -> None:
    row, on = await row_of(world), day(world)
    payment = await schedule(world, row)
    await go_to(world, begins_at(on) - MINUTE)
    world.biller.invoices["AB12"] = [make_invoice(total=PRICE + 100)]  # no sweep has seen it yet
    world.clock.advance(MINUTE)
    if not world.biller.capabilities.live_quote:
        world.clock.advance(16 * MINUTE)  # until what was read is too old
    await world.faturat.payments.recover()
    ended = await now(world, payment)
    assert (ended.state, ended.reason, ended.reason_amount) == (S.CANCELLED, "amount_changed", PRICE + 100)
    assert world.bank.holds == {}


async def test_a_company_that_is_silent_is_asked_until_the_day_is_over(world: World) -> None:
    row, on = await row_of(world), day(world)
    payment = await schedule(world, row)
    await go_to(world, begins_at(on) - HOUR)
    world.biller.script = Script([Fault.LOST] * 10_000)
    await go_to(world, ends_at(on) - HOUR)
    assert (await now(world, payment)).state is S.SCHEDULED, "until it has answered, the payment can be cancelled"
    world.biller.script = Script()
    await go_to(world, ends_at(on) - MINUTE)
    assert (await now(world, payment)).state is S.PAID


async def test_a_company_silent_all_day_ends_it_with_that_reason(world: World) -> None:
    row, on = await row_of(world), day(world)
    payment = await schedule(world, row)
    await go_to(world, begins_at(on) - HOUR)
    world.biller.script = Script([Fault.LOST] * 10_000)
    await go_to(world, ends_at(on) + 2 * HOUR)
    ended = await now(world, payment)
    assert (ended.state, ended.reason, world.bank.holds) == (S.EXPIRED, "silent_that_day", {})


async def test_what_the_company_said_is_not_good_for_a_day_of_a_silent_bank(world: World) -> None:
    """Paid at the company's counter meanwhile, it would be paid twice."""
    row, on = await row_of(world), day(world)
    payment = await schedule(world, row)
    world.bank.script = Script([Fault.LOST] * 10_000)
    await go_to(world, begins_at(on))
    assert (await now(world, payment)).state is S.HOLDING
    await go_to(world, begins_at(on) + 4 * HOUR)
    world.bank.script = Script()
    await go_to(world, ends_at(on))
    ended = await now(world, payment)
    assert (ended.state, ended.reason, world.biller.pay_calls) == (S.FAILED, "expired", [])
    assert not world.listener.heard[-1].facts.returned, "no money was ever held"


async def test_a_cancel_counts_though_a_worker_takes_the_payment_at_that_moment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, on = await row_of(world), day(world)
    payment = await schedule(world, row)
    world.clock.advance(begins_at(on) - world.clock.now())
    world.biller.script = Script([Fault.LOST] * 10_000)
    read, reads = world.store.payment, 0

    async def read_and_lose_the_race(payment_id: str) -> Payment | None:
        nonlocal reads
        found, reads = await read(payment_id), reads + 1
        if reads == 1 and found is not None:
            assert await world.store.commit(rules.due(found, world.clock.now(), world.faturat.timing))
        return found

    monkeypatch.setattr(world.store, "payment", read_and_lose_the_race)
    assert (await world.faturat.payments.cancel("c1", payment.id)).state is S.CANCELLED


async def test_workers_that_slept_all_day_let_it_expire(world: World) -> None:
    payment = await schedule(world, await row_of(world))
    world.clock.advance(ends_at(day(world)) - world.clock.now())
    await world.faturat.run_due()
    ended = await now(world, payment)
    assert (ended.state, ended.reason) == (S.EXPIRED, "expired")


async def test_an_account_without_enough_is_said(world: World) -> None:
    payment = await schedule(world, await row_of(world), "main")
    await go_to(world, ends_at(day(world)))
    ended = await now(world, payment)
    assert (ended.state, ended.reason) == (S.DECLINED, "insufficient_funds")


@pytest.mark.parametrize("passed_over", [False, True])
async def test_with_its_contract_it_ends(world: World, passed_over: bool) -> None:
    row = await row_of(world)
    payment = await schedule(world, row)
    assert row.contract is not None
    if passed_over:  # the process died between the two
        await world.store.remove_contract(row.contract, world.clock.now())
        await go_to(world, ends_at(day(world)))
    else:
        await world.faturat.contracts.remove("c1", row.contract)
    ended = await now(world, payment)
    assert (ended.state, ended.reason) == (S.CANCELLED, "contract_removed")
    assert world.bank.holds == {}


@pytest.mark.parametrize("fault", [Fault.CRASH_BEFORE, Fault.CRASH_AFTER])
@pytest.mark.parametrize("commits", range(6))
async def test_wherever_a_worker_dies_it_is_paid_once(fault: Fault, commits: int) -> None:
    world = World()
    row, on = await row_of(world), day(world)
    payment = await schedule(world, row)
    world.clock.advance(begins_at(on) - world.clock.now())
    world.store.script = Script([*[Fault.NONE] * commits, fault])
    crashes = 0
    for _ in range(8):
        try:
            await world.faturat.payments.recover()
        except Crash:
            crashes += 1
            world.restart()
        world.clock.advance(2 * MINUTE)
    assert crashes == 1
    # one that died between its intent and the call has asked the company, which knows of nothing
    assert (await now(world, payment)).state is (S.PAID if world.biller.pay_calls else S.FAILED)
    assert len(world.biller.pay_calls) <= 1
    assert (await verify(world.faturat)).faults == ()


def test_a_day_is_albanias() -> None:
    assert begins_at(date(2026, 12, 5)) == datetime(2026, 12, 5, 7, tzinfo=UTC)
    assert ends_at(date(2026, 7, 5)) == datetime(2026, 7, 5, 22, tzinfo=UTC)


class StallingStore(CrashingStore):
    """The process stands still while it begins a payment."""

    stall: Callable[[], None] = staticmethod(lambda: None)

    async def commit(self, plan: Plan) -> bool:
        done = await super().commit(plan)
        if plan.payment.state is S.CREATED:
            self.stall()
        return done


async def test_no_money_is_held_by_an_answer_that_became_old_as_the_payment_began() -> None:
    store = StallingStore()
    world = World(store=store)
    payment = await schedule(world, await row_of(world))

    def stall() -> None:
        world.clock.advance(HOUR / 4)
        world.biller.invoices["AB12"] = [make_invoice(total=PRICE + 100)]

    store.stall = stall
    await go_to(world, begins_at(day(world)) + HOUR)
    ended = await now(world, payment)
    assert (ended.state, ended.reason, world.bank.holds) == (S.CANCELLED, "amount_changed", {})
