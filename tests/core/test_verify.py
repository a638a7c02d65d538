"""The check of the invariants bites: each fault that is planted is found and names its row."""

import sys
from datetime import timedelta
from typing import Any

import pytest
from fakes.biller import make_invoice
from fakes.clock import FakeClock
from fakes.faults import Fault, Script
from fakes.world import World
from msgspec.structs import replace

from faturat import EngineSettings, FundsState, Payment, PaymentState, verify
from faturat.operators.service import Decision
from faturat.payments.chain import event_hash
from faturat.payments.types import PaymentEvent
from faturat.verify import check_payment


async def faults(world: World) -> dict[int, str]:
    return {fault.invariant: fault.row for fault in (await verify(world.faturat)).faults}


async def test_funds_that_do_not_fit_the_end_are_found(world: World) -> None:
    payment = await world.pay()
    assert await faults(world) == {}
    order, _ = world.bank.holds[payment.id]
    for state in (FundsState.HELD, FundsState.RELEASED):
        world.bank.holds[payment.id] = (order, state)
        assert await faults(world) == {3: payment.id}


async def test_a_hold_left_behind_is_found(world: World) -> None:
    payment = await world.pay("main")
    assert payment.state is PaymentState.DECLINED
    world.bank.holds[payment.id] = (payment.order, FundsState.HELD)
    assert await faults(world) == {3: payment.id}


async def test_books_that_are_wrong_are_found(world: World) -> None:
    world.bank.balances[("c1", "main")] = -1
    assert await faults(world) == {1: "ledger"}


async def history(world: World) -> tuple[Payment, list[PaymentEvent]]:
    payment = await world.pay()
    return payment, await world.faturat.payments.events("c1", payment.id)


@pytest.mark.parametrize(
    ("change", "invariant"),
    [
        ({"chain_head": "0"}, 9),
        ({"version": 99}, 9),
        ({"state": PaymentState.FAILED}, 9),
        ({"receipt": None}, 3),
        ({"state": PaymentState.HOLDING, "due_at": None}, 10),
        ({"state": PaymentState.UNKNOWN, "due_at": FakeClock().now() - timedelta(days=2)}, 10),
    ],
)
async def test_a_row_that_was_tampered_with_is_found(world: World, change: dict[str, Any], invariant: int) -> None:
    payment, events = await history(world)
    assert check_payment(payment, events, world.clock.now()) == []
    found = check_payment(replace(payment, **change), events, world.clock.now())
    assert invariant in [fault.invariant for fault in found]


async def test_a_receipt_over_another_amount_is_found(world: World) -> None:
    payment, events = await history(world)
    assert payment.receipt is not None
    wrong = replace(payment, receipt=replace(payment.receipt, amount=1))
    assert [fault.invariant for fault in check_payment(wrong, events, world.clock.now())] == [4]


async def test_events_that_were_changed_removed_or_swapped_are_found(world: World) -> None:
    payment, events = await history(world)
    for tampered in (
        [replace(event, evidence="x") if event.version == 3 else event for event in events],
        events[:-1],
        events[1:],
        [events[1], events[0], *events[2:]],
        [*events, events[-1]],
    ):
        assert 9 in [fault.invariant for fault in check_payment(payment, tampered, world.clock.now())]


def rechained(payment: Payment, events: list[PaymentEvent]) -> tuple[Payment, list[PaymentEvent]]:
    """The same payment with a chain that holds, whatever its events now say."""
    chain: list[PaymentEvent] = []
    for number, event in enumerate(events, start=1):
        bare = replace(event, version=number, previous_hash=chain[-1].hash if chain else "")
        chain.append(replace(bare, hash=event_hash(bare)))
    last = chain[-1]
    row = replace(payment, version=last.version, chain_head=last.hash, state=PaymentState(last.after))
    return row, chain


async def test_a_transition_that_is_not_in_the_table_is_found(world: World) -> None:
    payment, events = await history(world)
    skipped = [
        events[0],
        replace(events[1], after="settled"),
        *(replace(each, before="settled") for each in events[5:6]),
    ]
    row, chain = rechained(payment, [*skipped, *events[6:]])
    assert {fault.invariant for fault in check_payment(row, chain, world.clock.now())} == {7}


async def test_unknown_that_became_rejected_without_evidence_is_found(world: World) -> None:
    payment, events = await history(world)
    ways = [("created", "holding"), ("holding", "held"), ("held", "submitting"), ("submitting", "unknown")]
    ways += [("unknown", "rejected"), ("rejected", "releasing"), ("releasing", "failed")]
    told = [replace(events[0], before=before, after=after, evidence="") for before, after in ways]
    row, chain = rechained(payment, [events[0], *told])
    found = {fault.invariant for fault in check_payment(replace(row, receipt=None), chain, world.clock.now())}
    assert found == {5}
    assert 3 in {fault.invariant for fault in check_payment(row, chain, world.clock.now())}, "returned, with a receipt"


