"""Interleavings in which money could be lost, or something be said that is not so."""

import asyncio
import itertools
from datetime import timedelta
from typing import Any

import pytest
from fakes.bank import FakeBank
from fakes.biller import ABLE, FakeBiller, make_invoice
from fakes.faults import Crash, Fault, Script
from fakes.world import World
from msgspec.structs import replace

from faturat import (
    BillerError,
    Capabilities,
    FaturatError,
    FundsState,
    HoldReply,
    InvoiceState,
    NotFound,
    Order,
    Outcome,
    PaymentState,
    Pending,
    Reference,
    Refusal,
    Rejected,
    Rejection,
    Released,
    StatusReply,
    Text,
    Unknown,
    hookimpl,
    verify,
    work,
)


class Slow(FakeBiller):
    """Books only when `arrive` is set, as a request that takes long on its way."""

    arrive: asyncio.Event

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        await self.arrive.wait()
        return await super().pay_invoice(order)


@pytest.fixture
def slow() -> World:
    world = World(biller=Slow())
    world.biller.arrive = asyncio.Event()
    return world


async def paying(world: World) -> asyncio.Task[Any]:
    """A payment whose call to the biller is under way."""
    quote = await world.quote()
    task = asyncio.create_task(world.faturat.payments.pay("c1", quote, "savings", 170_740, "k"))
    while not await world.faturat.payments.of("c1") or (
        (await world.faturat.payments.of("c1"))[0].state is not PaymentState.SUBMITTING
    ):
        await asyncio.sleep(0)
    return task


async def test_a_clock_that_is_ahead_does_not_make_a_payment_under_way_fail(slow: World) -> None:
    task = await paying(slow)
    slow.clock.advance(timedelta(hours=1))
    await slow.faturat.run_due()
    slow.clock.advance(timedelta(seconds=3))
    await slow.faturat.run_due()
    (payment,) = await slow.faturat.payments.of("c1")
    assert payment.state is PaymentState.UNKNOWN
    slow.biller.arrive.set()
    assert (await task).state is PaymentState.PAID, "the answer in hand counts"


async def test_an_answer_that_comes_after_somebody_gave_up_waiting_is_not_thrown_away() -> None:
    able = replace(ABLE, status_inquiry=False, not_found_final_after=None)
    world = World(biller=Slow(capabilities=able))
    world.biller.arrive = asyncio.Event()
    task = await paying(world)
    world.clock.advance(timedelta(minutes=2))
    await world.faturat.run_due()
    world.biller.arrive.set()
    assert (await task).state is PaymentState.PAID
    assert (await verify(world.faturat)).faults == ()


class SaysItOnce(FakeBiller):
    """Loses the answer to the order, and says what became of it to the first who asks, slowly."""

    arrive: asyncio.Event
    asked = 0

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        self._pay(order)
        raise ConnectionError

    @hookimpl
    async def payment_status(self, order: Order) -> StatusReply:
        self.asked += 1
        if self.asked > 1:
            return Unknown("busy")
        await self.arrive.wait()
        return await super().payment_status(order)


async def test_an_answer_is_not_thrown_away_because_somebody_asked_again_meanwhile() -> None:
    world = World(biller=SaysItOnce())
    world.biller.arrive = asyncio.Event()
    payment = await world.pay()
    world.clock.advance(timedelta(seconds=3))
    first = asyncio.create_task(world.faturat.payments.recover())
    while not world.biller.asked:
        await asyncio.sleep(0)
    world.clock.advance(timedelta(minutes=3))
    await world.faturat.payments.recover()
    assert world.biller.asked == 2
    world.biller.arrive.set()
    await first
    assert (await world.faturat.payments.get("c1", payment.id)).state is PaymentState.PAID


class Overtaken(Slow):
    """Books the order that was sent again, whose answer is lost; the first one arrives afterwards."""

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        self.pay_calls.append(order.id)
        if len(self.pay_calls) > 1:
            self._pay(order)
            raise ConnectionError
        await self.arrive.wait()
        return Rejected(Rejection.ALREADY_PAID)


async def test_an_order_overtaken_by_its_own_repetition_is_not_taken_as_paid_by_others() -> None:
    world = World(biller=Overtaken(capabilities=Capabilities(idempotent_pay=True)))
    world.biller.arrive = asyncio.Event()
    task = await paying(world)
    world.clock.advance(timedelta(minutes=2))
    await world.faturat.run_due()
    world.clock.advance(timedelta(seconds=3))
    await world.faturat.run_due()
    assert len(world.biller.booked) == 1
    world.biller.arrive.set()
    payment = await task
    assert payment.state is PaymentState.UNKNOWN
    assert world.bank.holds[payment.id][1] is FundsState.HELD


