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
    Payment,
    format_amount,
    to_decimal,
)
from faturat_server.pages.facts import biller_category, biller_name, remainder

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
    payment: Payment | None = None

    @property
    def amount(self) -> int:
        return remainder(self.known, self.payment)

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
        """Whether each word that was typed stands in what identifies it, or in its amount; ë is e, and A is a."""
        known, bare = self.known, to_decimal(self.amount)
        amounts = [format_amount(self.amount, known.invoice.currency, language), bare, bare.replace(".", ",")]
        names = [known.invoice.number, self.biller_name, self.contract_name, *known.reference.values.values()]
        text = _plain(" ".join([*names, *amounts]))
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


def listed_invoices(
    faturat: Faturat,
    contracts: Sequence[Contract],
    unpaid: Sequence[KnownInvoice],
    paying: Mapping[str, Payment],
    today: date,
) -> list[OwedInvoice]:
    """Invoices that are open or being paid: the one due first comes first, those without a day last.

    `paying` has the payments that are under way, by invoice id.
    """
    names: Mapping[str, str] = {contract.id: contract.name for contract in contracts}
    found = [
        OwedInvoice(
            known=known,
            biller_name=biller_name(faturat, known.biller),
            category=biller_category(faturat, known.biller),
            contract_name=names.get(known.contract or "", ""),
            days=None if known.invoice.due_on is None else (known.invoice.due_on - today).days,
            payment=paying.get(known.id),
        )
        for known in unpaid
    ]
    return sorted(found, key=_urgency)


def owed_invoices(
    faturat: Faturat,
    contracts: Sequence[Contract],
    unpaid: Sequence[KnownInvoice],
    paying: Mapping[str, Payment],
    today: date,
) -> list[OwedInvoice]:
    """Those of which something is owed, in the same order."""
    return [each for each in listed_invoices(faturat, contracts, unpaid, paying, today) if each.is_owed]


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


def _urgency(owed: OwedInvoice) -> tuple[bool, date, date, str]:
    invoice = owed.known.invoice
    return invoice.due_on is None, invoice.due_on or invoice.issued_on, invoice.issued_on, owed.known.id


def _plain(text: str) -> str:
    """Without case and without the marks on letters."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
