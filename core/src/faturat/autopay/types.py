"""The terms on which a contract's invoices are paid by themselves."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from faturat.invoices.types import KnownInvoice


class Terms(Struct, frozen=True, kw_only=True):
    """What a customer allows; amounts in minor units."""

    account: str
    most_per_invoice: int
    most_per_month: int
    """Of all payments whose day lies in one calendar month of Albania."""
    days_before: int
    """How many days before the day by which to pay."""


class Autopay(Struct, frozen=True, kw_only=True):
    """A contract's autopay, as its row stands at `version`, which each change and each payment that it schedules moves.

    `due_at` is when its invoices are looked at next; None: it is stopped.
    """

    contract: str
    customer: str
    terms: Terms
    version: int
    changed_at: datetime
    due_at: datetime | None
    seen: tuple[tuple[str, int], ...] = ()
    """Key and total of each invoice that these terms left to the customer as they were set; `upcoming` says so."""


class Refused(StrEnum):
    """Why an invoice is not paid by itself."""

    DONE = "done"
    """A payment of it was scheduled before: it is under way, or ended in a way that is not tried again."""
    NOT_IN_FULL = "not_in_full"
    """Its company does not take its total."""
    ABOVE_INVOICE = "above_invoice"
    ABOVE_MONTH = "above_month"
    TOO_EARLY = "too_early"
    """Its day is farther ahead than a payment may be scheduled."""


class Preview(Struct, frozen=True):
    """What becomes of an invoice by some terms: the day of its payment, or why there is none."""

    known: KnownInvoice
    on: date | None
    refused: Refused | None