async def test_a_hold_that_arrives_after_a_refusal_finds_a_tombstone() -> None:
    late: list[Order] = []

    class Late(FakeBank):
        @hookimpl
        async def hold_funds(self, order: Order) -> HoldReply:
            if not late:
                late.append(order)
                raise ConnectionError
            return Refusal("insufficient_funds", Text("", ""), 0)

    world = World(bank=Late())
    payment = await world.pay()
    world.clock.advance(timedelta(minutes=2))
    await world.faturat.run_due()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.DECLINED
    answer = await FakeBank.hold_funds(world.bank, late[0])
    assert isinstance(answer, Refusal)
    assert world.bank.holds[payment.id][1] is FundsState.RELEASED
    assert (await verify(world.faturat)).faults == ()


@pytest.mark.parametrize(("now", "reason"), [(500, "amount_changed"), (None, "invoice_gone")])
async def test_what_was_read_while_a_payment_kept_its_invoice_is_read_again(now: int | None, reason: str) -> None:
    world = World(biller=FakeBiller(capabilities=replace(ABLE, live_quote=False)))
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")
    (row,) = await world.faturat.invoices.of("c1")
    world.bank.script = Script([Fault.LOST])
    assert (await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k1")).state is PaymentState.HOLDING
    world.biller.invoices["AB12"] = [] if now is None else [make_invoice(total=now)]
    world.clock.advance(timedelta(minutes=16))
    await world.faturat.invoices.sweep()
    world.bank.script = Script([Fault.LOST])
    await world.faturat.payments.recover()
    world.clock.advance(timedelta(minutes=1))
    await world.faturat.payments.recover()
    (payment,) = await world.faturat.payments.of("c1")
    assert payment.state is PaymentState.FAILED
    again = await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k2")
    assert (again.state, again.reason) == (PaymentState.CANCELLED, reason)


class ChangesItsMind(FakeBank):
    """Refuses the first hold and would grant the second; the answer to the first release is lost, and it comes late."""

    asked = released = 0

    @hookimpl
    async def hold_funds(self, order: Order) -> HoldReply:
        self.asked += 1
        return Refusal("insufficient_funds", Text("", ""), 0) if self.asked == 1 else await super().hold_funds(order)

    @hookimpl
    async def release_funds(self, order: Order) -> Released:
        self.released += 1
        if self.released == 1:
            raise ConnectionError
        return await super().release_funds(order)


async def test_a_refused_payment_is_not_held_anew_while_its_release_is_under_way() -> None:
    world = World(bank=ChangesItsMind())
    assert (await world.pay()).state is PaymentState.RELEASING
    world.clock.advance(timedelta(minutes=2))
    await world.faturat.run_due()
    (payment,) = await world.faturat.payments.of("c1")
    assert (payment.state, payment.reason, world.bank.asked) == (PaymentState.DECLINED, "insufficient_funds", 1)
    assert world.bank.holds[payment.id][1] is FundsState.RELEASED
    assert world.biller.pay_calls == []


class Stubborn(FakeBiller):
    """Swallows its cancellation, or is cancelled from inside."""

    how = ""

    @hookimpl
    async def fetch_invoices(self, references: Any) -> Any:
        if self.how == "cancelled":
            inner = asyncio.create_task(asyncio.sleep(0))
            inner.cancel()
            await inner
        while self.how == "swallows":
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                continue
        return await super().fetch_invoices(references)


@pytest.mark.parametrize("how", ["cancelled", "swallows"])
async def test_no_plugin_stops_or_hangs_the_worker(how: str) -> None:
    world = World(biller=Stubborn())
    world.biller.subscribers["AB12"] = "Test Test"
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")
    gate = world.faturat.invoices.gate("fake")
    gate._look_up = timedelta(seconds=0.05)
    world.biller.how = how
    world.clock.advance(timedelta(hours=1))
    stop = asyncio.Event()
    worker = asyncio.create_task(work(world.faturat, stop))
    async with asyncio.timeout(10):
        while (await world.faturat.contracts.of("c1"))[0].failures == 0:
            await asyncio.sleep(0.01)
        assert not worker.done()
        stop.set()
        await worker
    world.biller.how = ""


async def test_a_plugins_free_words_reach_no_event() -> None:
    class Talkative(FakeBiller):
        @hookimpl
        async def pay_invoice(self, order: Order) -> Outcome:
            return Unknown("no answer for Test Test, code AB12\0")

        @hookimpl
        async def payment_status(self, order: Order) -> StatusReply:
            raise BillerError("Test Test was not found")

    world = World(biller=Talkative())
    payment = await world.pay()
    world.clock.advance(timedelta(minutes=1))
    await world.faturat.run_due()
    events = await world.faturat.payments.events("c1", payment.id)
    assert all("Test" not in event.evidence and "AB12" not in event.evidence for event in events)
    assert events[-1].evidence == "other"


async def test_a_biller_that_says_now_this_now_that_ends_with_a_person_in_time() -> None:
    class Flapping(FakeBiller):
        turns = 0

        @hookimpl
        async def payment_status(self, order: Order) -> StatusReply:
            self.turns += 1
            return Pending() if self.turns % 2 else NotFound()

    world = World(biller=Flapping(capabilities=replace(ABLE, not_found_final_after=None)))
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.SILENT])
    payment = await world.pay()
    for _ in range(25):
        world.clock.advance(timedelta(hours=1))
        await world.faturat.run_due()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.UNDER_REVIEW
    assert payment.hold_expires_at is not None
    assert payment.hold_expires_at > world.clock.now()
    assert world.biller.turns < 40


