"""What a customer has to pay, over all companies: the invoices in the order of their urgency, and their sums."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from faturat import (
    Category,
    Contract,
    Faturat,
    InvoiceState,
    KnownInvoice,
    Language,
    format_amount,
    to_decimal,
)
from faturat.clock import company_day
from faturat_server.pages.facts import UnderWay, biller_category, biller_name, by_due_day, under_way

UNPAID = (InvoiceState.OPEN, InvoiceState.PAYING)
SOON = timedelta(days=7)
BATCH = 500


class Due(StrEnum):
    """What a customer may narrow the invoices to, as addresses say it."""

    OVERDUE = "vonuar"
    SOON = "7-dite"


class OwedInvoice(Struct, frozen=True):
    """One invoice to pay, with what it is for. `days` are left until it is due, below zero once it is overdue.

    What its `payment` that is under way does not cover is owed still, and cannot be paid until that ends.
    """

    known: KnownInvoice
    biller_name: str
    category: Category
    contract_name: str
    days: int | None
    payment: UnderWay | None = None

    @property
    def amount(self) -> int:
        return self.known.invoice.total if self.payment is None else self.payment.rest

    @property
    def is_owed(self) -> bool:
        """Whether anything of it is, beside what is under way."""
        return self.known.state is InvoiceState.OPEN or (self.payment is not None and self.amount > 0)

    @property
    def due(self) -> Due | None:
        if self.days is None or self.days > SOON.days:
            return None
        return Due.OVERDUE if self.days < 0 else Due.SOON

    def matches(self, words: str, language: Language) -> bool:
        """Whether each word that was typed stands in what identifies it, or in its amounts; ë is e, and A is a."""
        known = self.known
        amounts = (self.amount, known.invoice.total)
        written = [format_amount(each, known.invoice.currency, language) for each in amounts]
        bare = [to_decimal(each) for each in amounts]
        names = [known.invoice.number, self.biller_name, self.contract_name, *known.reference.values.values()]
        text = _plain(" ".join([*names, *written, *bare, *(each.replace(".", ",") for each in bare)]))
        return all(word in text for word in _plain(words).split())


class Sum(Struct, frozen=True):
    """What some invoices come to, in minor units, and how many they are."""

    amount: int
    count: int


class Owed(Struct, frozen=True):
    """The sums of one currency; what is soon to be paid is not overdue yet."""

    currency: str
    total: Sum
    soon: Sum
    overdue: Sum


async def invoices_in(faturat: Faturat, customer: str, states: Sequence[InvoiceState]) -> list[KnownInvoice]:
    """All invoices of a customer's contracts in some states."""
    found: list[KnownInvoice] = []
    while True:
        after = found[-1].id if found else ""
        batch = await faturat.invoices.of(customer, states=states, after=after, limit=BATCH)
        found += batch
        if len(batch) < BATCH:
            return found


async def unpaid_invoices(faturat: Faturat, customer: str, contracts: Sequence[Contract]) -> list[OwedInvoice]:
    """All invoices of a customer's contracts that are open or being paid, as `in_order` has them."""
    rows = await invoices_in(faturat, customer, UNPAID)
    paying = await under_way(faturat, customer, rows)
    return in_order(faturat, contracts, rows, paying, company_day(faturat.clock.now()))


def in_order(
    faturat: Faturat,
    contracts: Sequence[Contract],
    rows: Sequence[KnownInvoice],
    paying: Mapping[str, UnderWay],
    today: date,
) -> list[OwedInvoice]:
    """Invoices with what they are for, by the day they are due; `paying` has what is under way, by invoice id."""
    names: Mapping[str, str] = {contract.id: contract.name for contract in contracts}
    return [
        OwedInvoice(
            known=known,
            biller_name=biller_name(faturat, known.biller),
            category=biller_category(faturat, known.biller),
            contract_name=names.get(known.contract or "", ""),
            days=None if known.invoice.due_on is None else (known.invoice.due_on - today).days,
            payment=paying.get(known.id),
        )
        for known in sorted(rows, key=by_due_day)
    ]


def owed_sums(invoices: Sequence[OwedInvoice]) -> list[Owed]:
    """The sums by currency."""
    return [
        Owed(
            currency,
            total=_sum(theirs),
            soon=_sum([each for each in theirs if each.due is Due.SOON]),
            overdue=_sum([each for each in theirs if each.due is Due.OVERDUE]),
        )
        for currency in sorted({each.known.invoice.currency for each in invoices})
        for theirs in [[each for each in invoices if each.known.invoice.currency == currency]]
    ]


def _sum(invoices: Sequence[OwedInvoice]) -> Sum:
    return Sum(sum(each.amount for each in invoices), len(invoices))


def _plain(text: str) -> str:
    """Without case and without the marks on letters."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
