"""Which invoices autopay pays, on which day, and which not: pure. Never above its limits, whatever comes when."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from faturat.autopay.types import Preview, Refused, Terms
from faturat.clock import company_day
from faturat.errors import FaturatError
from faturat.invoices.types import InvoiceState, KnownInvoice
from faturat.money import MAX_MINOR
from faturat.payments.later import FARTHEST
from faturat.payments.types import Payment
from faturat.payments.types import PaymentState as S

MOST_DAYS_BEFORE = 14
A_YEAR = timedelta(days=365)
"""How far back a preview looks."""
MOST_CHANGES = 2
"""An invoice whose total had changed so often on its day is its customer's to pay: it grows each day, it seems."""
MOVED_NOTHING = frozenset({S.CANCELLED, S.EXPIRED, S.DECLINED, S.FAILED})
"""Ends of a payment that leave its part of the month's limit to others."""
TRIED_AGAIN = frozenset(
    {"amount_changed", "autopay_changed", "autopay_stopped", "contract_removed", "silent_that_day", "expired"}
)
"""Reasons for such an end after which the invoice, as it then is, is looked at anew. The customer's own no is none."""


def check_terms(terms: Terms) -> None:
    """Raises FaturatError bad_limit or bad_days_before, with the field."""
    for field in ("most_per_invoice", "most_per_month"):
        if not 0 < getattr(terms, field) <= MAX_MINOR:
            raise FaturatError("bad_limit", field=field)
    if terms.most_per_month < terms.most_per_invoice:
        raise FaturatError("month_below_invoice", field="most_per_month")
    if not 0 <= terms.days_before <= MOST_DAYS_BEFORE:
        raise FaturatError("bad_days_before", field="days_before", limit=MOST_DAYS_BEFORE)


def decide(
    terms: Terms,
    known: KnownInvoice,
    earlier: Sequence[Payment],
    today: date,
    planned: Sequence[tuple[date, int]] = (),
) -> date | Refused:
    """The day on which to pay an open invoice, or why not.

    `earlier` are the payments that autopay scheduled for the contract, all of them or the newest; `planned` are days
    and amounts of others to come, which take their part of the month's limit too.
    """
    own = of_invoice(earlier, known)
    if own and not may_try_again(max(own, key=lambda payment: payment.id)):
        return Refused.DONE
    if sum(payment.reason == "amount_changed" for payment in own) >= MOST_CHANGES:
        return Refused.DONE
    on = day_for(terms, known, today)
    if on > today + FARTHEST:
        return Refused.TOO_EARLY
    spent = sum(payment.order.amount for payment in earlier if counts(payment) and same_month(day(payment), on))
    return refusal(terms, known, spent + sum(amount for then, amount in planned if same_month(then, on))) or on


def urgency(known: KnownInvoice) -> tuple[date, date, str]:
    """Those to be paid first come first, for they may use up the month's limit."""
    issued_on = known.invoice.issued_on
    return known.invoice.due_on or issued_on, issued_on, known.id


def day_for(terms: Terms, known: KnownInvoice, today: date) -> date:
    """So many days before the day by which to pay; tomorrow where that is over, or where there is no such day."""
    tomorrow, due_on = today + timedelta(days=1), known.invoice.due_on
    return tomorrow if due_on is None else max(due_on - timedelta(days=terms.days_before), tomorrow)


def refusal(terms: Terms, known: KnownInvoice, spent: int) -> Refused | None:
    """What stands against paying an invoice in full where so much was spent in the month of its payment."""
    total = known.invoice.total
    if not known.invoice.payable.accepts(total):
        return Refused.NOT_IN_FULL
    if total > terms.most_per_invoice:
        return Refused.ABOVE_INVOICE
    return Refused.ABOVE_MONTH if spent + total > terms.most_per_month else None


def counts(payment: Payment) -> bool:
    """Whether a payment takes its part of the month's limit: it is scheduled, under way or paid."""
    return payment.state not in MOVED_NOTHING


def of_invoice(payments: Sequence[Payment], known: KnownInvoice) -> list[Payment]:
    """Those of one invoice, by the company's key: with a contract that was taken back it has another row."""
    return [payment for payment in payments if payment.order.invoice_key == known.invoice.invoice_key]


def may_try_again(payment: Payment) -> bool:
    return payment.state in MOVED_NOTHING and payment.reason in TRIED_AGAIN


def day(payment: Payment) -> date:
    """The day for which a payment was scheduled, whatever became of it."""
    return company_day(payment.expires_at - timedelta(seconds=1))


def same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def upcoming(
    terms: Terms, rows: Sequence[KnownInvoice], earlier: Sequence[Payment], today: date
) -> tuple[Preview, ...]:
    """What these terms make of open invoices as they stand; each takes its part of the month's limit from the next."""
    planned: list[tuple[date, int]] = []
    found = []
    for known in sorted(rows, key=urgency):
        on = decide(terms, known, earlier, today, planned)
        if isinstance(on, Refused):
            found.append(Preview(known, None, on))
        else:
            planned.append((on, known.invoice.total))
            found.append(Preview(known, on, None))
    return tuple(found)


def preview(terms: Terms, rows: Sequence[KnownInvoice], now: datetime) -> tuple[Preview, ...]:
    """What these terms would have made of the last year's invoices, oldest first, had each come on its own day.

    Each with its total as it is known; what was paid elsewhere meanwhile is not known on that day, and counts. What is
    open still is not among them: `upcoming` says what becomes of it.
    """
    since = company_day(now) - A_YEAR
    spent: dict[tuple[int, int], int] = {}
    found = []
    for known in sorted(rows, key=lambda row: (row.invoice.issued_on, row.id)):
        paid_before = known.version == 1 and known.state is InvoiceState.PAID_ELSEWHERE
        if known.invoice.issued_on < since or known.state is InvoiceState.OPEN or paid_before:
            continue
        on = day_for(terms, known, known.invoice.issued_on)
        month = (on.year, on.month)
        refused = refusal(terms, known, spent.get(month, 0))
        if refused is None:
            spent[month] = spent.get(month, 0) + known.invoice.total
        found.append(Preview(known, on if refused is None else None, refused))
    return tuple(found)
