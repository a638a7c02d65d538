"""All that is to be paid, over all companies, to search and to narrow down."""

from collections.abc import Mapping, Sequence

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from faturat import Faturat, FaturatError, Language
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.choice import choice_of
from faturat_server.pages.facts import biller_name, scheduled_for
from faturat_server.pages.owed import Due, OwedInvoice, owed_sums, unpaid_invoices
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.pages.troubles import troubles_with
from faturat_server.pages.visitor import language_of

MAX_SEARCH = 100
SHOWN = 200
"""The most invoices that the page lists; whoever has more narrows them down."""


class Filter(Struct, frozen=True):
    """What the list is narrowed to, as it was chosen and typed; an empty text narrows nothing."""

    search: str
    company: str
    due: str


@get("/faturat/papaguara")
async def unpaid(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    kerko: FromQuery[str] = "",
    kompania: FromQuery[str] = "",
    afati: FromQuery[str] = "",
) -> Page:
    chosen = Filter(kerko.strip()[:MAX_SEARCH], kompania, afati)
    contracts = await faturat.contracts.of(user.customer)
    companies = {each.biller: biller_name(faturat, each.biller) for each in contracts}
    error: FaturatError | None = None
    found: list[OwedInvoice] = []
    try:
        owed = [each for each in await unpaid_invoices(faturat, user.customer, contracts) if each.is_owed]
        found = _narrow(owed, chosen, companies, language_of(request))
    except FaturatError as refused:
        error = refused
    shown = [each.known for each in found[:SHOWN]]
    scheduled = await scheduled_for(faturat, user.customer, shown)
    return render(
        request,
        "unpaid.html",
        200 if error is None else status_of(error),
        invoices=found[:SHOWN],
        troubles=await troubles_with(faturat, (each.biller for each in shown)),
        scheduled=scheduled,
        choose=choice_of(request, shown, scheduled),
        sums=owed_sums(found),
        count=len(found),
        chosen=chosen,
        narrowed=any((chosen.search, chosen.company, chosen.due)),
        companies=companies,
        dues=Due,
        error=error,
        max_search=MAX_SEARCH,
    )


def _narrow(
    invoices: Sequence[OwedInvoice], chosen: Filter, companies: Mapping[str, str], language: Language
) -> list[OwedInvoice]:
    """Raises FaturatError unknown_choice where a choice is none that the form offers."""
    if chosen.company and chosen.company not in companies:
        raise FaturatError("unknown_choice", field="company", value=chosen.company[:32])
    if chosen.due and chosen.due not in list(Due):
        raise FaturatError("unknown_choice", field="due", value=chosen.due[:32])
    return [
        each
        for each in invoices
        if chosen.company in ("", each.known.biller)
        and chosen.due in ("", each.due)
        and each.matches(chosen.search, language)
    ]
