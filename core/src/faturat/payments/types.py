"""Orders, outcomes and the life of a payment; all amounts in minor units."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from faturat.audit import AuditEntry
from faturat.billers import Reference
from faturat.invoices.types import InvoiceState
from faturat.notices.types import Delivery, Notice


class Order(Struct, frozen=True, kw_only=True):
    """What a payment asks of bank and biller. `id` is the framework's own and the only upstream reference."""

    id: str
    customer: str
    account: str
    biller: str
    reference: Reference
    invoice_key: str
    amount: int
    currency: str
    part: int = 1
    fee: int = 0
    created_at: datetime

    @property
    def to_hold(self) -> int:
        return self.amount + self.fee


class Receipt(Struct, frozen=True):
    """The biller's proof of settlement."""

    number: str
    settled_at: datetime
    amount: int


class Rejection(StrEnum):
    """Why a biller refused an order for good."""

    AMOUNT_CHANGED = "amount_changed"
    ALREADY_PAID = "already_paid"
    UNKNOWN_REFERENCE = "unknown_reference"
    NOT_ACCEPTED = "not_accepted"


class Settled(Struct, frozen=True, tag="settled"):
    receipt: Receipt


class Rejected(Struct, frozen=True, tag="rejected"):
    """The biller's explicit and final no. Never said on a time-out, a 5xx or an unrecognised reply."""

    reason: Rejection


class Pending(Struct, frozen=True, tag="pending"):
    """The biller has the order and settles it later."""


class Unknown(Struct, frozen=True, tag="unknown"):
    """It may have happened. `why` is a short code for operators, without personal data."""

    why: str


class NotSent(Struct, frozen=True, tag="not_sent"):
    """No byte left for the biller. Said by the gate alone, never by a plugin."""

    why: str


class NotFound(Struct, frozen=True, tag="not_found"):
    """The biller does not know the order, as of now."""


Outcome: TypeAlias = Settled | Rejected | Pending | Unknown | NotSent
StatusReply: TypeAlias = Settled | Rejected | Pending | Unknown | NotFound


class PaymentState(StrEnum):
    SCHEDULED = "scheduled"
    CONFIRMING = "confirming"
    CREATED = "created"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    HOLDING = "holding"
    HELD = "held"
    DECLINED = "declined"
    SUBMITTING = "submitting"
    SETTLED = "settled"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    PENDING = "pending"
    UNKNOWN = "unknown"
    UNDER_REVIEW = "under_review"
    CAPTURING = "capturing"
    PAID = "paid"
    RELEASING = "releasing"
    FAILED = "failed"


class Payment(Struct, frozen=True, kw_only=True):
    """The life of one order, as its row stands at `version`.

    `state_since` is when this state began and `due_at` when the payment is to be continued by a worker; None: not
    until somebody acts. `expires_at` is the last moment to begin to move money. `submitted_at` is set once, before
    the biller is first called. `chain_head` is the hash of the newest event.
    """

    order: Order
    invoice: str
    state: PaymentState
    version: int
    state_since: datetime
    due_at: datetime | None
    expires_at: datetime
    quoted_total: int
    """The invoice's total that the customer saw; with another one no money moves."""
    chain_head: str
    reason: str = ""
    """A code of messages.py for what ended or halted the payment; empty where nothing went wrong."""
    reason_amount: int | None = None
    """The amount that belongs to the reason: the account's balance, or the biller's new total."""
    hold_expires_at: datetime | None = None
    submitted_at: datetime | None = None
    asked: int = 0
    """How often the biller was asked for the outcome since it became unknown or pending."""
    receipt: Receipt | None = None
    autopay: str | None = None
    """The contract whose autopay scheduled it; None: its customer asked for it."""

    @property
    def id(self) -> str:
        return self.order.id


class PaymentEvent(Struct, frozen=True, kw_only=True):
    """One transition. `hash` covers this event and the one before it; nothing in it is personal."""

    payment: str
    version: int
    at: datetime
    before: str
    after: str
    reason: str
    evidence: str
    """What was read from bank or biller, as codes, numbers and amounts."""
    previous_hash: str
    hash: str


class IdempotencyKey(Struct, frozen=True, kw_only=True):
    """The caller's own name for one payment; `body_hash` tells a repeat from another request with the same key."""

    customer: str
    key: str
    body_hash: str


class PaymentFilter(Struct, frozen=True, kw_only=True):
    """Which payments a list is narrowed down to; the default narrows nothing.

    `since` and `until` bound when they were created, the first included and the second not.
    """

    since: datetime | None = None
    until: datetime | None = None
    biller: str | None = None
    states: tuple[PaymentState, ...] = ()

    def admits(self, payment: Payment) -> bool:
        created_at = payment.order.created_at
        return (
            (self.since is None or created_at >= self.since)
            and (self.until is None or created_at < self.until)
            and self.biller in (None, payment.order.biller)
            and (not self.states or payment.state in self.states)
        )


EVERY_PAYMENT = PaymentFilter()


class Plan(Struct, frozen=True, kw_only=True):
    """One transition, for the store to commit whole or refuse.

    `payment` is the row after it; `expected` the version that the row must have now (0: there is none yet).
    `invoice_state` is what every row of (biller, invoice_key, part) becomes where it was open or paying. `audit` is the
    deed of the operator who caused it, if one did. A notice is stored once per (customer, event, subject, version), its
    deliveries with it. `autopay_version` is that which the payment's autopay must have now, and which goes one on.
    """

    payment: Payment
    expected: int
    event: PaymentEvent
    invoice_state: InvoiceState | None = None
    key: IdempotencyKey | None = None
    notices: tuple[Notice, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    audit: AuditEntry | None = None
    autopay_version: int | None = None
