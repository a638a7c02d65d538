"""Between UKT's words and Faturat's: pure, and the only place where the company's codes mean something.

Every code, format and rule here is assumed unless MAPPINGS.md names its source. What does not fit raises BillerError
with a short code; none of its words come from the reply but an error code of plain small letters.
"""

from collections.abc import Sequence
from datetime import date

from faturat.billers import Reference, Subscriber
from faturat.errors import BillerError, UnknownReference
from faturat.invoices.types import Invoice, InvoiceLine, PayChoice, PayChoices
from faturat.money import to_decimal
from faturat.payments.types import Order, Outcome, Receipt, Rejected, Rejection, Settled, Unknown
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
from faturat_ukt import wire

CURRENCY = "ALL"
CONTRACT_NUMBER = "contract_number"
"""The id of the reference kind and of its one field."""

MAX_INVOICES = 500
"""The most open invoices of one contract that are believed."""
MAX_PAGES = 20
"""The most pages that are read of one contract: twice as many as MAX_INVOICES needs at 50 a page."""
MAX_WORDS = 200

SETTLED = "settled"
PROCESSING = "processing"
UNKNOWN_CONTRACT = "unknown_contract"
UNKNOWN_INVOICE = "unknown_invoice"
AMOUNT_CHANGED = "amount_changed"
ALREADY_PAID = "already_paid"
REFUSED = "refused"

REFUSALS = {
    AMOUNT_CHANGED: Rejection.AMOUNT_CHANGED,
    UNKNOWN_CONTRACT: Rejection.UNKNOWN_REFERENCE,
    UNKNOWN_INVOICE: Rejection.NOT_ACCEPTED,
    REFUSED: Rejection.NOT_ACCEPTED,
}
"""What a payment's 422 means. With 200, 201 and 409, which depend on the booking that comes with them, this is the
whole status table; any other status or code is Unknown: it may have happened."""

WHOLE = Text("Shuma e plotë", "Whole amount")


def contract_number(reference: Reference) -> str:
    """The number by which the company knows a reference."""
    return reference.values[CONTRACT_NUMBER]


def to_payment(order: Order) -> wire.Payment:
    """Order the payment of order.amount."""
    return wire.Payment(
        contract=contract_number(order.reference),
        invoice=order.invoice_key,
        amount=to_decimal(order.amount),
        currency=order.currency,
    )


def to_subscriber(number: str, reply: wire.Reply) -> Subscriber:
    """Raises UnknownReference, or BillerError for anything that is not this contract."""
    _check_found(reply)
    contract = wire.parse(reply.body, wire.Contract)
    if contract.contract != number:
        raise bad_reply("other_contract")
    return Subscriber(_words(contract.subscriber))


def to_page(number: str, page: int, reply: wire.Reply) -> wire.InvoicePage:
    """The page that was asked for. Raises UnknownReference, or BillerError for anything else."""
    _check_found(reply)
    read = wire.parse(reply.body, wire.InvoicePage)
    if read.contract != number:
        raise bad_reply("other_contract")
    if read.page != page:
        raise bad_reply("other_page")
    if not 1 <= read.pages <= MAX_PAGES or not 0 <= read.count <= MAX_INVOICES:
        raise bad_reply("too_many_invoices")
    return read


def to_invoices(pages: Sequence[wire.InvoicePage]) -> tuple[Invoice, ...]:
    """All open invoices of one contract, from all of its pages, however many each brought.

    Raises BillerError where they are not known to be all: the list changed from page to page, or the pages do not
    bring what they say that there is.
    """
    first = pages[0]
    if any((page.pages, page.count, page.owed) != (first.pages, first.count, first.owed) for page in pages):
        raise bad_reply("list_changed")
    invoices = tuple(_invoice(entry) for page in pages for entry in page.items)
    if len({invoice.invoice_key for invoice in invoices}) != len(invoices):
        raise bad_reply("doubled_invoice")
    if len(pages) != first.pages or len(invoices) != first.count:
        raise bad_reply("missing_invoice")
    if sum(invoice.total for invoice in invoices) != read_amount(first.owed):
        raise bad_reply("wrong_sum")
    return invoices