async def test_a_notice_unsent_past_its_deadline_is_found(world: World) -> None:
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")
    world.biller.invoices["AB12"].append(make_invoice("F2"))
    world.clock.advance(timedelta(minutes=20))
    await world.faturat.invoices.sweep()
    assert await faults(world) == {}
    world.clock.advance(timedelta(days=4))
    assert list(await faults(world)) == [8]


async def test_two_live_payments_of_one_invoice_are_found(world: World) -> None:
    payment = await world.pay()
    other = replace(payment, order=replace(payment.order, id="pay_other"))
    world.store._payments[other.id] = other
    world.store._events[other.id] = []
    assert 2 in await faults(world)


@pytest.mark.parametrize("change", [{"amount": 1}, {"account": "other"}, {"invoice_key": "F9"}, {"customer": "c2"}])
async def test_an_order_that_was_rewritten_is_found(world: World, change: dict[str, Any]) -> None:
    payment, events = await history(world)
    rewritten = replace(payment, order=replace(payment.order, **change))
    assert 4 in [fault.invariant for fault in check_payment(rewritten, events, world.clock.now())]


async def test_a_receipt_that_an_operator_found_is_no_fault(world: World) -> None:
    world.bank.refuse_capture = True
    payment = await world.pay()
    assert payment.state is PaymentState.UNDER_REVIEW
    world.bank.refuse_capture = False
    decision = Decision(version=payment.version, receipt="OP-1", reason="seen", evidence="on paper")
    ended = await world.faturat.operators.decide("op", payment.id, decision)
    assert ended.receipt is not None
    assert (ended.state, ended.receipt.number) == (PaymentState.PAID, "OP-1")
    assert await faults(world) == {}


@pytest.mark.parametrize("changes", [{"evidence": "another"}, {"operator": "somebody else"}, None])
async def test_a_decision_whose_record_was_changed_or_is_gone_is_found(world: World, changes: Any) -> None:
    world.bank.refuse_capture = True
    payment = await world.pay()
    decision = Decision(version=payment.version, receipt=None, reason="reversed", evidence="on paper")
    await world.faturat.operators.decide("op", payment.id, decision)
    assert await faults(world) == {}
    (entry,) = await world.store.audit()
    if changes is None:
        del world.store._audit[entry.id]
    else:
        world.store._audit[entry.id] = replace(entry, **changes)
    assert await faults(world) == {9: payment.id}


async def test_an_order_that_no_payment_has_is_found(world: World) -> None:
    payment = await world.pay()
    lost = replace(payment.order, id="pay_lost")
    world.bank.holds[lost.id] = (lost, FundsState.HELD)
    assert await faults(world) == {3: lost.id}
    world.bank.list_orders = None
    world.restart()
    report = await verify(world.faturat)
    assert report.faults == report.unchecked == ()
    assert any("the bank lists no orders" in note for note in report.notes)


async def test_a_bank_whose_list_has_another_order_is_asked_one_by_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules["faturat.verify"]  # the package has a function of the same name
    monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(module, "AHEAD", 2)
    payment = await world.pay()
    for number in range(5):
        lost = replace(payment.order, id=f"a_{number}")
        world.bank.holds[lost.id] = (lost, FundsState.CAPTURED)
    report = await verify(world.faturat)
    assert {fault.row for fault in report.faults} == {f"a_{number}" for number in range(5)}
    world.bank.holds[payment.id] = (payment.order, FundsState.HELD)
    assert payment.id in {fault.row for fault in (await verify(world.faturat)).faults}


async def test_a_bank_that_does_not_answer_is_no_fault_and_no_all_clear(world: World) -> None:
    await world.pay()
    world.bank.funds_status = world.bank.list_orders = world.bank.check_books = None
    world.restart()
    report = await verify(world.faturat)
    assert report.faults == ()
    assert len(report.unchecked) == 2


async def test_a_bank_that_waits_longer_for_its_companies_is_not_faulty() -> None:
    world = World(settings=EngineSettings(unknown_limit=5 * 24 * 3600))
    await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.NONE, *[Fault.LOST] * 40])
    payment = await world.pay()
    for _ in range(6):
        world.clock.advance(timedelta(hours=12))
        await world.faturat.run_due()
    assert (await world.faturat.payments.get("c1", payment.id)).state is PaymentState.UNKNOWN
    assert await faults(world) == {}
