"""A company that is down: who is told so at once, what happens to money, and how it is found to be back."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fakes.biller import ABLE, make_invoice
from fakes.clock import FakeClock
from fakes.faults import Crash, Fault, Script
from fakes.file_biller import FileBiller
from fakes.silence import Company, come_back, engines, fall_silent, refused
from fakes.world import CrashingStore, World
from msgspec.structs import replace

from faturat import (
    Capabilities,
    EngineSettings,
    FaturatError,
    Health,
    HealthState,
    PaymentState,
    verify,
)
from faturat.bank import FundsState
from faturat.errors import NotAsked
from faturat.health import breaker
from faturat.health.service import HealthService
from faturat.health.types import Circuit
from faturat.payments.types import Payment
from faturat.store.memory import MemoryStore

START = 25_000_000
SECOND = timedelta(seconds=1)
UNHURRIED = EngineSettings(look_ups_per_hour=1000)
IDEMPOTENT = Capabilities(idempotent_pay=True, live_quote=True, max_bulk=3)
BY_CONTRACT = replace(ABLE, status_inquiry=False, not_found_final_after=None)


@pytest.fixture
def world() -> World:
    return World(biller=Company(), settings=UNHURRIED)


async def balance(world: World, payment: Payment) -> tuple[int, FundsState]:
    funds = await world.faturat.bank.funds_status(payment.order)
    return world.bank.balances["c1", "savings"], funds.state


async def events_of(world: World, payment: Payment) -> list[tuple[str, str]]:
    return [(event.after, event.evidence) for event in await world.faturat.payments.events("c1", payment.id)]


# who is told so at once


async def test_nobody_waits_for_a_company_that_is_down_and_all_processes_know(world: World) -> None:
    first, second, third = engines(world, 3)
    silent_since = world.clock.now()
    await fall_silent(world, first, second)
    for engine in (first, second, third):
        error = await refused(engine)
        assert isinstance(error, NotAsked)
        assert (error.code, error.why, error.params["since"]) == ("biller_unavailable", "breaker_open", "10:00")
        assert error.message("sq").startswith("Kompania Fake nuk përgjigjet që prej 10:00.")
        assert error.message("en").startswith("Fake has not answered since 10:00.")
        assert error.params["seconds"] == 29
        with pytest.raises(NotAsked):
            await engine.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")
        assert await engine.health.of("fake") == Health(HealthState.DOWN, silent_since)
    assert world.biller.calls == []


async def test_a_word_of_the_company_is_health_whatever_it_says(world: World) -> None:
    world.biller.silent = True
    for number in range(breaker.FAILURES - 1):
        await refused(world.faturat, customer=f"c{number}")
    assert (await world.faturat.health.of("fake")).state is HealthState.DISTURBED
    world.biller.silent = False
    assert (await refused(world.faturat, "ZZ99")).code == "unknown_reference"
    assert (await world.faturat.health.of("fake")).state is HealthState.OK
    await fall_silent(world)
    assert len(await world.store.circuits()) == 1


async def test_where_all_is_well_nothing_is_written_and_little_is_read(world: World) -> None:
    asked: list[str] = []

    class Counting(CrashingStore):
        async def circuits(self) -> dict[str, Circuit]:
            asked.append("circuits")
            return await super().circuits()

        async def move_circuit(self, circuit: Circuit) -> bool:
            raise AssertionError("nothing changed")

    world = World(biller=Company(), store=Counting(), settings=UNHURRIED)
    for number in range(20):
        await world.quote(f"c{number}")
    assert (await world.pay()).state is PaymentState.PAID
    assert asked == ["circuits"]


async def test_a_reply_that_is_silence_in_every_entry_is_silence(world: World) -> None:
    codes = [f"N{number}" for number in range(6)]
    for code in codes:
        world.biller.subscribers[code], world.biller.invoices[code] = "Test Test", []
        await world.faturat.contracts.register("c1", "fake", None, {"code": code}, code)
    world.biller.invoices.clear()
    contracts = await world.faturat.contracts.of("c1")
    for _ in range(2):
        with pytest.raises(FaturatError):
            await world.faturat.invoices.refresh_all("fake", contracts)
    assert world.faturat.health.known("fake").failures == 4  # bulks of three
    world.biller.invoices[contracts[1].reference.values["code"]] = []
    with pytest.raises(FaturatError):
        await world.faturat.invoices.refresh_all("fake", contracts[:3])
    assert world.faturat.health.known("fake").failures == 0


async def test_contracts_are_put_off_and_not_counted_as_failed(world: World) -> None:
    for number in range(7):
        world.biller.subscribers[f"N{number}"], world.biller.invoices[f"N{number}"] = "Test Test", []
        await world.faturat.contracts.register("c1", "fake", None, {"code": f"N{number}"}, f"N{number}")
    world.clock.advance(timedelta(hours=1))
    await fall_silent(world)
    may_try = breaker.may_try_at(world.faturat.health.known("fake"))
    assert await world.faturat.invoices.sweep() == 7
    assert world.biller.calls == []
    contracts = await world.faturat.contracts.of("c1")
    assert {(row.failures, row.version, row.due_at) for row in contracts} == {(0, 1, may_try)}
    assert await world.faturat.invoices.sweep() == 0
    # it is tried with one call, and the rest put off again
    world.clock.advance(breaker.FIRST)
    assert await world.faturat.invoices.sweep() == 7
    assert world.biller.calls == ["fetch_invoices"]
    contracts = await world.faturat.contracts.of("c1")
    assert sorted(row.failures for row in contracts) == [0] * 4 + [1] * 3
    await come_back(world)
    assert await world.faturat.invoices.sweep() == 7
    assert {row.failures for row in await world.faturat.contracts.of("c1")} == {0}
    assert (await world.faturat.health.of("fake")).state is HealthState.OK


# one tries whether it is back


@pytest.mark.parametrize("answers", [True, False])
async def test_of_many_calls_at_once_exactly_one_tries(world: World, answers: bool) -> None:
    first, second = engines(world)
    await fall_silent(world, first)
    world.clock.advance(breaker.FIRST)
    go_on = asyncio.Event()
    find_contract = world.biller.find_contract

    async def slow(reference: Any) -> Any:
        await go_on.wait()
        return await find_contract(reference)

    world.biller.silent = not answers
    for engine in (first, second):
        engine.invoices.gate("fake")._relay = type(
            "Relay", (), {"find_contract": staticmethod(slow), "fetch_invoices": world.biller.fetch_invoices}
        )()
    asking = [asyncio.create_task(refused(engine, "ZZ99", f"c{n}")) for n in range(10) for engine in (first, second)]
    while sum(task.done() for task in asking) < len(asking) - 1:
        await asyncio.sleep(0)
    go_on.set()
    errors = await asyncio.gather(*asking)
    assert world.biller.calls == ["find_contract"]
    assert sum(isinstance(error, NotAsked) for error in errors) == 19
    world.clock.advance(SECOND)
    for engine in (first, second):
        assert (await engine.health.of("fake")).state is (HealthState.OK if answers else HealthState.DOWN)
    if not answers:
        circuit = first.health.known("fake")
        assert circuit.open_until == world.clock.now() - SECOND + 2 * breaker.FIRST


async def test_whether_it_is_back_is_not_tried_with_money(world: World) -> None:
    order = (await world.pay()).order
    await fall_silent(world)
    world.biller.silent = False
    world.clock.advance(breaker.FIRST)
    gate = world.faturat.invoices.gate("fake")
    call_by = world.clock.now() + timedelta(minutes=1)
    outcome = await gate.pay_invoice(order, call_by)
    assert (type(outcome).__name__, outcome.why) == ("NotSent", "breaker_open")
    assert world.biller.calls == []
    await gate.pay_invoice(order, call_by, again=True)
    assert world.biller.calls == ["pay_invoice"]
    assert await gate.always_called()


async def test_a_reply_that_cannot_be_read_leaves_the_next_call_to_try(world: World) -> None:
    await fall_silent(world)
    world.biller.silent = False
    world.clock.advance(breaker.FIRST)
    world.biller.subscribers["AB12"] = ""
    assert (await refused(world.faturat)).code == "biller_bad_reply"
    assert (await world.faturat.health.of("fake")).state is HealthState.DOWN
    world.biller.subscribers["AB12"] = "Test Test"
    await world.quote()
    assert (await world.faturat.health.of("fake")).state is HealthState.OK


# money


@pytest.mark.parametrize("live_quote", [True, False])
async def test_no_money_is_held_for_a_company_that_is_down(live_quote: bool) -> None:
    world = World(biller=Company(capabilities=replace(ABLE, live_quote=live_quote)), settings=UNHURRIED)
    quote = await world.quote()
    await fall_silent(world)
    payment = await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k")
    assert (payment.state, payment.reason) == (PaymentState.CANCELLED, "biller_unavailable")
    assert await balance(world, payment) == (START, FundsState.NONE)
    assert (await events_of(world, payment))[1:] == [("cancelled", "not_asked=breaker_open")]
    assert world.biller.calls == []
    # the try is a question, also where a quote would do without one; then the payment goes on
    await come_back(world)
    quote = await world.quote()
    await fall_silent(world)
    world.biller.silent = False
    world.clock.advance(breaker.FIRST)
    payment = await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k2")
    assert payment.state is PaymentState.PAID
    assert world.biller.calls == ["fetch_invoices", "pay_invoice"]


async def test_what_was_held_when_it_fell_silent_comes_back_in_full_at_once(world: World) -> None:
    here, elsewhere = engines(world)
    hold_funds = world.bank.hold_funds

    class Bank:
        def __getattr__(self, hook: str) -> Any:
            return getattr(world.bank, hook)

        async def hold_funds(self, order: Any) -> Any:
            reply = await hold_funds(order)
            await fall_silent(world, elsewhere)
            return reply

    here.bank._relay = Bank()
    payment = await here.payments.pay("c1", await world.quote(), "savings", 170_740, "k")
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "not_sent")
    assert await balance(world, payment) == (START, FundsState.RELEASED)
    assert ("not_sent", "not_sent=breaker_open") in await events_of(world, payment)
    assert "pay_invoice" not in world.biller.calls
    assert (await verify(world.faturat)).faults == ()


@pytest.mark.parametrize("able", [ABLE, IDEMPOTENT, BY_CONTRACT])
async def test_recovery_never_infers_that_nothing_was_sent(able: Capabilities) -> None:
    world = World(biller=Company(capabilities=able), settings=UNHURRIED)
    quote = await world.quote()
    world.store.script = Script([Fault.NONE] * 3 + [Fault.CRASH_AFTER])
    with pytest.raises(Crash):
        await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k")
    world.restart()
    (payment,) = await world.faturat.payments.of("c1")
    assert payment.state is PaymentState.SUBMITTING
    await fall_silent(world)
    for _ in range(20):
        world.clock.advance(breaker.FIRST)
        await world.faturat.run_due()
        (payment,) = await world.faturat.payments.of("c1")
        assert payment.state in (PaymentState.SUBMITTING, PaymentState.UNKNOWN)
        assert await balance(world, payment) == (START - 170_740, FundsState.HELD)
    assert payment.state is PaymentState.UNKNOWN


async def unknown_payment(able: Capabilities) -> tuple[World, Payment]:
    """A payment that the company booked, without a word."""
    world = World(biller=Company(capabilities=able), settings=UNHURRIED)
    quote = await world.quote()
    world.biller.script = Script([Fault.NONE] * able.live_quote + [Fault.SILENT])
    payment = await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k")
    assert payment.state is PaymentState.UNKNOWN
    return world, payment


@pytest.mark.parametrize("able", [ABLE, IDEMPOTENT, BY_CONTRACT])
async def test_a_question_that_was_not_put_counts_for_nothing(able: Capabilities) -> None:
    world, payment = await unknown_payment(able)
    await fall_silent(world)
    before = await events_of(world, payment)
    world.clock.advance(10 * SECOND)
    assert await world.faturat.payments.recover() == 1
    after = await world.faturat.payments.get("c1", payment.id)
    assert world.biller.calls == []
    assert (after.asked, after.version, after.state) == (payment.asked, payment.version, PaymentState.UNKNOWN)
    assert after.due_at is not None
    assert after.due_at - world.clock.now() < timedelta(minutes=2)
    assert await events_of(world, payment) == before


@pytest.mark.parametrize("able", [ABLE, IDEMPOTENT, BY_CONTRACT])
async def test_no_payment_is_for_a_person_because_the_breaker_was_open(able: Capabilities) -> None:
    """The company is silent for a day but for the very end: the last question is put whatever the breaker says."""
    world, payment = await unknown_payment(able)
    assert payment.submitted_at is not None
    await fall_silent(world)
    limit = payment.submitted_at + timedelta(days=1)
    while world.clock.now() < limit - timedelta(minutes=2):
        assert (await world.faturat.payments.get("c1", payment.id)).state is PaymentState.UNKNOWN
        world.clock.advance(timedelta(minutes=1))
        await world.faturat.payments.recover()
    # open till long after the limit, while the company is back
    circuit = world.faturat.health.known("fake")
    open_long = replace(circuit, version=circuit.version + 1, open_until=limit + timedelta(hours=1), probe_until=None)
    assert await world.store.move_circuit(open_long)
    world.biller.silent = False
    world.biller.calls.clear()
    if not able.status_inquiry and not able.idempotent_pay:
        booked = make_invoice("F1", 170_740, paid_by_order=payment.id, number="R1")
        world.biller.invoices["AB12"] = [booked]
    while (now := await world.faturat.payments.get("c1", payment.id)).state is PaymentState.UNKNOWN:
        assert world.clock.now() <= limit + timedelta(minutes=2)
        world.clock.advance(timedelta(seconds=30))
        await world.faturat.payments.recover()
    assert now.state is PaymentState.PAID
    assert len(world.biller.calls) == 1
    assert (await verify(world.faturat)).faults == ()


async def test_orders_that_go_by_files_are_queued_whatever_the_breaker_says() -> None:
    world = World(biller=FileBiller(), settings=UNHURRIED)
    world.biller.offer("OPEN-1", world.biller.register("AB12", make_invoice()))
    await world.faturat.exchange.run()
    world.biller.collecting = Script([Fault.LOST] * 100)
    for _ in range(2 * breaker.FAILURES):
        world.clock.advance(timedelta(hours=1))
        assert await world.faturat.exchange.run() == 1, "it is on a schedule"
    assert (await world.faturat.health.of("fake")).state is HealthState.DOWN
    payment = await world.pay()
    assert payment.state is PaymentState.PENDING
    assert (await world.faturat.health.of("fake")).state is HealthState.DOWN, "the register is not the company"
    world.biller.collecting = Script()
    world.clock.advance(timedelta(hours=1))
    await world.faturat.exchange.run()
    assert (await world.faturat.health.of("fake")).state is HealthState.OK


async def test_a_store_that_cannot_keep_health_loses_no_evidence() -> None:
    class Forgetful(CrashingStore):
        async def circuits(self) -> dict[str, Circuit]:
            raise ConnectionError

        async def move_circuit(self, circuit: Circuit) -> bool:
            raise ConnectionError

    world = World(biller=Company(), store=Forgetful(), settings=UNHURRIED)
    assert (await world.pay()).state is PaymentState.PAID
    world.biller.silent = True
    for _ in range(2 * breaker.FAILURES):
        assert not isinstance(await refused(world.faturat), NotAsked)


# limits


async def test_whoever_tries_out_numbers_is_stopped_by_all_processes() -> None:
    world = World(biller=Company(), settings=EngineSettings(look_ups_per_hour=5))
    both = engines(world)
    for number in range(4):
        assert (await refused(both[number % 2], f"N{number}")).code == "unknown_reference"
    await both[0].contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")
    world.clock.advance(timedelta(minutes=20))
    for engine in both:
        error = await refused(engine, "N5")
        assert (error.code, error.params["limit"], error.params["minutes"]) == ("too_many_look_ups", 5, 40)
        with pytest.raises(FaturatError, match="too_many_look_ups"):
            await engine.contracts.register("c1", "fake", None, {"code": "CD34"}, "Office")
    # what is theirs they still read, and others still look up
    (contract,) = await both[0].contracts.of("c1")
    await both[0].invoices.refresh(contract)
    await world.quote("c2")
    world.clock.advance(timedelta(minutes=40))
    await world.quote("c1")


async def test_input_that_asks_nobody_and_a_company_that_is_down_are_not_counted() -> None:
    world = World(biller=Company(), settings=EngineSettings(look_ups_per_hour=5))
    for _ in range(10):
        assert (await refused(world.faturat, "")).code == "field_required"
    await fall_silent(world)
    for _ in range(10):
        assert isinstance(await refused(world.faturat), NotAsked)
    await come_back(world)
    await world.quote()


async def test_a_payment_that_does_not_get_its_turn_is_not_sent_and_comes_back() -> None:
    world = World(biller=Company(capabilities=replace(ABLE, live_quote=False)), settings=UNHURRIED)
    quote = await world.quote()
    world.settings = replace(UNHURRIED, calls_per_minute={"fake": 6})
    (here,) = engines(world, 1)
    hold_funds = world.bank.hold_funds

    class Bank:
        def __getattr__(self, hook: str) -> Any:
            return getattr(world.bank, hook)

        async def hold_funds(self, order: Any) -> Any:
            reply = await hold_funds(order)
            # others make all the calls of the next minute meanwhile
            now = world.clock.now()
            await world.store.take_slots("fake", now, now + timedelta(minutes=1), timedelta(minutes=1), 1)
            return reply

    here.bank._relay = Bank()
    payment = await here.payments.pay("c1", quote, "savings", 170_740, "k")
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "not_sent")
    assert ("not_sent", "not_sent=rate_limited") in await events_of(world, payment)
    assert await balance(world, payment) == (START, FundsState.RELEASED)


async def test_an_order_that_cannot_be_sent_again_now_stays_unknown() -> None:
    world, payment = await unknown_payment(IDEMPOTENT)
    world.settings = replace(UNHURRIED, calls_per_minute={"fake": 6})
    world.restart()
    world.clock.advance(10 * SECOND)
    now = world.clock.now()
    await world.store.take_slots("fake", now, now, timedelta(minutes=1), 1)
    world.biller.calls.clear()
    assert await world.faturat.payments.recover() == 1
    after = await world.faturat.payments.get("c1", payment.id)
    assert (after.state, world.biller.calls) == (PaymentState.UNKNOWN, [])
    assert (await events_of(world, payment))[-1] == ("unknown", "sent again")
    assert after.asked == payment.asked, "what was not sent is no question"
    assert await balance(world, payment) == (START - 170_740, FundsState.HELD)


async def test_a_sweep_stops_asking_before_its_claims_run_out(world: World) -> None:
    for number in range(9):
        world.biller.subscribers[f"N{number}"], world.biller.invoices[f"N{number}"] = "Test Test", []
        await world.faturat.contracts.register("c1", "fake", None, {"code": f"N{number}"}, f"N{number}")
    world.clock.advance(timedelta(hours=1))
    fetch_invoices = world.biller.fetch_invoices

    async def slow(references: Any) -> Any:
        world.clock.advance(timedelta(seconds=50))
        return await fetch_invoices(references)

    world.biller.calls.clear()
    gate = world.faturat.invoices.gate("fake")
    gate._relay = type("Relay", (), {"fetch_invoices": staticmethod(slow)})()
    assert await world.faturat.invoices.sweep() == 9
    assert len(world.biller.calls) == 2
    assert await world.faturat.invoices.sweep() == 3, "the rest is due at once"
    assert {contract.failures for contract in await world.faturat.contracts.of("c1")} == {0}


async def test_look_ups_over_the_limit_are_told_when_to_come_again() -> None:
    world = World(biller=Company(), settings=replace(UNHURRIED, calls_per_minute={"fake": 2}))
    both = engines(world)
    with pytest.raises(FaturatError, match="unknown_reference"):
        await both[0].invoices.look_up("c1", "fake", None, {"code": "ZZ99"})
    error = await refused(both[1])
    assert (error.code, error.params["seconds"]) == ("biller_busy", 30)
    assert "30" in error.message("sq")
    world.clock.advance(timedelta(seconds=30))
    assert (await refused(both[1], "ZZ99")).code == "unknown_reference"
    assert (await world.faturat.health.of("fake")).state is HealthState.OK, "whoever was not asked did not fail"


def test_a_limit_of_a_company_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(Exception, match=r"calls_per_minute names nobody.*fake"):
        World(settings=EngineSettings(calls_per_minute={"nobody": 5}))
    for bad in ({"calls_per_minute": {"fake": 0}}, {"look_ups_per_hour": 0}):
        with pytest.raises(ValueError, match=next(iter(bad))):
            EngineSettings(**bad)


async def test_a_read_that_was_under_way_does_not_hide_what_was_written_since() -> None:
    read, go_on = asyncio.Event(), asyncio.Event()

    class Slow(MemoryStore):
        async def circuits(self) -> dict[str, Circuit]:
            found = await super().circuits()
            if not read.is_set():
                read.set()
                await go_on.wait()
            return found

    store, now = Slow(), FakeClock().now()
    assert await store.move_circuit(breaker.failed(Circuit(biller="fake"), now))
    health = HealthService(store, FakeClock())
    reading = asyncio.create_task(health.circuit("fake"))
    await read.wait()
    moved = await health.move("fake", lambda circuit: breaker.failed(circuit, now))
    go_on.set()
    assert await reading == moved == await health.circuit("fake")
