"""Paying: what is booked is what was ordered, once; a no is the company's own, and nothing else is a no."""

from datetime import timedelta

from msgspec.structs import replace

from faturat.payments.types import Order, Pending, Rejected, Rejection, Settled, Unknown
from faturat.testing.cases import Case
from faturat.testing.conformance.bench import Bench, amounts
from faturat.testing.conformance.check import CALLED, IDEMPOTENT, PAID_ONCE, PARTS, check, expect, fail, said
from faturat.testing.conformance.drawing import for_all, minor_units

OTHER = str.maketrans("0123456789", "5678901234")
"""Makes another invoice's key of one, whatever parts it has."""
EARLIEST = timedelta(hours=26)
"""How long before its booking a receipt may be dated: a company may give the day alone."""


@check(
    "A payment settles, and the company has booked it; without settles_later it does so at once.",
    "Map the company's yes to Settled with its receipt; declare settles_later where its yes comes later.",
)
def a_payment_settles(bench: Bench) -> None:
    order = bench.order(*bench.owing())
    outcome = bench.pay(order) if bench.biller.capabilities.settles_later is None else bench.settle(order)
    expect(isinstance(outcome, Settled), f"a payment that nothing hinders came to {said(outcome)}")
    booked = len(bench.booked(order))
    expect(booked == 1, f"{booked} bookings stand at the company under the order's id after {said(outcome)}")


@check(
    "What the company books is what was ordered, to the qindarka.",
    "Write order.amount by faturat.money.to_decimal, or as the integer that it is.",
)
def the_amount_booked_is_the_amount_ordered(bench: Bench) -> None:
    def booked(amount: int) -> None:
        order = bench.order(*bench.owing(amount))
        outcome = bench.settle(order)
        bookings = [booking.amount for booking in bench.booked(order)]
        expect(bookings == [order.amount], f"{order.amount} was ordered, {bookings} booked; it came to {said(outcome)}")

    for_all(minor_units(), booked, 10)


@check(
    "The company knows the payment by the order's id, and by no other.",
    "Send order.id as the payment's reference at each call; make none of your own.",
)
def the_order_id_is_the_companys_reference(bench: Bench) -> None:
    order = bench.order(*bench.owing())
    before = bench.company.books.bookings()
    bench.settle(order)
    ids = [booking.order_id for booking in bench.company.books.bookings() if booking not in before]
    expect(ids == [order.id], f"order {order.id} was booked under {ids}")


@check(
    "The receipt says the amount that was booked, and when, in UTC.",
    "Read amount and time from the reply; turn the company's local time into UTC.",
)
def the_receipt_says_what_was_booked(bench: Bench) -> None:
    order = bench.order(*bench.owing(1707_40))
    receipt = settled(bench, order).receipt
    booking = next(iter(bench.booked(order)), None)
    if booking is None:
        fail("there is a receipt, and nothing was booked under the order's id")
    expect(receipt.amount == booking.amount, f"the receipt says {receipt.amount}, and {booking.amount} was booked")
    expect(bool(receipt.number.strip()), "the receipt has no number")
    late = receipt.settled_at - booking.settled_at
    expect(-EARLIEST < late <= timedelta(minutes=1), f"the receipt's time is {late} off the booking's")


@check(
    "An amount that the company does not accept is refused by it, and nothing is booked.",
    "Send order.amount as it is: neither the invoice's total nor what the company would like.",
)
def another_amount_books_nothing(bench: Bench) -> None:
    reference, invoice = bench.owing(penalty=50_00)
    order = bench.order(reference, invoice, invoice.total + 1)
    outcome = bench.settle(order)
    refused = isinstance(outcome, Rejected) and outcome.reason in (Rejection.AMOUNT_CHANGED, Rejection.NOT_ACCEPTED)
    expect(refused, f"one qindarka too much came to {said(outcome)}")
    expect(not bench.booked(order), "one qindarka too much was booked")


@check(
    "An invoice that somebody else paid is Rejected already_paid.",
    "Map the company's own answer for that; it moved no money of ours.",
)
def paid_by_others_is_already_paid(bench: Bench) -> None:
    reference = bench.case(Case.ALREADY_PAID)
    order = bench.order(reference, bench.only_invoice(reference))
    outcome = bench.settle(order)
    expect(outcome == Rejected(Rejection.ALREADY_PAID), f"an invoice paid by others came to {said(outcome)}")
    expect(not bench.booked(order), "it was booked all the same")


