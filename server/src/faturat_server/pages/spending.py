"""What a customer paid in the last twelve months, by month and company: a chart of bars, and the same as a table."""

from collections.abc import Sequence
from datetime import date

from litestar import get
from litestar.di import NamedDependency
from msgspec import Struct

from faturat import Category, Faturat, PaymentFilter, PaymentState
from faturat_server.access.types import User
from faturat_server.months import month_bounds, month_of, months_to
from faturat_server.pages.facts import biller_category, biller_name
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.spending import Spending, sum_up

MONTHS = 12
COLUMN, BAR, TOP, BASE = 25, 17, 22, 98
"""Of a chart, in its own units: how wide a month and its bar are, and between which heights bars stand."""


class Bar(Struct, frozen=True):
    """One month of a chart; `x` and `y` are its bar's upper left corner, zero high where nothing was paid."""

    month: date
    amount: int
    x: int
    y: int
    height: int


class Chart(Struct, frozen=True):
    """One company's months, or those of all where it has no name; `highest` is the bar that tells its amount."""

    name: str | None
    category: Category | None
    bars: tuple[Bar, ...]
    highest: Bar
    total: int


class SpendingView(Struct, frozen=True):
    """One currency: its charts, that of all companies first where there are several, and what the table says."""

    spending: Spending
    charts: tuple[Chart, ...]
    companies: tuple[str, ...]
    rows: tuple[tuple[date, int, tuple[int, ...]], ...]
    """Month, total, and each company's amount; the newest month first."""


@get("/shpenzimet")
async def spending(request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User]) -> Page:
    months = tuple(reversed(months_to(month_of(faturat.clock.now()), MONTHS)))
    since, until = month_bounds(months[0])[0], month_bounds(months[-1])[1]
    wanted = PaymentFilter(since=since, until=until, states=(PaymentState.PAID,))
    paid = await faturat.payments.all_of(user.customer, wanted)
    views = [_view(faturat, each) for each in sum_up(paid, months)]
    return render(request, "spending.html", views=views, first=months[0], last=months[-1])


def _view(faturat: Faturat, spent: Spending) -> SpendingView:
    scale = max(max(amounts) for amounts in spent.by_biller.values())
    charts = [
        _chart(biller_name(faturat, biller), biller_category(faturat, biller), spent.months, amounts, scale)
        for biller, amounts in spent.by_biller.items()
    ]
    if len(charts) > 1:
        charts.insert(0, _chart(None, None, spent.months, spent.total, max(spent.total)))
    columns = zip(*spent.by_biller.values(), strict=True)
    rows = list(zip(spent.months, spent.total, columns, strict=True))
    companies = tuple(biller_name(faturat, biller) for biller in spent.by_biller)
    return SpendingView(spent, tuple(charts), companies, tuple(reversed(rows)))


def _chart(
    name: str | None, category: Category | None, months: Sequence[date], amounts: Sequence[int], scale: int
) -> Chart:
    """`scale`: the amount whose bar reaches the top. Whatever was paid at all is to be seen."""
    bars = []
    for place, (month, amount) in enumerate(zip(months, amounts, strict=True)):
        height = max(2, amount * (BASE - TOP) // scale) if amount else 0
        bars.append(Bar(month, amount, place * COLUMN + (COLUMN - BAR) // 2, BASE - height, height))
    return Chart(name, category, tuple(bars), max(bars, key=lambda bar: bar.amount), sum(amounts))
