"""Payments made: the history, what became of one, and its receipt."""

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from faturat import Faturat, FaturatError, KnownInvoice, Payment, PaymentState
from faturat.payments.service_level import ServiceLevel
from faturat.payments.states import TERMINAL
from faturat_server.access.types import User
from faturat_server.pages.facts import Fact, biller_name, invoice_facts, shown_subscriber
from faturat_server.pages.look_up import registration_path
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.pages.visitor import language_of
from faturat_server.wording import payment_message

PAGE = 20

STAGES = {
    PaymentState.PAID: "paid",
    PaymentState.PENDING: "pending",
    PaymentState.UNKNOWN: "unknown",
    PaymentState.UNDER_REVIEW: "under_review",
    PaymentState.DECLINED: "failed",
    PaymentState.CANCELLED: "failed",
    PaymentState.EXPIRED: "failed",
    PaymentState.FAILED: "failed",
}
"""What a customer needs to tell apart; a payment in any other state is under way."""


class PaymentView(Struct, frozen=True):
    """One payment, as its pages show it; `invoice` is None where it is no longer kept."""

    payment: Payment
    stage: str
    message: str
    """Why it ended or waits; empty where nothing went wrong."""
    level: ServiceLevel | None
    next_check: datetime | None
    """When its company is asked again; None where that is now, or where a person looks at it."""
    biller_name: str
    invoice: KnownInvoice | None


@get("/pagesat")
async def payments(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], para: FromQuery[str] = ""
) -> Page:
    """The newest payments, or those before the payment `para`."""
    found = await faturat.payments.of(user.customer, para, PAGE + 1)
    views = [await _view(request, faturat, each) for each in found[:PAGE]]
    return render(request, "payments.html", views=views, older=views[-1].payment.id if len(found) > PAGE else None)


@get("/pagesat/{payment:str}")
async def payment_result(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]
) -> Page:
    view = await _view(request, faturat, await faturat.payments.get(user.customer, payment))
    return render(
        request,
        "payment.html",
        view=view,
        account=await _account_name(faturat, view.payment),
        register=_register_path(faturat, view),
    )


@get("/pagesat/{payment:str}/gjendja")
async def payment_state(
    faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]
) -> Response[dict[str, int | bool]]:
    """For static/payment.js: which version of the payment there is now, and whether it has ended."""
    found = await faturat.payments.get(user.customer, payment)
    content = {"version": found.version, "ended": found.state in TERMINAL}
    return Response(content, headers={"Cache-Control": "no-store"})


@get("/pagesat/{payment:str}/mandati")
async def receipt(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]
) -> Page:
    found, proof = await faturat.payments.receipt(user.customer, payment)
    view = await _view(request, faturat, found)
    facts: tuple[Fact, ...] = () if view.invoice is None else invoice_facts(faturat, view.invoice)
    return render(
        request,
        "receipt.html",
        view=view,
        receipt=proof,
        account=await _account_name(faturat, found),
        facts=facts,
        subscriber="" if view.invoice is None else shown_subscriber(view.invoice),
    )


async def _view(request: PageRequest, faturat: Faturat, payment: Payment) -> PaymentView:
    level = faturat.operators.level(payment)
    ahead = level is not None and level.next_question is not None and level.next_question > faturat.clock.now()
    return PaymentView(
        payment,
        STAGES.get(payment.state, "under_way"),
        payment_message(faturat, payment, language_of(request)),
        level,
        level.next_question if level is not None and ahead else None,
        biller_name(faturat, payment.order.biller),
        await faturat.invoices.find(payment.order.customer, payment.invoice),
    )


async def _account_name(faturat: Faturat, payment: Payment) -> str:
    """The name of the account, or its id where the bank does not answer or has closed it."""
    try:
        accounts = await faturat.accounts(payment.order.customer)
    except FaturatError:
        return payment.order.account
    return next((each.name for each in accounts if each.id == payment.order.account), payment.order.account)


def _register_path(faturat: Faturat, view: PaymentView) -> str | None:
    """After a payment without a contract: where its reference can be registered, if it can."""
    if view.invoice is None or view.invoice.contract is not None:
        return None
    biller = faturat.billers.get(view.invoice.biller)
    kind = None if biller is None else biller.kind(view.invoice.reference.kind)
    return registration_path(view.invoice) if kind is not None and kind.registrable else None
