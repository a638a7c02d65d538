"""Between OSHEE's words and Faturat's: pure, and the only place where the company's codes mean something.

Every code, format and rule here is assumed unless MAPPINGS.md names its source. What does not fit raises BillerError
with a short code; none of its words come from the reply but a result code of plain capitals.
"""

from collections import Counter
from datetime import date

from faturat.billers import Reference, Subscriber
from faturat.errors import FaturatError, UnknownReference
from faturat.hookspecs import InvoicesByReference
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
    read_date,
    read_identifier,
    read_moment,
    whole_statement,
)
from faturat.reconciliation.types import Statement, StatementEntry
from faturat.text import Text
from faturat_oshee import wire

CURRENCY = "ALL"
CUSTOMER_CODE = "customer_code"
"""The id of the reference kind and of its one field."""

OK = "OK"
UNKNOWN_CUSTOMER = "UNKNOWN_CUSTOMER"
SETTLED = "SETTLED"
ALREADY_PAID = "ALREADY_PAID"
NOT_FOUND = "NOT_FOUND"

REFUSALS = {
    "AMOUNT_CHANGED": Rejection.AMOUNT_CHANGED,
    UNKNOWN_CUSTOMER: Rejection.UNKNOWN_REFERENCE,
    "UNKNOWN_INVOICE": Rejection.NOT_ACCEPTED,
    "REFUSED": Rejection.NOT_ACCEPTED,
}
"""The status table of PayInvoice, with SETTLED and ALREADY_PAID, which depend on the booking that comes with them.
Of PaymentStatus it is SETTLED and NOT_FOUND. Any other code is Unknown: it may have happened."""

PRINCIPAL_AND_PENALTY = Text("Detyrimi dhe kamata", "Principal and late penalty")
PRINCIPAL = Text("Vetëm detyrimi", "Principal only")
PENALTY = Text("Kamata", "Late penalty")
WHOLE = Text("Shuma e plotë", "Whole amount")


def customer_code(reference: Reference) -> str:
    """The code by which the company knows a reference."""
    return reference.values[CUSTOMER_CODE]


def list_request(references: tuple[Reference, ...]) -> wire.ListOpenInvoices:
    """Ask for the open invoices of all these references at once."""
    return wire.ListOpenInvoices(customer_code=tuple(customer_code(each) for each in references))


def pay_request(order: Order) -> wire.PayInvoice:
    """Order the payment of order.amount under the order's own id."""
    return wire.PayInvoice(
        payment_id=order.id,
        customer_code=customer_code(order.reference),
        invoice_number=order.invoice_key,
        part=str(order.part),
        amount=to_decimal(order.amount),
        currency=order.currency,
    )


def to_subscriber(reply: wire.FindContractResponse) -> Subscriber:
    """Raises UnknownReference, or BillerError for a result outside the table."""
    _check_found(reply.result)
    if not reply.subscriber:
        raise bad_reply("no_subscriber")
    return Subscriber(name=reply.subscriber)


def to_invoices(references: tuple[Reference, ...], reply: wire.ListOpenInvoicesResponse) -> InvoicesByReference:
    """One entry per reference asked; a code that is missing or doubled in the reply is an error of that reference."""
    times = Counter(customer.customer_code for customer in reply.customer)
    customers = {customer.customer_code: customer for customer in reply.customer}
    answers: dict[Reference, tuple[Invoice, ...] | FaturatError] = {}
    for reference in references:
        code = customer_code(reference)
        if times[code] != 1:
            answers[reference] = bad_reply("doubled_in_reply" if times[code] else "missing_in_reply")
            continue
        try:
            answers[reference] = _open_invoices(customers[code])
        except FaturatError as error:
            answers[reference] = error
    return answers


