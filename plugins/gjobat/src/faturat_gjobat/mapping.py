"""Between the company's words and Faturat's: pure, and the only place where the company's codes mean something.

Every code, format and rule here is assumed unless MAPPINGS.md names its source. Amounts are the company's word and are
never computed here. What does not fit raises BillerError with a short code; none of its words come from the reply but a
result code of plain capitals.
"""

from datetime import date

from faturat.billers import Reference, Subscriber
from faturat.errors import UnknownReference
from faturat.invoices.types import Invoice, PayChoice, PayChoices
from faturat.money import to_decimal
from faturat.payments.types import (
    NotFound,
    Order,
    Outcome,
    Receipt,
    Rejected,
    Rejection,
    Settled,
    StatusReply,
    Unknown,
)
from faturat.plugins.reading import (
    bad_reply,
    code_outside_the_table,
    is_identifier,
    read_amount,
    read_identifier,
    read_moment,
    whole_statement,
)
from faturat.reconciliation.types import Statement, StatementEntry
from faturat.text import Text
from faturat_gjobat import wire

CURRENCY = "ALL"
VEHICLE, PLATE, CHASSIS = "vehicle", "plate", "chassis"
"""The id of a reference kind, and of its two fields."""
FINE = "fine"
"""The id of a reference kind and of its one field."""

OK = "OK"
NOT_FOUND = "NOT_FOUND"
PAID = "PAID"
ALREADY_PAID = "ALREADY_PAID"

REFUSALS = {
    "AMOUNT_CHANGED": Rejection.AMOUNT_CHANGED,
    "REFUSED": Rejection.NOT_ACCEPTED,
}
"""The status table of a payment, with PAID and ALREADY_PAID, which depend on the payment that comes with them.
Of an inquiry it is PAID and NOT_FOUND. Any other code is Unknown: it may have happened. So is UNKNOWN_FINE: a fine
leaves the system at once when paid, so that it may be this very payment that made it unknown."""

WHOLE = Text("Shuma e plotë", "Whole amount")
DISCOUNTED = Text("Gjoba me zbritje", "Fine less its discount")
WITH_PENALTY = Text("Gjoba dhe kamata", "Fine and late penalty")
CHECK_BOTH = Text(
    "targa dhe numri i shasisë duhet të jenë të të njëjtit mjet, siç shkruhen në lejen e qarkullimit.",
    "plate and chassis number must be of one vehicle, as written in its registration certificate.",
)
"""Where a vehicle is not found, either may be wrong; each is looked up together with the other."""


def search_request(reference: Reference) -> wire.Search:
    """Ask for a vehicle's fines, or for the one of a number."""
    if reference.kind == FINE:
        return wire.Search(fine=reference.values[FINE])
    return wire.Search(vehicle=wire.Vehicle(plate=reference.values[PLATE], chassis=reference.values[CHASSIS]))


def pay_request(order: Order) -> wire.Pay:
    """Order the payment of order.amount for the fine, in the company's own words, under the order's own id."""
    return wire.Pay(order=order.id, fine=order.invoice_key, amount=to_decimal(order.amount), currency=order.currency)


def to_subscriber(reference: Reference, reply: wire.SearchReply) -> Subscriber:
    """The vehicle's owner, or the person fined. Raises UnknownReference, or BillerError for other results."""
    _check_found(reference, reply.result)
    if not reply.subscriber:
        raise bad_reply("no_subscriber")
    return Subscriber(name=reply.subscriber)


def to_invoices(reference: Reference, reply: wire.SearchReply) -> tuple[Invoice, ...]:
    """What is to be paid today. A fine's number that is not found is one that nothing is owed for: it may be paid.

    Raises UnknownReference for a vehicle that is not found, BillerError for what cannot be read.
    """
    if reference.kind == FINE and reply.result == NOT_FOUND:
        return ()
    _check_found(reference, reply.result)
    if reply.fines is None:
        raise bad_reply("no_fines")
    invoices = tuple(_invoice(fine) for fine in reply.fines)
    if reference.kind == FINE and any(invoice.number != reference.values[FINE] for invoice in invoices):
        raise bad_reply("another_fine")
    return invoices


def to_outcome(order: Order, reply: wire.PaymentReply) -> Outcome:
    """What the company answered a payment. Raises BillerError where the payment in the reply is not of this order."""
    if reply.result == PAID:
        return _settled(order, _payment(reply))
    if reply.result == ALREADY_PAID:
        booked = _payment(reply)
        if booked.order == order.id:
            return _settled(order, booked)
        if not is_identifier(booked.order) or booked.fine != order.invoice_key:
            raise bad_reply("already_paid_unclear")
        return Rejected(Rejection.ALREADY_PAID)
    if reply.result in REFUSALS:
        return Rejected(REFUSALS[reply.result])
    return Unknown(code_outside_the_table("result", reply.result))


def to_status(order: Order, reply: wire.PaymentReply) -> StatusReply:
    """What the company answered an inquiry. Raises BillerError where the payment in the reply is not of this order."""
    if reply.result == PAID:
        return _settled(order, _payment(reply))
    if reply.result == NOT_FOUND:
        return NotFound()
    return Unknown(code_outside_the_table("result", reply.result))


def to_statement(day: date, said: wire.DailyPayments) -> Statement:
    """What the company booked on a day. Raises BillerError where it is another day's, or not known to be all."""
    if said.day != day:
        raise bad_reply("other_day")
    return whole_statement(map(_entry, said.payments), str(said.count), said.total)


def _entry(booked: wire.Payment) -> StatementEntry:
    if booked.settled_at is None:
        raise bad_reply("bad_time")
    return StatementEntry(
        order_id=read_identifier(booked.order),
        receipt=read_identifier(booked.receipt or ""),
        amount=read_amount(booked.amount or ""),
        currency=booked.currency or "",
        settled_at=read_moment(booked.settled_at),
    )


def _invoice(fine: wire.Fine) -> Invoice:
    penalty, discount, total = read_amount(fine.penalty), read_amount(fine.discount), read_amount(fine.total)
    number = read_identifier(fine.number)
    if fine.currency != CURRENCY:
        raise bad_reply("bad_currency")
    label = WITH_PENALTY if penalty else DISCOUNTED if discount else WHOLE
    return Invoice(
        invoice_key=number,
        number=number,
        issued_on=fine.registered_on,
        due_on=fine.due_on,
        amount=read_amount(fine.amount),
        penalty=penalty,
        discount=discount,
        total=total,
        currency=CURRENCY,
        payable=PayChoices((PayChoice(total, label),)),
    )


def _settled(order: Order, booked: wire.Payment) -> Settled:
    asked = (order.id, order.invoice_key, to_decimal(order.amount), order.currency)
    if asked != (booked.order, booked.fine, booked.amount, booked.currency):
        raise bad_reply("payment_of_another_order")
    if booked.settled_at is None:
        raise bad_reply("bad_time")
    return Settled(Receipt(read_identifier(booked.receipt or ""), read_moment(booked.settled_at), order.amount))


def _payment(reply: wire.PaymentReply) -> wire.Payment:
    if reply.payment is None:
        raise bad_reply("no_payment")
    return reply.payment


def _check_found(reference: Reference, result: str) -> None:
    if result == NOT_FOUND:
        raise UnknownReference(CHECK_BOTH if reference.kind == VEHICLE else None)
    if result != OK:
        raise bad_reply(code_outside_the_table("result", result))
