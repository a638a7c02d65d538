"""What pages say about companies and references, also where a company's plugin is no longer loaded."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

from msgspec import Struct

from faturat import (
    Biller,
    Category,
    Contract,
    Faturat,
    FaturatError,
    InvoiceState,
    KnownInvoice,
    Payment,
    PaymentFilter,
    Reference,
    Subscriber,
    Text,
)
from faturat.payments.later import day_of
from faturat.payments.states import LIVE

Fact: TypeAlias = tuple[Text, str]
"""A label and what stands beside it."""
Registered: TypeAlias = Mapping[tuple[str, Reference], Contract]
"""A customer's contracts by what a payment knows of them: company and reference."""

UNDER_WAY = PaymentFilter(states=tuple(LIVE))
CONTRACT_NUMBER = Text("Numri i kontratës", "Contract number")


def known_biller(faturat: Faturat, biller: str) -> Biller:
    """Raises FaturatError unknown_biller."""
    found = faturat.billers.get(biller)
    if found is None:
        raise FaturatError("unknown_biller", field="biller")
    return found


def biller_name(faturat: Faturat, biller: str) -> str:
    found = faturat.billers.get(biller)
    return biller if found is None else found.name


def biller_category(faturat: Faturat, biller: str) -> Category:
    found = faturat.billers.get(biller)
    return Category.OTHER if found is None else found.category


def reference_facts(faturat: Faturat, biller: str, reference: Reference) -> tuple[Fact, ...]:
    """The fields of a reference under the company's labels, in the company's order."""
    found = faturat.billers.get(biller)
    kind = None if found is None else found.kind(reference.kind)
    if kind is None:
        return tuple((Text(name, name), value) for name, value in reference.values.items())
    return tuple((field.label, reference.values.get(field.id, "")) for field in kind.fields)


def invoice_facts(faturat: Faturat, known: KnownInvoice) -> tuple[Fact, ...]:
    """The reference as an invoice shows it: one field of a registered contract is its number, whatever the label."""
    return _numbered(reference_facts(faturat, known.biller, known.reference), known.contract is not None)


def payment_facts(faturat: Faturat, payment: Payment, registered: bool) -> tuple[Fact, ...]:
    """The same of a payment, whose invoice may be gone; `registered`: it was of a contract."""
    return _numbered(reference_facts(faturat, payment.order.biller, payment.order.reference), registered)


def _numbered(facts: tuple[Fact, ...], registered: bool) -> tuple[Fact, ...]:
    return ((CONTRACT_NUMBER, facts[0][1]),) if registered and len(facts) == 1 else facts


async def registered_contracts(faturat: Faturat, customer: str) -> Registered:
    return {(each.biller, each.reference): each for each in await faturat.contracts.of(customer)}


def shown_subscriber(known: KnownInvoice) -> str:
    """The subscriber's name, masked for somebody who has not registered the contract."""
    return known.subscriber if known.contract is not None else Subscriber(known.subscriber).masked


async def account_name(faturat: Faturat, payment: Payment) -> str:
    """The name of the account, or its id where the bank does not answer or has closed it."""
    try:
        accounts = await faturat.accounts(payment.order.customer)
    except FaturatError:
        return payment.order.account
    return next((each.name for each in accounts if each.id == payment.order.account), payment.order.account)


class Scheduled(Struct, frozen=True):
    """The payment that is scheduled for an invoice, by its id, and the day of it."""

    payment: str
    on: date


async def scheduled_for(faturat: Faturat, customer: str, rows: Iterable[KnownInvoice]) -> Mapping[str, Scheduled]:
    """What is scheduled for those of a list that are open, by the invoice's id."""
    found = await faturat.payments.scheduled_of(customer, [row.id for row in rows if row.state is InvoiceState.OPEN])
    days = {invoice: (payment.id, day_of(payment)) for invoice, payment in found.items()}
    return {invoice: Scheduled(payment, on) for invoice, (payment, on) in days.items() if on is not None}


class UnderWay(Struct, frozen=True):
    """A payment of an invoice that is under way, by its id; what it pays, and what it leaves of the total."""

    payment: str
    amount: int
    rest: int


async def under_way(faturat: Faturat, customer: str, rows: Iterable[KnownInvoice]) -> Mapping[str, UnderWay]:
    """The customer's own payments of those of a list that are being paid, by the invoice's id.

    An invoice that somebody else pays is not among them: how much that is, is theirs to know.
    """
    paying = [row for row in rows if row.state is InvoiceState.PAYING]
    live = await faturat.payments.all_of(customer, UNDER_WAY) if paying else ()
    # a payment moves every row of its invoice: it may have begun from another row than the list's
    by_part = {(each.order.biller, each.order.invoice_key, each.order.part): each for each in live}
    found = [(row, by_part.get((row.biller, row.invoice.invoice_key, row.invoice.part))) for row in paying]
    return {
        row.id: UnderWay(payment.id, payment.order.amount, max(0, row.invoice.total - payment.order.amount))
        for row, payment in found
        if payment is not None
    }


def by_due_day(known: KnownInvoice) -> tuple[bool, date, date, str]:
    """In every list what is due first comes first, and what has no such day last."""
    invoice = known.invoice
    return invoice.due_on is None, invoice.due_on or invoice.issued_on, invoice.issued_on, known.id
