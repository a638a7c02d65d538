"""Cases: contrary evidence about a payment that has ended, or that a person is looking at. The payment's row stays."""

import hashlib
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from faturat.clock import new_id
from faturat.payments.types import Payment, Rejected, Settled
from faturat.payments.types import PaymentState as S

_NOT_TAKEN = frozenset({S.REJECTED, S.NOT_SENT, S.RELEASING, S.FAILED, S.DECLINED, S.CANCELLED, S.EXPIRED})
"""States with which a company's no agrees."""


class CaseSource(StrEnum):
    COMPANY = "company"
    """The company said it: in a file, or in an answer that came too late."""
    RECONCILIATION = "reconciliation"
    """The company's list of what it booked differs from ours."""
    OPERATOR = "operator"
    """A person heard of it, as of a payment that bounced."""


class AdjustmentKind(StrEnum):
    NONE = "none"
    """The evidence changes nothing."""
    REFUND = "refund"
    """The customer gets money back."""
    COLLECT = "collect"
    """The customer owes the money that was returned, for the company has it."""
    WRITE_OFF = "write_off"
    """The bank bears the amount."""


class Adjustment(Struct, frozen=True, kw_only=True):
    """How a case was resolved. Faturat moves no money for it: `booking` names the entry in the bank's own books.

    `amount` is in minor units; with NONE it is 0 and there is no booking.
    """

    kind: AdjustmentKind
    amount: int
    booking: str


class Case(Struct, frozen=True, kw_only=True):
    """Contrary evidence about one payment; open until it has an adjustment.

    `said` is what was learnt, as codes, numbers and amounts; the same said twice is one case. `state` is the
    payment's when the case was opened.
    """

    id: str
    payment: str
    source: CaseSource
    state: str
    said: str
    opened_at: datetime
    closed_at: datetime | None = None
    adjustment: Adjustment | None = None

    @property
    def said_hash(self) -> str:
        """By which a repeat is recognised."""
        return hashlib.sha256(f"{self.source}\n{self.said}".encode()).hexdigest()


def new_case(payment: Payment, source: CaseSource, said: str, now: datetime) -> Case:
    return Case(
        id=new_id("cas", now), payment=payment.id, source=source, state=payment.state.value, said=said, opened_at=now
    )


def is_contrary(payment: Payment, outcome: Settled | Rejected) -> bool:
    """Whether an answer says something else than what the payment came to, or is coming to."""
    if isinstance(outcome, Rejected):
        return payment.state not in _NOT_TAKEN
    known, said = payment.receipt, outcome.receipt
    return known is None or (known.number, known.amount) != (said.number, said.amount)


def words_of(outcome: Settled | Rejected) -> str:
    """An answer as codes and numbers, without personal data."""
    if isinstance(outcome, Rejected):
        return f"rejected={outcome.reason}"
    receipt = outcome.receipt
    return f"settled receipt={receipt.number} amount={receipt.amount} at={receipt.settled_at.isoformat()}"
