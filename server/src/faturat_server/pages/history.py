"""The payments that a customer made: a list to narrow down by month and company, and the same as a spreadsheet."""

import asyncio
from datetime import date
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from faturat import Faturat, FaturatError, KnownInvoice, Language, Payment, PaymentFilter, PaymentState
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.history_csv import HistoryRow, as_csv
from faturat_server.months import month_bounds, month_code, month_of, months_to, read_month
from faturat_server.pages.facts import Registered, biller_name, known_biller, reference_facts, registered_contracts
from faturat_server.pages.payments import payment_views, stage_of
from faturat_server.pages.rendering import Page, PageRequest, render, write_month
from faturat_server.pages.visitor import language_of

PAGE = 20
SCHEDULED = PaymentFilter(states=(PaymentState.SCHEDULED,))
MONTHS = 24
"""How many months there are to choose from; the address of an older one is understood."""


class Filter(Struct, frozen=True):
    """What the list is narrowed to, as it was chosen; an empty text narrows nothing."""

    month: str
    company: str

    def query(self, **more: str) -> str:
        chosen = {"muaji": self.month, "kompania": self.company} | more
        return urlencode({name: value for name, value in chosen.items() if value})


@get("/pagesat")
async def history(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    muaji: FromQuery[str] = "",
    kompania: FromQuery[str] = "",
    para: FromQuery[str] = "",
) -> Page:
    """The newest payments, or those before the payment `para`."""
    chosen, month = Filter(muaji, kompania), None
    error: FaturatError | None = None
    found: list[Payment] = []
    try:
        month = _month(chosen)
        found = await faturat.payments.of(user.customer, para, PAGE + 1, _wanted(faturat, chosen))
    except FaturatError as refused:
        error = refused
    narrowed = bool(chosen.query())
    # what is only planned is no history: it stands above the list, unless somebody looks for it
    made = [each for each in found[:PAGE] if narrowed or each.state is not PaymentState.SCHEDULED]
    planned = [] if narrowed or para or error else await faturat.payments.all_of(user.customer, SCHEDULED)
    return render(
        request,
        "payments.html",
        200 if error is None else status_of(error),
        views=await payment_views(request, faturat, user.customer, made),
        planned=await payment_views(request, faturat, user.customer, sorted(planned, key=lambda row: row.expires_at)),
        older=f"/pagesat?{chosen.query(para=found[PAGE - 1].id)}" if len(found) > PAGE else None,
        chosen=chosen,
        months=_months(faturat, month, language_of(request)),
        billers=[(each.id, each.name) for each in faturat.billers.values()],
        error=error,
    )


@get("/pagesat/csv")
async def history_csv(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    muaji: FromQuery[str] = "",
    kompania: FromQuery[str] = "",
) -> Page:
    """All that the list shows, over all its pages."""
    paid = await faturat.payments.all_of(user.customer, _wanted(faturat, Filter(muaji, kompania)))
    contracts = await registered_contracts(faturat, user.customer)
    invoices = await faturat.invoices.find_all(user.customer, [each.invoice for each in paid])
    rows = [_row(faturat, payment, invoices.get(payment.invoice), contracts) for payment in paid]
    content = await asyncio.to_thread(as_csv, rows, language_of(request))
    name = "-".join(["faturat", *filter(None, (muaji, kompania))])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv", headers=headers)


def _row(faturat: Faturat, payment: Payment, known: KnownInvoice | None, contracts: Registered) -> HistoryRow:
    order = payment.order
    contract = contracts.get((order.biller, order.reference))
    return HistoryRow(
        payment,
        stage_of(payment),
        biller_name(faturat, order.biller),
        "" if contract is None else contract.name,
        " · ".join(value for _, value in reference_facts(faturat, order.biller, order.reference) if value),
        "" if known is None else known.invoice.number,
    )


def _month(chosen: Filter) -> date | None:
    """Raises FaturatError unknown_choice."""
    return read_month(chosen.month) if chosen.month else None


def _wanted(faturat: Faturat, chosen: Filter) -> PaymentFilter:
    """Raises FaturatError unknown_choice, unknown_biller."""
    month = _month(chosen)
    since, until = (None, None) if month is None else month_bounds(month)
    biller = known_biller(faturat, chosen.company).id if chosen.company else None
    return PaymentFilter(since=since, until=until, biller=biller)


def _months(faturat: Faturat, chosen: date | None, language: Language) -> list[tuple[str, str]]:
    """Those to choose from, the newest first, with the one that is chosen: code and words of each."""
    months = {*months_to(month_of(faturat.clock.now()), MONTHS), *([chosen] if chosen else [])}
    return [(month_code(each), write_month(each, language)) for each in sorted(months, reverse=True)]
