"""What may be promised about a payment that waits for its company: how long it has, and when a person is called."""

from datetime import datetime, timedelta

from msgspec import Struct

from faturat.billers import Biller
from faturat.payments.timing import Timing
from faturat.payments.types import Payment
from faturat.payments.types import PaymentState as S

WAITING_FOR_COMPANY = frozenset({S.SUBMITTING, S.PENDING, S.UNKNOWN})


class ServiceLevel(Struct, frozen=True, kw_only=True):
    """Where a payment stands that the company has, or may have."""

    since: datetime
    """When the company was first called."""
    age: timedelta
    """For how long it may have had the payment."""
    asked: int
    """How often it was asked what became of the payment."""
    next_question: datetime | None
    """When it is asked again; None while a person looks at the payment."""
    person_at: datetime
    """When a person is called, at the latest; in the past once one was."""


def service_level(payment: Payment, biller: Biller | None, now: datetime, timing: Timing) -> ServiceLevel | None:
    """None for a payment that does not wait for its company. Without `biller` (no plugin) its own time is unknown."""
    if payment.state is not S.UNDER_REVIEW and payment.state not in WAITING_FOR_COMPANY:
        return None
    assert payment.submitted_at is not None, "no company is waited for that was not called"
    longest = timing.unknown_limit if biller is None else timing.longest_settlement(biller)
    reviewed = payment.state is S.UNDER_REVIEW
    return ServiceLevel(
        since=payment.submitted_at,
        age=now - payment.submitted_at,
        asked=payment.asked,
        next_question=None if reviewed else payment.due_at,
        person_at=payment.state_since if reviewed else payment.submitted_at + longest,
    )