@check(
    "A second order of an invoice that is paid settles nothing, and takes no other order's receipt.",
    "Settled is only what the company booked under this very order's id.",
)
def a_second_order_of_a_paid_invoice_settles_nothing(bench: Bench) -> None:
    reference, invoice = bench.owing()
    settled(bench, bench.order(reference, invoice))
    second = bench.order(reference, invoice)
    outcome = bench.settle(second)
    expect(not isinstance(outcome, Settled), f"a second order of a paid invoice came to {said(outcome)}")
    expect(not bench.booked(second), "a second order of a paid invoice was booked")


@check(
    "The company's final no is Rejected, and nothing is booked.",
    "Map its refusals by name to a Rejection; leave all that is not in the table Unknown.",
)
def a_refusal_is_rejected(bench: Bench) -> None:
    reference = bench.case(Case.REJECTS)
    order = bench.order(reference, bench.only_invoice(reference))
    outcome = bench.settle(order)
    expect(isinstance(outcome, Rejected), f"a payment that the company refuses for good came to {said(outcome)}")
    expect(not bench.booked(order), "a payment that the company refused was booked")


@check(
    "Where the total rose, a payment is Rejected amount_changed, or settles where the company still takes it.",
    "Map the company's answer for another amount to Rejection.AMOUNT_CHANGED.",
)
def a_changed_total_is_rejected(bench: Bench) -> None:
    reference, invoice = bench.owing(penalty=50_00)
    _pays_as_the_total_rises(bench, bench.order(reference, invoice, max(amounts(invoice))), "changed_total")
    reference = bench.case(Case.CHANGED_TOTAL)
    _pays_as_the_total_rises(bench, bench.order(reference, bench.only_invoice(reference)), None)


def _pays_as_the_total_rises(bench: Bench, order: Order, fault: str | None) -> None:
    if fault is not None:
        bench.company.fault(fault)
    outcome = bench.settle(order)
    bench.company.clear_faults()
    if outcome == Rejected(Rejection.AMOUNT_CHANGED):
        expect(not bench.booked(order), "it was Rejected amount_changed, and booked")
        return
    bookings = [booking.amount for booking in bench.booked(order)]
    taken = isinstance(outcome, Settled) and bookings == [order.amount]
    expect(taken, f"the total rose as {order.amount} was paid; that came to {said(outcome)}, with {bookings} booked")


@check(
    "Of several invoices the one that was ordered is paid, and the others stay.",
    "Send order.invoice_key; many a company would take money for the oldest one.",
)
def several_invoices_are_paid_one_by_one(bench: Bench) -> None:
    reference = bench.new_contract()
    numbers = [bench.new_invoice(reference, 1000_00, age=age).number for age in (70, 40, 10)]
    for number in (numbers[1], numbers[2], numbers[0]):
        open_now = {invoice.number: invoice for invoice in bench.unpaid(reference)}
        settled(bench, bench.order(reference, open_now[number]))
        left = {invoice.number for invoice in bench.unpaid(reference)}
        expect(left == set(open_now) - {number}, f"{number} was paid of {sorted(open_now)}; {sorted(left)} are left")


@check(
    "An order of an invoice that is not there settles nothing.",
    "Leave it to the company to refuse; never look for another invoice to pay.",
)
def an_invoice_that_is_not_there_settles_nothing(bench: Bench) -> None:
    reference, invoice = bench.owing()
    before = bench.company.books.bookings()
    outcome = bench.settle(replace(bench.order(reference, invoice), invoice_key=invoice.invoice_key.translate(OTHER)))
    expect(isinstance(outcome, Rejected | Unknown), f"an invoice that is not there came to {said(outcome)}")
    expect(bench.company.books.bookings() == before, "an order of an invoice that is not there booked something")


@check(
    "What is paid is no longer owed.",
    "Leave paid invoices out, or show them with paid_by_order.",
)
def what_is_paid_is_no_longer_owed(bench: Bench) -> None:
    reference, invoice = bench.owing()
    settled(bench, bench.order(reference, invoice))
    left = bench.unpaid(reference)
    expect(left == (), f"after its only invoice was paid the contract owes {said(left)}")


