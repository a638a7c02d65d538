"""What operators see and do: questions put again, decisions, and cases of contrary evidence."""

import asyncio
from datetime import timedelta

import pytest
from exchange_kit import queue, swap, world_of
from fakes.biller import ABLE, FakeBiller
from fakes.clock import FakeClock
from fakes.faults import Fault, Script
from fakes.file_biller import EVERY, Content, FileBiller
from fakes.world import World, loaded
from msgspec.structs import replace

from faturat import (
    Faturat,
    FaturatError,
    Order,
    OutgoingFile,
    Payment,
    PaymentState,
    Receipt,
    Rejected,
    Rejection,
    Settled,
    verify,
)
from faturat.audit import AuditAction
from faturat.errors import NotAsked
from faturat.hookspecs import BankSpec
from faturat.operators.cases import Adjustment, AdjustmentKind, Case, CaseSource
from faturat.operators.service import Decision
from faturat.operators.words import read_age
from faturat.plugins.loading import Plugins
from faturat.store.port_operators import StateCount

START, PRICE = 25_000_000, 170_740
MUTE = replace(ABLE, status_inquiry=False, not_found_final_after=None)
LONGEST = timedelta(days=5)
"""Longer than any company here may take to book an order."""
NO_MONEY = Adjustment(kind=AdjustmentKind.NONE, amount=0, booking="")


async def unknown(able: object = ABLE) -> tuple[World, Payment]:
    """A world whose one payment the company has booked, and nobody here knows it."""
    world = World(biller=FakeBiller(capabilities=able))
    await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.SILENT])
    payment = await world.pay()
    assert payment.state is PaymentState.UNKNOWN
    return world, payment


async def under_review() -> tuple[World, Payment]:
    world, payment = await unknown(MUTE)
    await world.settle()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.UNDER_REVIEW
    return world, payment


def decision(payment: Payment, receipt: str | None, **changes: object) -> Decision:
    usual = {"version": payment.version, "receipt": receipt, "reason": "u pa te lista", "evidence": "list of 22.11"}
    return Decision(**(usual | changes))


def balance(world: World) -> int:
    return world.bank.balances[("c1", "savings")]


async def deeds(world: World) -> list[AuditAction]:
    return [entry.action for entry in reversed(await world.faturat.operators.audit())]


async def test_decided_as_settled_the_money_is_captured() -> None:
    world, payment = await under_review()
    after = await world.faturat.operators.decide("op", payment.id, decision(payment, "R-77"))
    assert (after.state, balance(world)) == (PaymentState.PAID, START - PRICE)
    assert after.receipt is not None
    assert (after.receipt.number, after.receipt.amount) == ("R-77", PRICE)
    assert await deeds(world) == [AuditAction.SETTLED]
    assert (await verify(world.faturat)).faults == ()


async def test_decided_as_returned_the_money_comes_back() -> None:
    world, payment = await under_review()
    after = await world.faturat.operators.decide("op", payment.id, decision(payment, None))
    assert (after.state, after.reason) == (PaymentState.FAILED, "returned_after_review")
    assert balance(world) == START
    shown = await world.faturat.operators.show(payment.id)
    assert [entry.digest in event.evidence for entry in shown.audit for event in shown.events].count(True) == 1
    assert (await verify(world.faturat)).faults == ()


async def test_a_decision_on_what_has_moved_or_needs_none_is_refused() -> None:
    world, payment = await under_review()
    decide = world.faturat.operators.decide
    for wrong, code in (
        (decision(payment, "R", version=payment.version - 1), "payment_moved"),
        (decision(payment, "R", reason=" "), "field_required"),
        (decision(payment, "R", evidence=""), "field_required"),
        (decision(payment, " "), "field_required"),
        (decision(payment, "R" * 201), "field_too_long"),
        (decision(payment, "R", reason="a\u202eb"), "field_bad_characters"),
    ):
        with pytest.raises(FaturatError) as refused:
            await decide("op", payment.id, wrong)
        assert refused.value.code == code
    paid = await decide("op", payment.id, decision(payment, "R-1"))
    with pytest.raises(FaturatError) as refused:
        await decide("op", payment.id, decision(paid, None))
    assert refused.value.code == "not_to_decide"
    with pytest.raises(FaturatError) as refused:
        await decide("op", "pay_0", decision(paid, None))
    assert refused.value.code == "unknown_payment"
    assert await deeds(world) == [AuditAction.SETTLED], "what was refused left nothing"


