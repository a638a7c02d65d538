"""Notices and their deliveries."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct


class NoticeEvent(StrEnum):
    """What a customer hears of. Each has its words in `wording`."""

    INVOICE_NEW = "invoice_new"
    INVOICE_CHANGED = "invoice_changed"
    INVOICE_WITHDRAWN = "invoice_withdrawn"
    INVOICE_DUE = "invoice_due"
    PAYMENT_SETTLED = "payment_settled"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_DELAYED = "payment_delayed"
    PAYMENT_REVIEW = "payment_review"
    AUTOPAY_PLANNED = "autopay_planned"
    AUTOPAY_LEFT = "autopay_left"


OF_INVOICES = frozenset(
    {
        NoticeEvent.INVOICE_NEW,
        NoticeEvent.INVOICE_CHANGED,
        NoticeEvent.INVOICE_WITHDRAWN,
        NoticeEvent.INVOICE_DUE,
        NoticeEvent.AUTOPAY_LEFT,
    }
)
"""The others are about a payment."""


class Named(Struct, frozen=True):
    """What a customer calls an invoice: their contract's name (empty: there is none) and the invoice's number."""

    contract: str
    number: str


class NoticeFacts(Struct, frozen=True):
    """What a notice says, kept as data so that each channel words it in its language; amounts in minor units.

    `total` is the invoice's, or what a payment pays. `contract_name` is empty where there is no contract.
    """

    biller_name: str
    contract_name: str
    number: str
    total: int
    currency: str
    due_on: date | None
    was: int | None = None
    """The total before, of a changed invoice."""
    days: int | None = None
    """From the notice's day to `due_on`."""
    elsewhere: bool = False
    """The company says that the invoice was paid by another way than this."""
    returned: bool = False
    """Money had been held for a payment that failed, and is the customer's again."""
    pays_on: date | None = None
    """The day on which autopay pays."""
    unpayable: str = ""
    """Why autopay does not pay, by an error's code or what the terms say against it; there is no payment then."""
    contract: str | None = None
    """The id of the contract whose autopay that is."""


class Notice(Struct, frozen=True, kw_only=True):
    """One message to one customer about one event; there is one of each (customer, event, subject, version).

    `subject` is the id of what it is about, an invoice or a payment, and `version` tells apart what may happen to it
    more than once: an invoice's or a payment's version, or the days until an invoice is due, plus one. What autopay
    leaves is known by its contract and the company's key, which outlast the invoice's row. `invoice` is the id of the
    invoice that it leads to.
    """

    id: str
    customer: str
    event: NoticeEvent
    subject: str
    version: int
    invoice: str
    facts: NoticeFacts
    created_at: datetime

    @property
    def payment(self) -> str | None:
        """The id of the payment that it is about; None where it is about an invoice."""
        return None if self.event in OF_INVOICES else self.subject


class Delivery(Struct, frozen=True, kw_only=True):
    """One call that an observer is owed: a notice to deliver, or a change to hear of.

    `hook` names the observer's hook, `subject` what it is about (a notice, payment or invoice id), at `version`.
    It is tried until it succeeds or `deadline` passes.
    """

    id: str
    channel: str
    hook: str
    subject: str
    version: int
    due_at: datetime
    deadline: datetime
    attempts: int = 0
