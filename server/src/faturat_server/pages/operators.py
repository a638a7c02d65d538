"""What operators see first: how much waits and for how long, the payments by state and age, the record of deeds."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from faturat import Biller, Faturat, FaturatError, Payment, PaymentState, Text
from faturat.operators.words import read_age
from faturat.payments.service_level import ServiceLevel
from faturat.payments.states import LIVE
from faturat_server.failures import status_of
from faturat_server.pages.facts import biller_name, known_biller
from faturat_server.pages.operator_words import ACTIONS, HEALTH, SOURCES, STATES
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.wording import span

PAGE = 50
NEWEST_CASES = 5


class StateLine(Struct, frozen=True):
    """The payments of one state: how many, and the age of the first."""

    state: PaymentState
    count: int
    age: Text


class PaymentLine(Struct, frozen=True):
    """One payment in the operators' list; `age` is in its present state."""

    payment: Payment
    biller_name: str
    age: Text
    level: ServiceLevel | None


class Filter(Struct, frozen=True):
    """What the list shows, as it was chosen and typed; an empty text chooses all that has not ended."""

    state: str
    biller: str
    age: str

    def path(self, **more: str) -> str:
        chosen = {"gjendja": self.state, "kompania": self.biller, "mosha": self.age} | more
        return f"/operatori/pagesat?{urlencode({name: value for name, value in chosen.items() if value})}"


@get("/operatori")
async def overview(request: PageRequest, faturat: NamedDependency[Faturat]) -> Page:
    now = faturat.clock.now()
    counts = await faturat.operators.counts()
    lines = [
        StateLine(state, counts[state].count, span(now - counts[state].since)) for state in STATES if state in counts
    ]
    cases = await faturat.operators.cases(limit=NEWEST_CASES + 1)
    return render(
        request,
        "operator_overview.html",
        lines=lines,
        states=STATES,
        cases=cases[:NEWEST_CASES],
        more_cases=len(cases) > NEWEST_CASES,
        sources=SOURCES,
        companies=[(each.name, *await _health(faturat, each)) for each in faturat.billers.values()],
    )


@get("/operatori/pagesat")
async def payment_list(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    gjendja: FromQuery[str] = "",
    kompania: FromQuery[str] = "",
    mosha: FromQuery[str] = "",
    pas: FromQuery[str] = "",
) -> Page:
    """Payments, oldest first, after the payment `pas`."""
    chosen = Filter(gjendja, kompania, mosha)
    error: FaturatError | None = None
    found: list[Payment] = []
    try:
        found = await _find(faturat, chosen, pas)
    except FaturatError as refused:
        error = refused
    now = faturat.clock.now()
    lines = [
        PaymentLine(
            each, biller_name(faturat, each.order.biller), span(now - each.state_since), faturat.operators.level(each)
        )
        for each in found[:PAGE]
    ]
    return render(
        request,
        "operator_payments.html",
        200 if error is None else status_of(error),
        lines=lines,
        chosen=chosen,
        states=STATES,
        billers=list(faturat.billers.values()),
        error=error,
        next=chosen.path(pas=found[PAGE - 1].id) if len(found) > PAGE else None,
    )


@get("/operatori/veprimet")
async def deeds(request: PageRequest, faturat: NamedDependency[Faturat], para: FromQuery[str] = "") -> Page:
    """What operators did, newest first, before the deed `para`."""
    found = await faturat.operators.audit(para, PAGE + 1)
    older = found[PAGE - 1].id if len(found) > PAGE else None
    return render(request, "operator_deeds.html", deeds=found[:PAGE], actions=ACTIONS, older=older)


async def _find(faturat: Faturat, chosen: Filter, after: str) -> list[Payment]:
    """One payment more than a page shows. Raises FaturatError unknown_state, unknown_biller, bad_age."""
    states, biller = tuple(LIVE), None
    if chosen.state:
        state = next((each for each in PaymentState if each == chosen.state), None)
        if state is None:
            raise FaturatError("unknown_state", field="state", value=chosen.state[:32])
        states = (state,)
    if chosen.biller:
        biller = known_biller(faturat, chosen.biller).id
    age: timedelta = read_age(chosen.age)
    return await faturat.operators.payments(states, biller=biller, older_than=age, after=after, limit=PAGE + 1)


async def _health(faturat: Faturat, biller: Biller) -> tuple[Text, datetime | None]:
    """How a company answers, and since when not."""
    health = await faturat.health.of(biller.id)
    return HEALTH[health.state], health.since
