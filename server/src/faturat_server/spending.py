"""What was paid by month and company: pure sums, for the chart and the table beside it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from faturat import Payment
from faturat_server.months import month_of


class Spending(Struct, frozen=True):
    """What was paid in one currency, in minor units, month by month as in `months`; the largest company comes first."""

    currency: str
    months: tuple[date, ...]
    total: tuple[int, ...]
    by_biller: dict[str, tuple[int, ...]]


def sum_up(payments: Iterable[Payment], months: Sequence[date]) -> list[Spending]:
    """By currency. A payment counts in the month in which it was begun, as the history lists it."""
    paid: Counter[tuple[str, str, date]] = Counter()
    for payment in payments:
        order = payment.order
        paid[order.currency, order.biller, month_of(order.created_at)] += order.amount
    return [_of_currency(currency, paid, months) for currency in sorted({currency for currency, *_ in paid})]


def _of_currency(currency: str, paid: Counter[tuple[str, str, date]], months: Sequence[date]) -> Spending:
    billers = sorted({biller for known, biller, _ in paid if known == currency})
    rows = {biller: tuple(paid[currency, biller, month] for month in months) for biller in billers}
    largest_first = dict(sorted(rows.items(), key=lambda row: -sum(row[1])))
    return Spending(currency, tuple(months), tuple(map(sum, zip(*rows.values(), strict=True))), largest_first)
