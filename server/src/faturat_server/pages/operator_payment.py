"""One payment as an operator sees it, and what they may do: ask again, decide, open a case."""

from collections.abc import Mapping

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from faturat import Faturat, FaturatError
from faturat.operators.service import TO_DECIDE, Decision, Shown
from faturat.payments.states import TERMINAL
from faturat.verify import check_payment
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.facts import biller_name, reference_facts
from faturat_server.pages.forms import read_form
from faturat_server.pages.operator_words import ACTIONS, SOURCES, STATES
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.wording import decision_effect, span

SETTLED, RETURNED = "kompania", "kthim"
"""What the form says of where the money is."""
FIELDS = ("decision", "receipt", "reason", "evidence", "said")


class Typed(Struct, frozen=True):
    """What an operator typed about one payment; all empty at first."""

    decision: str = ""
    receipt: str = ""
    reason: str = ""
    evidence: str = ""
    said: str = ""


@get("/operatori/pagesat/{payment:str}")
async def payment_page(request: PageRequest, faturat: NamedDependency[Faturat], payment: FromPath[str]) -> Page:
    return await _page(request, faturat, payment)


@post("/operatori/pagesat/{payment:str}/pyet")
async def ask(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]
) -> Page:
    try:
        await faturat.operators.ask(user.username, payment)
    except FaturatError as error:
        return await _page(request, faturat, payment, error)
    return go_to(_address(payment))


@post("/operatori/pagesat/{payment:str}/konfirmo")
async def confirm(request: PageRequest, faturat: NamedDependency[Faturat], payment: FromPath[str]) -> Page:
    """What a decision will do to the money, before it is taken; what was typed wrongly comes back to its field."""
    sent = await read_form(request)
    typed = _typed(sent)
    try:
        seen, decision = await faturat.operators.check_decision(payment, _decision(sent, typed))
    except FaturatError as error:
        return await _page(request, faturat, payment, error, typed)
    return render(
        request,
        "operator_confirm.html",
        payment=seen,
        decision=decision,
        chosen=typed.decision,
        effect=decision_effect(faturat, seen, decision),
        biller_name=biller_name(faturat, seen.order.biller),
        state=STATES[seen.state],
    )


@post("/operatori/pagesat/{payment:str}/vendos")
async def decide(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]
) -> Page:
    sent = await read_form(request)
    typed = _typed(sent)
    try:
        decision = _decision(sent, typed)
        await faturat.operators.decide(user.username, payment, decision)
    except FaturatError as error:
        # a second click finds that the first has decided
        if error.code == "payment_moved" and await _decided_so(faturat, user, payment, _decision(sent, typed)):
            return go_to(_address(payment))
        return await _page(request, faturat, payment, error, typed)
    return go_to(_address(payment))


@post("/operatori/pagesat/{payment:str}/rast")
async def open_case(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]
) -> Page:
    typed = _typed(await read_form(request))
    try:
        case = await faturat.operators.open_case(user.username, payment, typed.said)
    except FaturatError as error:
        return await _page(request, faturat, payment, error, typed)
    return go_to(f"/operatori/rastet/{case.id}")


async def _page(
    request: PageRequest,
    faturat: Faturat,
    payment_id: str,
    error: FaturatError | None = None,
    typed: Typed | None = None,
) -> Page:
    """The payment as it stands now; `error` and `typed` are of an attempt to do something about it."""
    shown = await faturat.operators.show(payment_id)
    payment, order = shown.payment, shown.payment.order
    now = faturat.clock.now()
    return render(
        request,
        "operator_payment.html",
        200 if error is None else status_of(error),
        shown=shown,
        payment=payment,
        biller_name=biller_name(faturat, order.biller),
        facts=reference_facts(faturat, order.biller, order.reference),
        age=span(now - payment.state_since),
        waiting=None if shown.level is None else span(shown.level.age),
        faults=check_payment(payment, shown.events, now),
        to_decide=payment.state in TO_DECIDE,
        returnable_at=None if shown.returnable_at is None or shown.returnable_at <= now else shown.returnable_at,
        ended=payment.state in TERMINAL,
        states=STATES,
        actions=ACTIONS,
        sources=SOURCES,
        typed=typed or Typed(),
        error=error,
        general=error if error is not None and error.field not in FIELDS else None,
    )


def _typed(sent: Mapping[str, str]) -> Typed:
    return Typed(
        decision=sent.get("vendimi", ""),
        receipt=sent.get("mandati", ""),
        reason=sent.get("arsyeja", ""),
        evidence=sent.get("prova", ""),
        said=sent.get("thene", ""),
    )


def _decision(sent: Mapping[str, str], typed: Typed) -> Decision:
    """Raises FaturatError unknown_decision, receipt_of_returned; a version that is none is an old one."""
    if typed.decision not in (SETTLED, RETURNED):
        raise FaturatError("unknown_decision", field="decision")
    if typed.decision == RETURNED and typed.receipt.strip():
        raise FaturatError("receipt_of_returned", field="receipt")
    version = sent.get("versioni", "")
    return Decision(
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
        receipt=typed.receipt if typed.decision == SETTLED else None,
        reason=typed.reason,
        evidence=typed.evidence,
    )


async def _decided_so(faturat: Faturat, user: User, payment_id: str, decision: Decision) -> bool:
    shown: Shown = await faturat.operators.show(payment_id)
    words = " ".join(decision.reason.split()), " ".join(decision.evidence.split())
    return any(
        (entry.operator, entry.action, entry.reason, entry.evidence) == (user.username, decision.action, *words)
        for entry in shown.audit
    )


def _address(payment_id: str) -> str:
    return f"/operatori/pagesat/{payment_id}"