async def test_a_decision_is_looked_at_without_being_taken() -> None:
    world, payment = await under_review()
    untidy = decision(payment, " R  1 ", reason=" a\nb ")
    seen, checked = await world.faturat.operators.check_decision(payment.id, untidy)
    assert (seen, checked.receipt, checked.reason) == (payment, "R 1", "a b")
    assert await world.faturat.payments.get("c1", payment.id) == payment
    assert await deeds(world) == []


def test_ages_as_they_are_typed() -> None:
    read = {"": 0, " 30m ": 30, "2H": 120, "3 d": 3 * 24 * 60}
    assert {typed: read_age(typed) for typed in read} == {typed: timedelta(minutes=n) for typed, n in read.items()}
    for wrong in ("2", "h", "-1h", "2h30m", "12345h", "٢h", "dje"):
        with pytest.raises(FaturatError) as refused:
            read_age(wrong)
        assert (refused.value.code, refused.value.field) == ("bad_age", "age")


async def test_no_money_goes_back_before_the_companys_longest_time_is_over() -> None:
    """It is asked on the telephone, and has not booked the order that it may book a moment later."""
    world, payment = await unknown()
    world.clock.advance(timedelta(hours=1))
    with pytest.raises(FaturatError) as refused:
        await world.faturat.operators.decide("op", payment.id, decision(payment, None))
    assert (refused.value.code, refused.value.params["hours"]) == ("may_still_arrive", 23)
    shown = await world.faturat.operators.show(payment.id)
    assert shown.returnable_at == world.clock.now() + timedelta(hours=23)
    world.clock.advance(timedelta(hours=23))
    after = await world.faturat.operators.decide("op", payment.id, decision(payment, None))
    assert (after.state, balance(world)) == (PaymentState.FAILED, START)
    assert (await world.faturat.operators.show(payment.id)).returnable_at is None


async def test_without_its_plugin_no_money_goes_back_while_the_hold_lasts() -> None:
    """How long the company may take was known when the money was held, and is not now."""
    world, payment = await unknown(replace(ABLE, settles_later=timedelta(days=3)))
    world.clock.advance(timedelta(days=2))
    bank = loaded("bank", world.bank, BankSpec)
    alone = Faturat(Plugins(billers={}, bank=bank, observers=()), world.store, world.settings, world.clock)
    shown = await alone.operators.show(payment.id)
    assert shown.returnable_at == payment.hold_expires_at
    assert shown.returnable_at > payment.submitted_at + timedelta(days=4)
    with pytest.raises(FaturatError) as refused:
        await alone.operators.decide("op", payment.id, decision(payment, None))
    assert refused.value.code == "may_still_arrive"
    world.clock.advance(shown.returnable_at - world.clock.now())
    after = await alone.operators.decide("op", payment.id, decision(payment, None))
    assert (after.state, balance(world)) == (PaymentState.FAILED, START)


async def test_no_money_goes_back_for_an_order_that_was_sent_again_lately() -> None:
    """The last question to a company that is asked by sending again comes just before a person is called."""
    world, payment = await unknown(replace(MUTE, idempotent_pay=True))
    world.biller.script = Script([Fault.LOST] * 100)
    while payment.state is not PaymentState.UNDER_REVIEW:
        await world.faturat.run_due()
        world.clock.advance(timedelta(minutes=30))
        payment = await world.faturat.payments.get("c1", payment.id)
    with pytest.raises(FaturatError) as refused:
        await world.faturat.operators.decide("op", payment.id, decision(payment, None))
    assert (refused.value.code, refused.value.params["hours"]) == ("may_still_arrive", 24)
    await world.faturat.operators.check_decision(payment.id, decision(payment, "R-1"))
    world.clock.advance(timedelta(hours=24))
    after = await world.faturat.operators.decide("op", payment.id, decision(payment, None))
    assert (after.state, balance(world)) == (PaymentState.FAILED, START)