def to_outcome(order: Order, reply: wire.Reply) -> Outcome:
    """What a payment was answered. Raises BillerError where it cannot be read, or the booking is not of this order."""
    match reply.status:
        case 200 | 201:
            return _settled(order, wire.parse(reply.body, wire.BookedPayment))
        case 202:
            return Unknown(PROCESSING)
        case 409 | 422:
            return _refused(order, reply)
    return Unknown(f"http_{reply.status}")


def to_statement(day: date, document: bytes) -> Statement:
    """What the company booked on a day. Raises BillerError where it is another day's, or not known to be all."""
    rows, end = wire.parse_statement(document)
    if end.day != day.isoformat():
        raise bad_reply("other_day")
    return whole_statement(map(_entry, rows), end.count, end.total)


def _entry(row: wire.StatementRow) -> StatementEntry:
    return StatementEntry(
        order_id=read_identifier(row.order_id),
        receipt=read_identifier(row.receipt),
        amount=read_amount(row.amount),
        currency=row.currency,
        settled_at=read_moment(row.settled_at),
    )


def _refused(order: Order, reply: wire.Reply) -> Outcome:
    problem = _problem(reply)
    if reply.status == 409 and problem.error == ALREADY_PAID and problem.payment is not None:
        return _already_paid(order, problem.payment)
    if reply.status == 422 and problem.error in REFUSALS:
        return Rejected(REFUSALS[problem.error])
    return Unknown(code_outside_the_table("error", problem.error))


def _already_paid(order: Order, booked: wire.BookedPayment) -> Outcome:
    if booked.order_id == order.id:
        return _settled(order, booked)
    if not is_identifier(booked.order_id) or booked.invoice != order.invoice_key:
        raise bad_reply("already_paid_unclear")
    return Rejected(Rejection.ALREADY_PAID)


def _settled(order: Order, booked: wire.BookedPayment) -> Settled:
    asked = to_payment(order)
    if (booked.order_id, booked.contract, booked.invoice) != (order.id, asked.contract, asked.invoice):
        raise bad_reply("booking_of_another_order")
    if (booked.amount, booked.currency) != (asked.amount, asked.currency):
        raise bad_reply("booking_of_another_amount")
    if booked.status != SETTLED or booked.settled_at is None:
        raise bad_reply("booking_not_settled")
    return Settled(Receipt(read_identifier(booked.receipt), read_moment(booked.settled_at), order.amount))


def _invoice(entry: wire.OpenInvoice) -> Invoice:
    amount, penalty, total = read_amount(entry.amount), read_amount(entry.penalty), read_amount(entry.total)
    lines = tuple(InvoiceLine(_words(line.label), read_amount(line.amount)) for line in entry.lines)
    if entry.currency != CURRENCY:
        raise bad_reply("bad_currency")
    if sum(line.amount for line in lines) != amount:
        raise bad_reply("lines_do_not_add_up")
    number = read_identifier(entry.invoice)
    return Invoice(
        invoice_key=number,
        number=number,
        issued_on=entry.issued_on,
        due_on=entry.due_on,
        amount=amount,
        penalty=penalty,
        total=total,
        currency=CURRENCY,
        payable=PayChoices((PayChoice(total, WHOLE),)),
        lines=lines,
    )


def _check_found(reply: wire.Reply) -> None:
    """404 may come from anything between here and the company: only its own code says that there is no contract."""
    if reply.status == 404 and _problem(reply).error == UNKNOWN_CONTRACT:
        raise UnknownReference
    if reply.status != 200:
        raise BillerError(f"http_{reply.status}")


def _problem(reply: wire.Reply) -> wire.Problem:
    try:
        return wire.parse(reply.body, wire.Problem)
    except BillerError as error:
        raise BillerError(f"http_{reply.status}") from error


def _words(text: str) -> str:
    """A name or a label as plain text on one line; what cannot be printed is refused."""
    words = " ".join(text.split())
    if not words.isprintable() or not 1 <= len(words) <= MAX_WORDS:
        raise bad_reply("bad_words")
    return words