async def test_a_second_part_waits_for_the_first(world: World) -> None:
    quote = await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.LOST])
    first = await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k1")
    assert first.state is PaymentState.UNKNOWN
    world.biller.invoices["AB12"] = [make_invoice(part=2)]
    second = await world.pay(key="k2")
    assert (second.state, second.reason) == (PaymentState.CANCELLED, "already_paying")


async def test_without_its_plugin_money_is_not_held_for_ever(world: World) -> None:
    world.store.script = Script([Fault.NONE, Fault.NONE, Fault.NONE, Fault.CRASH_BEFORE])
    with pytest.raises(Crash):
        await world.pay()
    (payment,) = await world.faturat.payments.of("c1")
    assert payment.state is PaymentState.HELD
    world.faturat.payments._driver._gates = {}
    world.clock.advance(timedelta(minutes=11))
    await world.faturat.run_due()
    (payment,) = await world.faturat.payments.of("c1")
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "expired")
    assert world.bank.balances[("c1", "savings")] == 25_000_000


async def test_a_silent_company_is_asked_once_per_pass(world: World) -> None:
    for number in range(9):
        world.biller.subscribers[f"N{number}"] = "Test Test"
        world.biller.invoices[f"N{number}"] = []
        await world.faturat.contracts.register("c1", "fake", None, {"code": f"N{number}"}, f"N{number}")
    world.clock.advance(timedelta(hours=1))
    calls = []

    async def silent(**_: object) -> None:
        calls.append(1)
        await asyncio.Event().wait()

    gate = world.faturat.invoices.gate("fake")
    gate._look_up = timedelta(seconds=0.05)
    gate._relay = type("Relay", (), {"fetch_invoices": staticmethod(silent)})()
    assert await world.faturat.invoices.sweep() == 9
    assert len(calls) == 1
    contracts = await world.faturat.contracts.of("c1")
    assert sum(contract.failures for contract in contracts) == world.biller.capabilities.max_bulk
    # whoever was not asked did not fail, and comes due soon
    soon = world.clock.now() + timedelta(seconds=30)
    assert sum(contract.due_at == soon for contract in contracts) == 9 - world.biller.capabilities.max_bulk


async def test_without_a_live_quote_only_what_is_still_open_is_paid() -> None:
    world = World(biller=FakeBiller(capabilities=replace(ABLE, live_quote=False)))
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")
    (row,) = await world.faturat.invoices.of("c1")
    world.store.script = Script([Fault.CRASH_AFTER])
    with pytest.raises(Crash):
        await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k")
    world.restart()
    world.biller.invoices["AB12"] = []
    (contract,) = await world.faturat.contracts.of("c1")
    await world.faturat.invoices.refresh(contract)
    world.clock.advance(timedelta(minutes=2))
    await world.faturat.run_due()
    (payment,) = await world.faturat.payments.of("c1")
    assert (payment.state, payment.reason) == (PaymentState.CANCELLED, "invoice_gone")
    (row,) = await world.faturat.invoices.of("c1")
    assert row.state is InvoiceState.WITHDRAWN
    with pytest.raises(FaturatError):
        await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k2")


async def test_not_found_is_as_old_as_the_question() -> None:
    """The process that asked stands still before it commits the answer: meanwhile the order may have arrived."""

    class Slow(FakeBiller):
        @hookimpl
        async def payment_status(self, order: Order) -> StatusReply:
            world.clock.advance(timedelta(minutes=20))
            return NotFound()

    world = World(biller=Slow())
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.LOST])
    payment = await world.pay()
    world.clock.advance(timedelta(seconds=5))
    await world.faturat.run_due()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert (payment.state, payment.asked) == (PaymentState.UNKNOWN, 1)
    world.clock.advance(timedelta(minutes=1))
    await world.faturat.run_due()
    assert (await world.faturat.payments.get("c1", payment.id)).state is PaymentState.FAILED


