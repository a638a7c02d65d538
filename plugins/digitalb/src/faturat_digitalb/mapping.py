"""Between DIGITALB's words and Faturat's: pure, and the only place where the company's codes mean something.

Every code, format and rule here is assumed unless MAPPINGS.md names its source. What does not fit raises BillerError
with a short code; none of its words come from the reply but a result code of plain capitals.
"""

import re
from collections import Counter
from datetime import date

from faturat.billers import Reference, Subscriber
from faturat.errors import FaturatError, UnknownReference
from faturat.hookspecs import InvoicesByReference
from faturat.invoices.types import Invoice, PayChoice, PayChoices
from faturat.money import to_decimal
from faturat.payments.types import Order, Outcome, Receipt, Rejected, Rejection, Settled, Unknown
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
from faturat_digitalb import wire

CURRENCY = "ALL"
CONTRACT_NUMBER = "contract_number"
"""The id of the reference kind and of its one field."""

OK = "OK"
UNKNOWN_CONTRACT = "UNKNOWN_CONTRACT"
SMARTCARD_NUMBER = "SMARTCARD_NUMBER"
ALREADY_PAID = "ALREADY_PAID"
AMOUNT_CHANGED = "AMOUNT_CHANGED"
REFUSED = "REFUSED"

REFUSALS = {
    AMOUNT_CHANGED: Rejection.AMOUNT_CHANGED,
    UNKNOWN_CONTRACT: Rejection.UNKNOWN_REFERENCE,
    REFUSED: Rejection.NOT_ACCEPTED,
}
"""The status table of a payment, with OK and ALREADY_PAID, which depend on the booking that comes with them. Any other
code is Unknown: it may have happened."""

NOT_THE_CARD = Text(
    "Ky është numri i kartës smart. Vendosni numrin e kontratës, që gjendet në kontratën tuaj me DIGITALB.",
    "This is the smart card's number. Enter the contract number, which is in your contract with DIGITALB.",
)
"""Follows "DIGITALB does not know this number.", where the company says so itself."""

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


def contract_number(reference: Reference) -> str:
    """The number by which the company knows a reference."""
    return reference.values[CONTRACT_NUMBER]


def list_request(references: tuple[Reference, ...]) -> wire.ListInstalments:
    """Ask for the instalments of all these references at once."""
    return wire.ListInstalments(contract=tuple(wire.AskedContract(number=contract_number(each)) for each in references))


def pay_request(order: Order) -> wire.PayInstalment:
    """Order the payment of order.amount under the order's own id."""
    return wire.PayInstalment(
        payment_id=order.id,
        contract_number=contract_number(order.reference),
        instalment_number=order.invoice_key,
        amount=to_decimal(order.amount),
        currency=order.currency,
    )


def to_subscriber(reply: wire.FindContractReply) -> Subscriber:
    """Raises UnknownReference, with a hint for a smart card's number; BillerError for a result outside the table."""
    _check_found(reply.result)
    if not reply.subscriber:
        raise bad_reply("no_subscriber")
    return Subscriber(name=reply.subscriber)


def to_invoices(references: tuple[Reference, ...], reply: wire.ListInstalmentsReply) -> InvoicesByReference:
    """One entry per reference asked; a number that is missing or doubled in the reply is an error of that reference."""
    times = Counter(contract.number for contract in reply.contract)
    contracts = {contract.number: contract for contract in reply.contract}
    answers: dict[Reference, tuple[Invoice, ...] | FaturatError] = {}
    for reference in references:
        number = contract_number(reference)
        if times[number] != 1:
            answers[reference] = bad_reply("doubled_in_reply" if times[number] else "missing_in_reply")
            continue
        try:
            answers[reference] = _instalments(contracts[number])
        except FaturatError as error:
            answers[reference] = error
    return answers


def to_outcome(order: Order, reply: wire.PayInstalmentReply) -> Outcome:
    """What a payment was answered. Raises BillerError where the booking in the reply does not say what it should."""
    if reply.result == OK:
        return _settled(order, _one(reply.booking))
    if reply.result == ALREADY_PAID:
        booked = _one(reply.booking)
        if booked.payment_id == order.id:
            return _settled(order, booked)
        if not is_identifier(booked.payment_id) or booked.instalment_number != order.invoice_key:
            raise bad_reply("already_paid_unclear")
        return Rejected(Rejection.ALREADY_PAID)
    if reply.result in REFUSALS:
        return Rejected(REFUSALS[reply.result])
    return Unknown(code_outside_the_table("result", reply.result))


def to_statement(day: date, reply: wire.ListBookingsReply) -> Statement:
    """What the company booked on a day. Raises BillerError where it is another day's, or not known to be all."""
    if reply.day != day.isoformat():
        raise bad_reply("other_day")
    return whole_statement(map(_entry, reply.booking), reply.count, reply.total)


def _entry(booked: wire.Booking) -> StatementEntry:
    return StatementEntry(
        order_id=read_identifier(booked.payment_id),
        receipt=read_identifier(booked.receipt_number),
        amount=read_amount(booked.amount),
        currency=booked.currency,
        settled_at=read_moment(booked.booked_at),
    )


def _instalments(contract: wire.Contract) -> tuple[Invoice, ...]:
    """What is to pay, and what was booked under an order's id: the only proof of a payment whose answer was lost.

    What was paid at a counter carries no id; it is neither owed nor a proof.
    """
    _check_found(contract.result)
    booked = (entry for entry in contract.booked if entry.payment_id)
    return (
        *(_invoice(entry, None) for entry in contract.open),
        *(_invoice(entry, read_identifier(entry.payment_id)) for entry in booked),
    )


def _invoice(entry: wire.Instalment, paid_by_order: str | None) -> Invoice:
    """A prepayment: no penalty, no part of it, and not always a day by which it is due (bkt.com.al)."""
    if entry.currency != CURRENCY:
        raise bad_reply("bad_currency")
    number, amount = read_identifier(entry.number), read_amount(entry.amount)
    return Invoice(
        invoice_key=number,
        number=number,
        issued_on=read_date(entry.issued_on),
        due_on=read_date(entry.due_on) if entry.due_on else None,
        amount=amount,
        total=amount,
        currency=CURRENCY,
        payable=PayChoices((PayChoice(amount, _month_label(entry.month)),)),
        paid_by_order=paid_by_order,
    )


def _month_label(month: str) -> Text:
    read = _MONTH.fullmatch(month)
    if read is None:
        raise bad_reply("bad_month")
    year, number = read.groups()
    return Text(f"Kësti i parapaguar për muajin {number}.{year}", f"Prepaid instalment for {number}.{year}")


def _settled(order: Order, booked: wire.Booking) -> Settled:
    asked = (order.id, order.invoice_key, to_decimal(order.amount), order.currency)
    if asked != (booked.payment_id, booked.instalment_number, booked.amount, booked.currency):
        raise bad_reply("booking_of_another_order")
    return Settled(Receipt(read_identifier(booked.receipt_number), read_moment(booked.booked_at), order.amount))


def _one(bookings: tuple[wire.Booking, ...]) -> wire.Booking:
    if len(bookings) != 1:
        raise bad_reply("no_booking")
    return bookings[0]


def _check_found(result: str) -> None:
    if result == SMARTCARD_NUMBER:
        raise UnknownReference(NOT_THE_CARD)
    if result == UNKNOWN_CONTRACT:
        raise UnknownReference
    if result != OK:
        raise bad_reply(code_outside_the_table("result", result))
