"""Paying later, on a day: which days may be chosen, and when a payment of that day begins. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from faturat.clock import TIRANE, company_day, day_bounds
from faturat.errors import FaturatError
from faturat.invoices.types import KnownInvoice
from faturat.payments.types import Payment
from faturat.payments.types import PaymentState as S

BEGINS_AT = time(8)
"""When the payments of a day begin, by the clocks in Albania."""
FARTHEST = timedelta(days=90)
"""How far ahead the day of a payment may lie."""


class Days(Struct, frozen=True):
    """The days on which an invoice may be paid later, both included."""

    first: date
    last: date


def days_for(known: KnownInvoice, now: datetime) -> Days | None:
    """From tomorrow to the day by which to pay, or to the farthest day where there is none.

    None where no day is left, and for a quote: it is forgotten soon, and nobody would hear what becomes of it.
    """
    today = company_day(now)
    last = today + FARTHEST if known.invoice.due_on is None else min(known.invoice.due_on, today + FARTHEST)
    first = today + timedelta(days=1)
    return None if known.contract is None or last < first else Days(first, last)


def check_day(known: KnownInvoice, on: date, now: datetime) -> None:
    """Raises FaturatError later_without_contract, no_day_left or bad_pay_day."""
    if known.contract is None:
        raise FaturatError("later_without_contract", field="on")
    days = days_for(known, now)
    if days is None:
        raise FaturatError("no_day_left", field="on")
    if not days.first <= on <= days.last:
        raise FaturatError("bad_pay_day", field="on", first=f"{days.first:%d.%m.%Y}", last=f"{days.last:%d.%m.%Y}")


def begins_at(on: date) -> datetime:
    """The moment at which the payments of a day begin."""
    return datetime.combine(on, BEGINS_AT, TIRANE).astimezone(UTC)


def ends_at(on: date) -> datetime:
    """The moment after which no payment of a day begins any more."""
    return day_bounds(on)[1]


def nobody_waits(payment: Payment) -> bool:
    """Whether a payment that has yet to begin was scheduled, so that nobody waits for it; else it came as created."""
    return payment.state is S.SCHEDULED or (payment.state is S.CREATED and payment.version > 1)


def day_of(payment: Payment) -> date | None:
    """The day for which a payment is scheduled; None for one that is not."""
    if payment.state is not S.SCHEDULED:
        return None
    return company_day(payment.expires_at - timedelta(seconds=1))