@check(
    "Every amount that an invoice offers is taken by the company.",
    "Offer in `payable` what the company accepts, no more and no less.",
)
def every_offered_amount_is_taken(bench: Bench) -> None:
    _, invoice = bench.owing(penalty=50_00)
    for place in range(len(amounts(invoice))):
        reference, fresh = bench.owing(penalty=50_00)
        order = bench.order(reference, fresh, amounts(fresh)[place])
        settled(bench, order)
        booked = [booking.amount for booking in bench.booked(order)]
        expect(booked == [order.amount], f"{order.amount} was offered and ordered, and {booked} booked")


@check(
    "With parts, what is left of an invoice is quoted anew, under the next part, and can be paid.",
    "Count the payments of an invoice in Invoice.part, from the company's word; its key stays.",
    PARTS,
)
def parts_are_paid_one_after_the_other(bench: Bench) -> None:
    reference, invoice = bench.owing(penalty=50_00)
    first = bench.order(reference, invoice, min(amounts(invoice)))
    if first.amount >= invoice.total:
        fail("parts are declared, and nothing less than the total is offered")
    settled(bench, first)
    left = bench.only_invoice(reference)
    quoted = (left.invoice_key, left.part, left.total)
    wanted = (invoice.invoice_key, 2, invoice.total - first.amount)
    expect(quoted == wanted, f"key, part and total of what is left should be {wanted}, and are {quoted}")
    settled(bench, bench.order(reference, left, left.total))
    expect(bench.unpaid(reference) == (), "both parts were paid, and the invoice is still owed")


@check(
    "The same order twice settles once, and both times with the same receipt.",
    "Send order.id as the company's idempotency key; if it has none, do not declare idempotent_pay.",
    CALLED & IDEMPOTENT,
)
def the_same_order_twice_settles_once(bench: Bench) -> None:
    order = bench.order(*bench.owing())
    first = settled(bench, order)
    again = bench.settle(order)
    expect(again == first, f"the first time it came to {said(first)}, the second time to {said(again)}")
    expect(len(bench.booked(order)) == 1, "the same order was booked twice")


@check(
    "An order that is booked already is Settled or Unknown when it is sent again, never Rejected.",
    "`Already paid` may be our own payment: Rejected needs the company to say by whom else.",
    CALLED & PAID_ONCE,
)
def a_repeat_is_never_rejected(bench: Bench) -> None:
    order = bench.order(*bench.owing())
    settled(bench, order)
    again = bench.pay(order)
    expect(
        isinstance(again, Settled | Unknown | Pending), f"an order that is booked came to {said(again)} when repeated"
    )
    expect(len(bench.booked(order)) == 1, "a repeat was booked again")


@check(
    "A payment that is booked later is Pending or Unknown until then, and Settled in the end where it can be asked.",
    "Whatever is no definite answer is Unknown, or Pending where the company says that it will come.",
)
def a_late_settlement_is_never_rejected(bench: Bench) -> None:
    reference = bench.case(Case.SETTLES_LATE)
    order = bench.order(reference, bench.only_invoice(reference))
    outcome = bench.pay(order)
    if bench.by_files:
        expect(not isinstance(outcome, Rejected), f"before it is booked, it came to {said(outcome)}")
    else:
        expect(
            isinstance(outcome, Pending | Unknown), f"a payment that is booked later came to {said(outcome)} at once"
        )
        early = bench.ask(order)
        expect(not isinstance(early, Rejected), f"asked before it is booked, it came to {said(early)}")
    bench.clock.move(timedelta(minutes=2))
    if bench.by_files:
        bench.exchange()
    final = bench.host.outcomes.get(order.id, outcome) if bench.by_files else bench.ask(order)
    expect(len(bench.booked(order)) == 1, "the company booked it late, once; under the order's id there is not one")
    if final != Unknown("no_proof"):
        expect(isinstance(final, Settled), f"after it was booked it came to {said(final)}")


def settled(bench: Bench, order: Order) -> Settled:
    """Pay what nothing hinders; CheckFailed where it does not settle."""
    outcome = bench.settle(order)
    if not isinstance(outcome, Settled):
        fail(f"a payment of {order.amount} that nothing hinders came to {said(outcome)}")
    return outcome
