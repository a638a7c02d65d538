"""Cases as operators see them: the list, one case, and how it is closed."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from faturat import Faturat, FaturatError, Language
from faturat.operators.cases import Adjustment, AdjustmentKind
from faturat.payments.states import TERMINAL
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.amounts import read_amount
from faturat_server.pages.facts import biller_name
from faturat_server.pages.forms import read_form
from faturat_server.pages.operator_words import ADJUSTMENTS, SOURCES, STATES
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.pages.visitor import language_of

PAGE = 50
FIELDS = ("adjustment", "amount", "booking", "reason")


class Typed(Struct, frozen=True):
    """How an operator wants to close a case, as typed; all empty at first."""

    adjustment: str = ""
    amount: str = ""
    booking: str = ""
    reason: str = ""


@get("/operatori/rastet")
async def case_list(
    request: PageRequest, faturat: NamedDependency[Faturat], te: FromQuery[str] = "", para: FromQuery[str] = ""
) -> Page:
    """Cases, newest first, before the case `para`; `te=gjitha` shows the closed ones too."""
    every = te == "gjitha"
    found = await faturat.operators.cases(open_only=not every, before=para, limit=PAGE + 1)
    older = found[PAGE - 1].id if len(found) > PAGE else None
    return render(request, "operator_cases.html", cases=found[:PAGE], every=every, older=older, sources=SOURCES)


@get("/operatori/rastet/{case:str}")
async def case_page(request: PageRequest, faturat: NamedDependency[Faturat], case: FromPath[str]) -> Page:
    return await _page(request, faturat, case)


@post("/operatori/rastet/{case:str}/mbyll")
async def close_case(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], case: FromPath[str]
) -> Page:
    sent = await read_form(request)
    typed = Typed(
        sent.get("rregullimi", ""), sent.get("shuma", ""), sent.get("regjistrimi", ""), sent.get("arsyeja", "")
    )
    try:
        adjustment = _adjustment(typed, language_of(request))
        await faturat.operators.close_case(user.username, case, adjustment, typed.reason)
    except FaturatError as error:
        return await _page(request, faturat, case, error, typed)
    return go_to(f"/operatori/rastet/{case}")


async def _page(
    request: PageRequest,
    faturat: Faturat,
    case_id: str,
    error: FaturatError | None = None,
    typed: Typed | None = None,
) -> Page:
    """The case as it stands now; `error` and `typed` are of an attempt to close it."""
    case = await faturat.operators.case(case_id)
    payment = (await faturat.operators.show(case.payment)).payment
    return render(
        request,
        "operator_case.html",
        200 if error is None else status_of(error),
        case=case,
        payment=payment,
        biller_name=biller_name(faturat, payment.order.biller),
        ended=payment.state in TERMINAL,
        states=STATES,
        sources=SOURCES,
        adjustments=ADJUSTMENTS,
        typed=typed or Typed(),
        error=error,
        general=error if error is not None and error.field not in FIELDS else None,
    )


def _adjustment(typed: Typed, language: Language) -> Adjustment:
    """Raises FaturatError unknown_adjustment, bad_amount."""
    kind = next((each for each in AdjustmentKind if each == typed.adjustment), None)
    if kind is None:
        raise FaturatError("unknown_adjustment", field="adjustment")
    amount = read_amount(typed.amount, language) if typed.amount.strip() else 0
    return Adjustment(kind=kind, amount=amount, booking=typed.booking)