async def test_nobody_decides_while_the_company_may_be_being_called() -> None:
    world, payment = await unknown()
    with pytest.raises(FaturatError) as refused:
        await world.faturat.operators.decide("op", payment.id, decision(payment, None))
    assert refused.value.code == "decided_too_early"
    world.clock.advance(timedelta(seconds=refused.value.params["seconds"]))
    after = await world.faturat.operators.decide("op", payment.id, decision(payment, "R-1"))
    assert after.state is PaymentState.PAID


async def test_the_question_is_put_again_at_once() -> None:
    world, payment = await unknown()
    after = await world.faturat.operators.ask("op", payment.id)
    assert (after.state, balance(world)) == (PaymentState.PAID, START - PRICE)
    assert await deeds(world) == [AuditAction.ASKED]
    with pytest.raises(FaturatError) as refused:
        await world.faturat.operators.ask("op", payment.id)
    assert refused.value.code == "nothing_to_ask"


async def test_the_company_asked_about_a_payment_under_review() -> None:
    world, payment = await under_review()
    ask = world.faturat.operators.ask
    assert (await ask("op", payment.id)).state is PaymentState.UNDER_REVIEW, "it says nothing"
    calls = len(world.biller.pay_calls)
    world.biller.capabilities = replace(MUTE, status_inquiry=True)  # its new version can be asked
    world.restart()
    after = await world.faturat.operators.ask("op", payment.id)
    assert (after.state, len(world.biller.pay_calls)) == (PaymentState.PAID, calls)
    assert await deeds(world) == [AuditAction.ASKED, AuditAction.ASKED]
    assert (await verify(world.faturat)).faults == ()


async def test_not_found_under_review_gives_back_only_where_it_is_final() -> None:
    world, payment = await under_review()
    world.biller.booked.clear()
    world.biller.capabilities = replace(MUTE, status_inquiry=True)
    world.restart()
    assert (await world.faturat.operators.ask("op", payment.id)).state is PaymentState.UNDER_REVIEW
    world.biller.capabilities = ABLE
    world.restart()
    assert (await world.faturat.operators.ask("op", payment.id)).state is PaymentState.FAILED
    assert balance(world) == START


async def test_a_capture_that_the_bank_refused_is_tried_again() -> None:
    world = World()
    world.bank.refuse_capture = True
    payment = await world.pay()
    assert payment.state is PaymentState.UNDER_REVIEW
    assert (await world.faturat.operators.ask("op", payment.id)).state is PaymentState.UNDER_REVIEW
    world.bank.refuse_capture = False
    assert (await world.faturat.operators.ask("op", payment.id)).state is PaymentState.PAID
    assert len(world.biller.booked) == 1


@pytest.fixture
def files() -> World:
    return world_of(FileBiller())


async def answered(world: World, payment: Payment, outcome: object) -> Case:
    """The company's file says something about a payment that has ended; the one case that comes of it."""
    for name in ("LATE-1", "LATE-2"):  # said twice
        world.biller.offer(name, Content(outcomes={payment.id: outcome}))
        await swap(world)
    (case,) = await world.faturat.operators.cases()
    return case