async def test_questions_grow_rarer_and_end_with_a_person_when_the_limit_is_reached() -> None:
    world = World(biller=FakeBiller(capabilities=replace(ABLE, not_found_final_after=None)))
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.LOST])
    payment = await world.pay()
    asked_at = []
    while payment.state is PaymentState.UNKNOWN:
        assert payment.due_at is not None
        world.clock.advance(payment.due_at - world.clock.now())
        asked_at.append(world.clock.now())
        await world.faturat.run_due()
        payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.UNDER_REVIEW
    assert payment.submitted_at is not None
    assert asked_at[-1] == payment.submitted_at + timedelta(days=1), "not later than what the hold outlives"
    gaps = [after - before for before, after in itertools.pairwise(asked_at)][:-1]
    assert gaps == sorted(gaps)
    assert 5 < len(asked_at) < 15


async def test_an_order_is_not_sent_again_where_the_hold_may_end_before_it_settles() -> None:
    """Nobody worked for a week: what the company books for the first time now, the bank would not pay."""
    able = replace(ABLE, idempotent_pay=True, status_inquiry=False, not_found_final_after=None)
    world = World(biller=FakeBiller(capabilities=able))
    await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.LOST])
    payment = await world.pay()
    assert payment.state is PaymentState.UNKNOWN
    world.clock.advance(timedelta(days=7))
    await world.faturat.run_due()
    after = await world.faturat.payments.get("c1", payment.id)
    assert (after.state, len(world.biller.pay_calls), world.biller.booked) == (PaymentState.UNDER_REVIEW, 1, {})


async def test_already_paid_is_no_answer_where_nobody_could_look_by_whom() -> None:
    """As in a database restored from a backup, which knows nothing of the calls made since."""
    able = replace(ABLE, status_inquiry=False, not_found_final_after=None)
    world = World(biller=FakeBiller(capabilities=able))
    await world.quote()
    world.biller.reject = Rejection.ALREADY_PAID
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.NONE, Fault.LOST])
    assert (await world.pay()).state is PaymentState.UNKNOWN
    world.biller.script = Script([])
    other = World(biller=FakeBiller(capabilities=able))
    other.biller.reject = Rejection.ALREADY_PAID
    assert (await other.pay()).state is PaymentState.FAILED, "somebody looked, and it was not this order"


class Crossing(FakeBiller):
    """Answers with what it lists when it is asked, and at the first question something else comes in between."""

    meanwhile: Any = None

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> dict[Reference, Any]:
        said = await super().fetch_invoices(references)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return said


async def test_a_reading_that_met_a_payment_does_not_vouch_for_the_old_total() -> None:
    """Without live_quote an invoice that was just read is paid as it stands."""
    world = World(biller=Crossing(capabilities=replace(ABLE, live_quote=False)))
    contract = (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")).contract
    (row,) = await world.faturat.invoices.of("c1")
    world.biller.invoices["AB12"] = [make_invoice(total=200_000)]
    store, commit_reading = world.faturat.store, world.faturat.store.commit_reading

    async def a_payment_first(reading: Any) -> bool:
        store.commit_reading = commit_reading
        world.biller.reject = Rejection.NOT_ACCEPTED
        payment = await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k1")
        assert payment.state is PaymentState.FAILED
        world.biller.reject = None
        return await commit_reading(reading)

    store.commit_reading = a_payment_first
    await world.faturat.invoices.refresh(contract)
    (now,) = await world.faturat.invoices.of("c1")
    assert (now.invoice.total, now.state) == (200_000, InvoiceState.OPEN)
    with pytest.raises(FaturatError) as refused:
        await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k2", 170_740)
    assert refused.value.code == "amount_changed"


async def test_an_older_answer_brings_nothing_back_while_an_invoice_is_being_paid() -> None:
    world = World(biller=Crossing(capabilities=replace(ABLE, status_inquiry=False, not_found_final_after=None)))
    world.biller.invoices["AB12"] = [make_invoice(), make_invoice("F2", 500)]
    contract = (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")).contract
    first = next(row for row in await world.faturat.invoices.of("c1") if row.invoice.number == "F1")
    world.biller.script = Script([Fault.NONE, Fault.SILENT])
    payment = await world.faturat.payments.pay("c1", first.id, "savings", 170_740, "k1")
    assert payment.state is PaymentState.UNKNOWN
    contract = await world.faturat.contracts.get("c1", contract.id)
    world.clock.advance(timedelta(minutes=1))

    async def gone_since() -> None:
        world.clock.advance(timedelta(seconds=5))
        world.biller.invoices["AB12"] = []
        await world.faturat.invoices.refresh(await world.faturat.contracts.get("c1", contract.id))

    world.biller.meanwhile = gone_since
    await world.faturat.invoices.refresh(contract)
    states = {row.invoice.number: row.state for row in await world.faturat.invoices.of("c1")}
    assert states == {"F1": InvoiceState.PAYING, "F2": InvoiceState.WITHDRAWN}