def to_outcome(order: Order, reply: wire.PayInvoiceResponse) -> Outcome:
    """What PayInvoice answered. Raises BillerError where the booking in the reply is not of this order."""
    if reply.result == SETTLED:
        return _settled(order, _one(reply.booked_payment))
    if reply.result == ALREADY_PAID:
        booked = _one(reply.booked_payment)
        if booked.payment_id == order.id:
            return _settled(order, booked)
        if not is_identifier(booked.payment_id) or booked.invoice_number != order.invoice_key:
            raise bad_reply("already_paid_unclear")
        return Rejected(Rejection.ALREADY_PAID)
    if reply.result in REFUSALS:
        return Rejected(REFUSALS[reply.result])
    return Unknown(code_outside_the_table("result", reply.result))


def to_status(order: Order, reply: wire.PaymentStatusResponse) -> StatusReply:
    """What PaymentStatus answered. Raises BillerError where the booking in the reply is not of this order."""
    if reply.result == SETTLED:
        return _settled(order, _one(reply.booked_payment))
    if reply.result == NOT_FOUND:
        return NotFound()
    return Unknown(code_outside_the_table("result", reply.result))


def to_statement(day: date, reply: wire.ListPaymentsResponse) -> Statement:
    """What the company booked on a day. Raises BillerError where it is another day's, or not known to be all."""
    if reply.day != day.isoformat():
        raise bad_reply("other_day")
    return whole_statement(map(_entry, reply.booked_payment), reply.count, reply.total)


def _entry(booked: wire.BookedPayment) -> StatementEntry:
    return StatementEntry(
        order_id=read_identifier(booked.payment_id),
        receipt=read_identifier(booked.receipt_number),
        amount=read_amount(booked.amount),
        currency=booked.currency,
        settled_at=read_moment(booked.settled_at),
    )


def _open_invoices(customer: wire.Customer) -> tuple[Invoice, ...]:
    _check_found(customer.result)
    return tuple(_invoice(entry) for entry in customer.open_invoice)


def _invoice(entry: wire.OpenInvoice) -> Invoice:
    principal, penalty, total = read_amount(entry.principal), read_amount(entry.penalty), read_amount(entry.total)
    number = read_identifier(entry.invoice_number)
    if entry.currency != CURRENCY:
        raise bad_reply("bad_currency")
    if entry.part not in ("1", "2") or (entry.part == "2" and principal):
        raise bad_reply("bad_part")
    return Invoice(
        invoice_key=number,
        number=number,
        issued_on=read_date(entry.issued_on),
        due_on=read_date(entry.due_on) if entry.due_on else None,
        amount=principal,
        penalty=penalty,
        total=total,
        currency=CURRENCY,
        payable=PayChoices(_choices(principal, penalty, total)),
        part=int(entry.part),
    )


def _choices(principal: int, penalty: int, total: int) -> tuple[PayChoice, ...]:
    """Principal, or principal and penalty in one sum; the penalty alone once the principal is settled (oshee.al)."""
    if not penalty:
        return (PayChoice(total, WHOLE),)
    if not principal:
        return (PayChoice(total, PENALTY),)
    return PayChoice(total, PRINCIPAL_AND_PENALTY), PayChoice(principal, PRINCIPAL)


def _settled(order: Order, booked: wire.BookedPayment) -> Settled:
    asked = (order.id, order.invoice_key, str(order.part), to_decimal(order.amount), order.currency)
    if asked != (booked.payment_id, booked.invoice_number, booked.part, booked.amount, booked.currency):
        raise bad_reply("booking_of_another_order")
    return Settled(Receipt(read_identifier(booked.receipt_number), read_moment(booked.settled_at), order.amount))


def _one(booked: tuple[wire.BookedPayment, ...]) -> wire.BookedPayment:
    if len(booked) != 1:
        raise bad_reply("no_booking")
    return booked[0]


def _check_found(result: str) -> None:
    if result == UNKNOWN_CUSTOMER:
        raise UnknownReference
    if result != OK:
        raise bad_reply(code_outside_the_table("result", result))