async def test_a_late_file_against_a_returned_payment_opens_one_case(files: World) -> None:
    await swap(files)
    payment = await queue(files)
    files.clock.advance(LONGEST)
    returned = await files.faturat.operators.decide("op", payment.id, decision(payment, None))
    assert returned.state is PaymentState.FAILED
    receipt = Receipt("R-9", FakeClock().now(), PRICE)
    case = await answered(files, payment, Settled(receipt))
    assert (case.payment, case.state, case.source) == (payment.id, "failed", CaseSource.COMPANY)
    assert "receipt=R-9 amount=170740" in case.said
    assert await files.faturat.payments.get("c1", payment.id) == returned, "the row stays"

    close = files.faturat.operators.close_case
    collect = Adjustment(kind=AdjustmentKind.COLLECT, amount=PRICE, booking="GL-77")
    for wrong, code in (
        (replace(collect, amount=0), "adjustment_amount"),
        (replace(collect, amount=PRICE + 1), "adjustment_amount"),
        (replace(collect, booking=""), "field_required"),
        (replace(NO_MONEY, amount=1), "bad_adjustment"),
    ):
        with pytest.raises(FaturatError) as refused:
            await close("op", case.id, wrong, "reason")
        assert refused.value.code == code
    closed = await close("op", case.id, collect, "the customer agreed")
    assert closed.adjustment == collect
    with pytest.raises(FaturatError) as refused:
        await close("op", case.id, NO_MONEY, "again")
    assert refused.value.code == "case_closed"
    assert await files.faturat.operators.cases() == []
    assert (await files.faturat.operators.audit())[0].evidence == f"{case.id} collect {PRICE} GL-77"
    assert (await verify(files.faturat)).faults == ()


async def test_an_answer_that_agrees_opens_no_case(files: World) -> None:
    await swap(files)
    payment = await queue(files)
    files.clock.advance(timedelta(minutes=1))
    await files.faturat.operators.decide("op", payment.id, decision(payment, "R-9"))
    same = Settled(Receipt("R-9", FakeClock().now(), PRICE))
    files.biller.offer("SAME", Content(outcomes={payment.id: same}))
    await swap(files)
    assert await files.faturat.operators.cases() == []
    case = await answered(files, payment, Rejected(Rejection.NOT_ACCEPTED))
    assert (case.state, case.said) == ("paid", "rejected=not_accepted"), "it bounced"


async def test_an_order_by_file_may_arrive_for_longest_after_its_file_went_out(files: World) -> None:
    await swap(files)
    payment = await queue(files)
    files.biller.sending = Script([Fault.LOST] * 3)
    for _ in range(5):
        await swap(files)
    shown = await files.faturat.operators.show(payment.id)
    assert shown.carried_by is not None
    assert shown.carried_by.sent_at is not None
    assert payment.submitted_at is not None
    assert shown.carried_by.sent_at > payment.submitted_at + 2 * EVERY
    assert shown.returnable_at == shown.carried_by.sent_at + timedelta(days=4)


async def test_an_order_whose_file_may_have_gone_out_waits_from_the_review_on(files: World) -> None:
    await swap(files)
    payment = await queue(files)
    files.biller.sending = Script([Fault.LOST] * 500)
    await swap(files)
    await files.settle()
    shown = await files.faturat.operators.show(payment.id)
    assert shown.payment.state is PaymentState.UNDER_REVIEW
    assert shown.carried_by is not None
    assert shown.carried_by.sent_at is None
    assert shown.returnable_at == shown.payment.state_since + timedelta(days=4)


async def test_an_answer_by_file_under_review_waits_for_the_decision(files: World) -> None:
    await swap(files)
    payment = await queue(files)
    await files.settle()
    reviewed = await files.faturat.payments.get("c1", payment.id)
    assert reviewed.state is PaymentState.UNDER_REVIEW
    case = await answered(files, payment, Settled(Receipt("R-9", FakeClock().now(), PRICE)))
    with pytest.raises(FaturatError) as refused:
        await files.faturat.operators.close_case("op", case.id, NO_MONEY, "decided")
    assert refused.value.code == "not_decided"
    assert (await files.faturat.operators.show(payment.id)).cases == (case,)
    await files.faturat.operators.decide("op", payment.id, decision(reviewed, "R-9"))
    await files.faturat.operators.close_case("op", case.id, NO_MONEY, "decided so")
    assert (await verify(files.faturat)).faults == ()


async def test_a_case_by_hand_is_for_a_payment_that_ended() -> None:
    world, payment = await unknown()
    open_case = world.faturat.operators.open_case
    with pytest.raises(FaturatError) as refused:
        await open_case("op", payment.id, "it bounced")
    assert refused.value.code == "not_ended"
    await world.faturat.operators.ask("op", payment.id)
    case = await open_case("op", payment.id, "it bounced")
    assert (case.source, case.state) == (CaseSource.OPERATOR, "paid")
    with pytest.raises(FaturatError) as refused:
        await open_case("op", payment.id, "it  bounced")
    assert refused.value.code == "case_known"


