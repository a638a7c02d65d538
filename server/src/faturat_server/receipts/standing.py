"""What became of the money that a receipt is about, for whoever holds the paper."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from faturat import Payment, PaymentState
from faturat.clock import company_day
from faturat.operators.cases import AdjustmentKind, Case

_GOES_BACK = (PaymentState.REJECTED, PaymentState.RELEASING, PaymentState.FAILED)


class Standing(StrEnum):
    PAID = "paid"
    UNDER_WAY = "under_way"
    """The company has the money; the bank has not completed the payment yet."""
    QUESTIONED = "questioned"
    """Something contradicts the payment, and a person has not decided about it yet."""
    RETURNED = "returned"


class Returned(Struct, frozen=True):
    """What went back to whoever paid, in minor units, and when the last of it did."""

    amount: int
    day: date


def standing_of(payment: Payment, cases: Sequence[Case]) -> tuple[Standing, Returned | None]:
    """How it stands with a payment that once had a receipt; `cases` are all that were opened about it."""
    if payment.state in _GOES_BACK:
        return Standing.RETURNED, Returned(payment.order.to_hold, company_day(payment.state_since))
    if (returned := _refunded(cases)) is not None:
        return Standing.RETURNED, returned
    if any(case.closed_at is None for case in cases):
        return Standing.QUESTIONED, None
    return (Standing.PAID if payment.state is PaymentState.PAID else Standing.UNDER_WAY), None


def _refunded(cases: Sequence[Case]) -> Returned | None:
    refunds = [
        (case.adjustment.amount, company_day(case.closed_at))
        for case in cases
        if case.closed_at is not None and case.adjustment is not None and case.adjustment.kind is AdjustmentKind.REFUND
    ]
    return Returned(sum(amount for amount, _ in refunds), max(day for _, day in refunds)) if refunds else None
