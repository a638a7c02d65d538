"""Payments through the service, on the memory store with a fake bank and biller."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fakes.biller import ABLE, FakeBiller, make_invoice
from fakes.faults import Crash, Fault, Script
from fakes.world import World
from msgspec.structs import replace

from faturat import FaturatError, InvoiceState, PayChoice, PayChoices, Payment, PaymentState, Rejection, Text, verify


async def refused(world: World, **how: object) -> FaturatError:
    with pytest.raises(FaturatError) as caught:
        await world.pay(**how)
    assert await world.faturat.payments.of("c1") == []
    return caught.value


async def test_the_guides_case(world: World) -> None:
    poor = await world.pay("main", key="k1")
    assert (poor.state, poor.reason, poor.reason_amount) == (PaymentState.DECLINED, "insufficient_funds", 1813)
    assert world.bank.balances[("c1", "main")] == 1813
    assert world.biller.pay_calls == []

    paid = await world.pay(key="k2")
    assert paid.state is PaymentState.PAID
    assert paid.receipt is not None
    assert paid.receipt.amount == 170_740
    assert world.bank.balances[("c1", "savings")] == 25_000_000 - 170_740
    assert (await verify(world.faturat)).faults == ()
    events = await world.faturat.payments.events("c1", paid.id)
    assert [event.after for event in events] == [
        "created", "holding", "held", "submitting", "settled", "capturing", "paid",
    ]  # fmt: skip


async def test_a_key_leads_to_one_payment(world: World) -> None:
    quote = await world.quote()
    pay = world.faturat.payments.pay
    first = await pay("c1", quote, "savings", 170_740, "same")
    assert await pay("c1", quote, "savings", 170_740, "same") == first
    with pytest.raises(FaturatError) as caught:
        await pay("c1", quote, "main", 170_740, "same")
    assert caught.value.code == "key_reused"
    assert len(world.biller.pay_calls) == 1


async def test_different_keys_at_once_pay_an_invoice_once(world: World) -> None:
    quote = await world.quote()
    pay = world.faturat.payments.pay
    results = await asyncio.gather(
        *(pay("c1", quote, "savings", 170_740, f"k{n}") for n in range(20)), return_exceptions=True
    )
    states = [result.state for result in results if not isinstance(result, BaseException)]
    assert states.count(PaymentState.PAID) == 1
    assert len(world.biller.booked) == 1
    assert (await verify(world.faturat)).faults == ()


async def test_one_key_at_once_pays_once_and_asks_the_others_to_repeat(world: World) -> None:
    quote = await world.quote()
    pay = world.faturat.payments.pay_by_key
    results = await asyncio.gather(
        *(pay("c1", quote, "savings", 170_740, "k1") for _ in range(20)), return_exceptions=True
    )
    answers = [result for result in results if not isinstance(result, BaseException)]
    assert [answer.repeated for answer in answers].count(False) == 1
    assert len({answer.payment.id for answer in answers}) == 1
    assert {result.code for result in results if isinstance(result, FaturatError)} <= {"key_in_use"}
    assert len(world.biller.pay_calls) == 1
    again = await pay("c1", quote, "savings", 170_740, "k1")
    assert again.repeated
    assert again.payment.state is PaymentState.PAID


async def test_a_twin_that_is_too_late_for_the_invoice_still_leads_to_the_payment(world: World) -> None:
    """The first request has the invoice under payment by the time that the second looks at it."""
    quote = await world.quote()
    first: list[Any] = []
    get = world.faturat.invoices.get

    async def meanwhile(customer: str, invoice: str) -> Any:
        world.faturat.invoices.get = get
        first.append(await world.faturat.payments.pay_by_key("c1", quote, "savings", 170_740, "k1"))
        return await get(customer, invoice)

    world.faturat.invoices.get = meanwhile
    second = await world.faturat.payments.pay_by_key("c1", quote, "savings", 170_740, "k1")
    assert second.repeated
    assert not first[0].repeated
    assert second.payment == first[0].payment


@pytest.mark.parametrize(
    ("how", "code", "field"),
    [
        ({"amount": 1}, "amount_not_accepted", "amount"),
        ({"account": "nobody's"}, "unknown_account", "account"),
        ({"key": ""}, "key_required", "Idempotency-Key"),
        ({"key": "k" * 65}, "key_required", "Idempotency-Key"),
    ],
)
async def test_refusals_before_creation_store_nothing(world: World, how: dict, code: str, field: str) -> None:
    error = await refused(world, **how)
    assert (error.code, error.field) == (code, field)


async def test_another_customers_quote_is_not_there(world: World) -> None:
    quote = await world.quote("c2")
    with pytest.raises(FaturatError) as caught:
        await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k")
    assert caught.value.code == "unknown_invoice"


async def test_a_quote_grows_old(world: World) -> None:
    quote = await world.quote()
    world.clock.advance(timedelta(minutes=16))
    with pytest.raises(FaturatError) as caught:
        await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k")
    assert caught.value.code == "unknown_invoice"


async def test_without_a_live_quote_the_company_is_asked_again_once_the_reading_is_old() -> None:
    world = World(biller=FakeBiller(capabilities=replace(ABLE, live_quote=False)))
    world.biller.clock = world.clock
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    [row] = await world.faturat.invoices.of("c1")
    read = len(world.biller.bulks)
    declined = await world.faturat.payments.pay("c1", row.id, "main", 170_740, "k1")
    assert (declined.state, len(world.biller.bulks)) == (PaymentState.DECLINED, read), "what was just read stands"

    world.clock.advance(timedelta(minutes=16))
    world.biller.invoices["AB12"] = [make_invoice(total=200_000)]
    payment = await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k2")
    assert (payment.state, payment.reason) == (PaymentState.CANCELLED, "amount_changed")
    assert (await world.faturat.invoices.get("c1", row.id)).invoice.total == 200_000
    assert world.biller.pay_calls == []


async def test_a_total_that_changed_stops_before_money_moves(world: World) -> None:
    quote = await world.quote()
    world.biller.invoices["AB12"] = [make_invoice(total=180_740)]
    payment = await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k")
    assert (payment.state, payment.reason) == (PaymentState.CANCELLED, "amount_changed")
    assert payment.reason_amount == 180_740
    assert world.bank.holds == {}
    assert world.biller.pay_calls == []


async def test_an_invoice_that_vanished_stops_before_money_moves(world: World) -> None:
    quote = await world.quote()
    world.biller.invoices["AB12"] = []
    payment = await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k")
    assert (payment.state, payment.reason) == (PaymentState.CANCELLED, "invoice_gone")
    assert world.bank.holds == {}


async def test_a_rejection_returns_the_money_and_the_invoice_may_be_paid_again(world: World) -> None:
    contract = (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")).contract
    (row,) = await world.faturat.store.invoices("c1", contract=contract.id)
    world.biller.reject = Rejection.NOT_ACCEPTED
    payment = await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k1")
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "not_accepted")
    assert world.bank.balances[("c1", "savings")] == 25_000_000
    world.biller.reject = None
    again = await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k2")
    assert again.state is PaymentState.PAID
    (row,) = await world.faturat.store.invoices("c1", contract=contract.id)
    assert row.state is InvoiceState.PAID
    with pytest.raises(FaturatError) as caught:
        await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k3")
    assert caught.value.code == "invoice_not_open"


async def test_unknown_is_never_failed_before_the_biller_may_say_so(world: World) -> None:
    await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.LOST])
    payment = await world.pay()
    assert payment.state is PaymentState.UNKNOWN
    world.clock.advance(timedelta(seconds=20))
    await world.faturat.run_due()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.UNKNOWN, "not found right after the call proves nothing"
    world.clock.advance(timedelta(minutes=6))
    await world.faturat.run_due()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.FAILED
    assert world.bank.balances[("c1", "savings")] == 25_000_000


async def test_a_hold_that_ends_too_early_is_never_sent(world: World) -> None:
    world.bank.hold_lives = timedelta(hours=1)
    payment = await world.pay()
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "hold_too_short")
    assert world.biller.pay_calls == []
    assert world.bank.balances[("c1", "savings")] == 25_000_000


async def test_a_refused_capture_is_for_a_person(world: World) -> None:
    world.bank.refuse_capture = True
    payment = await world.pay()
    assert payment.state is PaymentState.UNDER_REVIEW
    assert payment.receipt is not None


async def test_a_silent_bank_ends_in_a_release(world: World) -> None:
    world.bank.script = Script([Fault.LOST] * 50)
    payment = await world.pay()
    assert payment.state is PaymentState.HOLDING
    await world.settle()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "expired")


async def test_the_penalty_remains_payable_after_the_principal(world: World) -> None:
    both = PayChoices((PayChoice(11_000, Text("Të dyja", "Both")), PayChoice(10_000, Text("Principali", "Principal"))))
    world.biller.invoices["AB12"] = [make_invoice(total=11_000, penalty=1_000, payable=both)]
    contract = (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")).contract
    (row,) = await world.faturat.store.invoices("c1", contract=contract.id)
    paid = await world.faturat.payments.pay("c1", row.id, "savings", 10_000, "k1")
    assert paid.state is PaymentState.PAID
    world.biller.invoices["AB12"] = [make_invoice(total=1_000, amount=0, penalty=1_000, part=2)]
    world.clock.advance(timedelta(hours=1))
    await world.faturat.run_due()
    (row,) = await world.faturat.store.invoices("c1", contract=contract.id)
    assert (row.state, row.invoice.part) == (InvoiceState.OPEN, 2)
    rest = await world.faturat.payments.pay("c1", row.id, "savings", 1_000, "k2")
    assert rest.state is PaymentState.PAID


async def test_already_paid_after_an_earlier_try_proves_nothing() -> None:
    """A biller that takes an order again and answers "already paid" may mean our own earlier try."""
    world = World(biller=FakeBiller(capabilities=replace(ABLE, status_inquiry=False, idempotent_pay=True)))
    quote = await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.SILENT])
    payment = await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k")
    assert payment.state is PaymentState.UNKNOWN
    world.biller.booked.clear()
    world.biller.reject = Rejection.ALREADY_PAID
    await world.settle()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.UNDER_REVIEW


async def test_a_payment_whose_plugin_is_gone_waits_and_loses_nothing(world: World) -> None:
    await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.SILENT])
    payment = await world.pay()
    assert payment.state is PaymentState.UNKNOWN
    world.faturat.payments._driver._gates = {}
    world.clock.advance(timedelta(minutes=5))
    await world.faturat.run_due()
    assert (await world.faturat.payments.get("c1", payment.id)).state is PaymentState.UNKNOWN
    world.restart()
    world.clock.advance(timedelta(minutes=5))
    await world.faturat.run_due()
    assert (await world.faturat.payments.get("c1", payment.id)).state is PaymentState.PAID


async def test_a_customer_may_cancel_only_before_money_was_asked_for(world: World) -> None:
    world.store.script = Script([Fault.CRASH_AFTER])
    with pytest.raises(Crash):
        await world.pay()
    world.restart()
    (created,) = await world.faturat.payments.of("c1")
    cancelled = await world.faturat.payments.cancel("c1", created.id)
    assert (cancelled.state, cancelled.reason) == (PaymentState.CANCELLED, "cancelled")
    paid = await world.pay(key="k2")
    assert (await world.faturat.payments.cancel("c1", paid.id)).state is PaymentState.PAID


async def test_another_total_than_the_customer_saw_moves_nothing_even_where_its_principal_would_do(
    world: World,
) -> None:
    """An invoice that falls overdue between card and click: the amount seen is now only a part of what is owed."""
    quote = await world.quote()
    choices = PayChoices(
        (PayChoice(180_000, Text("Të dyja", "Both")), PayChoice(170_740, Text("Principali", "Principal")))
    )
    world.biller.invoices["AB12"] = [make_invoice(total=180_000, penalty=9_260, payable=choices)]
    payment = await world.faturat.payments.pay("c1", quote, "savings", 170_740, "k")
    assert (payment.state, payment.reason, payment.reason_amount) == (PaymentState.CANCELLED, "amount_changed", 180_000)
    with pytest.raises(FaturatError) as caught:
        await world.faturat.payments.pay("c1", await world.quote(), "savings", 170_740, "k2", seen_total=170_740)
    assert caught.value.code == "amount_changed"
    assert "1.800,00 ALL" in caught.value.message("sq")


def without_inquiry() -> World:
    """A biller that tells what became of an order only by what it lists of the contract."""
    able = replace(ABLE, status_inquiry=False, not_found_final_after=None)
    return World(biller=FakeBiller(capabilities=able))


async def lost_answer(world: World) -> Payment:
    await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.SILENT])
    payment = await world.pay()
    assert payment.state is PaymentState.UNKNOWN
    world.clock.advance(timedelta(seconds=5))
    return payment


async def test_an_entry_with_our_order_id_proves_the_settlement() -> None:
    world = without_inquiry()
    payment = await lost_answer(world)
    world.biller.invoices["AB12"] = [make_invoice(paid_by_order=payment.id)]
    await world.faturat.run_due()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert (payment.state, payment.receipt.amount) == (PaymentState.PAID, 170_740)


async def test_an_entry_with_another_amount_goes_to_a_person() -> None:
    world = without_inquiry()
    payment = await lost_answer(world)
    world.biller.invoices["AB12"] = [make_invoice(total=170_741, paid_by_order=payment.id)]
    await world.faturat.run_due()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert (payment.state, payment.receipt) == (PaymentState.UNDER_REVIEW, None)
    assert "receipt_differs=170741" in (await world.faturat.payments.events("c1", payment.id))[-1].evidence


async def test_an_entry_of_another_invoice_or_another_order_proves_nothing() -> None:
    world = without_inquiry()
    payment = await lost_answer(world)
    others = [make_invoice("F2", paid_by_order=payment.id), make_invoice("F1", paid_by_order="another-channel-1")]
    world.biller.invoices["AB12"] = others
    await world.settle(100)
    payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.UNDER_REVIEW
    assert payment.receipt is None