async def test_the_service_level_of_what_waits() -> None:
    world, payment = await unknown()
    began = world.clock.now()
    level = world.faturat.operators.level(payment)
    assert level is not None
    assert (level.since, level.age, level.asked) == (began, timedelta(), 0)
    assert level.next_question == began + timedelta(seconds=2)
    assert level.person_at == began + timedelta(days=1)
    assert await world.faturat.operators.counts() == {PaymentState.UNKNOWN: StateCount(1, payment.state_since)}
    assert await world.faturat.operators.payments(older_than=timedelta(seconds=1)) == []
    world.clock.advance(timedelta(seconds=1))
    assert await world.faturat.operators.payments(older_than=timedelta(seconds=1)) == [payment]
    paid = await world.faturat.operators.ask("op", payment.id)
    assert world.faturat.operators.level(paid) is None

    world, reviewed = await under_review()
    level = world.faturat.operators.level(reviewed)
    assert level is not None
    assert (level.next_question, level.person_at) == (None, reviewed.state_since)
    assert level.asked >= 8


async def test_a_payment_that_is_being_carried_out_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process is inside the call; a second one that drives it would take it for dead."""
    world = World()
    gate = world.faturat.invoices.gate("fake")
    pay_invoice = gate.pay_invoice
    refused: list[str] = []

    async def meanwhile(order: Order, *how: object, **named: object) -> object:
        try:
            await world.faturat.operators.ask("op", order.id)
        except FaturatError as error:
            refused.append(error.code)
        return await pay_invoice(order, *how, **named)

    monkeypatch.setattr(gate, "pay_invoice", meanwhile)
    assert (await world.pay()).state is PaymentState.PAID
    assert refused == ["under_way"]
    assert await deeds(world) == []


async def test_a_person_asks_whatever_the_breaker_says(monkeypatch: pytest.MonkeyPatch) -> None:
    world, payment = await unknown()

    async def closed_to_all() -> NotAsked:
        return NotAsked("breaker_open", "Fake", world.clock.now(), world.clock.now())

    monkeypatch.setattr(world.faturat.invoices.gate("fake"), "refusal", closed_to_all)
    world.clock.advance(timedelta(minutes=1))
    await world.faturat.payments.recover()
    assert (await world.faturat.payments.get("c1", payment.id)).state is PaymentState.UNKNOWN, "a worker waits"
    assert (await world.faturat.operators.ask("op", payment.id)).state is PaymentState.PAID


async def test_each_who_asks_is_recorded_also_where_another_was_first() -> None:
    world, payment = await under_review()
    world.biller.capabilities = replace(MUTE, status_inquiry=True)
    world.restart()
    both = await asyncio.gather(
        *(world.faturat.operators.ask(name, payment.id) for name in ("op1", "op2")), return_exceptions=True
    )
    assert [each.code for each in both if isinstance(each, FaturatError)] == ["payment_moved"]
    assert sorted(entry.operator for entry in await world.faturat.operators.audit()) == ["op1", "op2"]


async def test_a_file_whose_order_was_decided_meanwhile_does_not_go_out(
    files: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await swap(files)
    payments = [await queue(files)]
    files.biller.sending = Script([Fault.LOST])
    await swap(files)
    payments.append(await queue(files, 1))
    files.clock.advance(timedelta(minutes=1))
    gate = files.faturat.exchange._gates[0]
    send_files = gate.send_files

    async def decided_meanwhile(outgoing: tuple[OutgoingFile, ...]) -> None:
        await send_files(outgoing)
        for payment in payments:
            if payment.id not in outgoing[0].orders and len(files.biller.received) == 1:
                await files.faturat.operators.decide("op", payment.id, decision(payment, "R-1"))

    monkeypatch.setattr(gate, "send_files", decided_meanwhile)
    await swap(files)
    assert len(files.biller.received) == 1
    sent = files.biller.received[0].orders
    states = [(await files.faturat.payments.get("c1", each.id)).state for each in payments if each.id not in sent]
    assert states == [PaymentState.PAID]
