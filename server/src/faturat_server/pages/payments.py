"""One payment: what became of it."""

from collections.abc import Sequence
from datetime import date, datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from faturat import Contract, Faturat, KnownInvoice, Payment, PaymentState, Text
from faturat.notices.rules import OWN_DOING
from faturat.payments.later import day_of
from faturat.payments.service_level import ServiceLevel
from faturat.payments.states import TERMINAL
from faturat_server.access.types import User
from faturat_server.pages.facts import Fact, account_name, biller_name, payment_facts, registered_contracts
from faturat_server.pages.look_up import registration_path
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.pages.visitor import language_of
from faturat_server.receipts.service import Receipts
from faturat_server.wording import payment_message

STAGES = {
    PaymentState.SCHEDULED: "scheduled",
    PaymentState.PAID: "paid",
    PaymentState.PENDING: "pending",
    PaymentState.UNKNOWN: "unknown",
    PaymentState.UNDER_REVIEW: "under_review",
    PaymentState.DECLINED: "failed",
    PaymentState.CANCELLED: "failed",
    PaymentState.EXPIRED: "failed",
    PaymentState.FAILED: "failed",
}
"""What a customer needs to tell apart; a payment in any other state is under way. What they cancelled is no failure."""

CANCELLED_BY = {
    "cancelled": Text("nga ju", "by you"),
    "autopay_changed": Text("me ndryshimin e urdhrit të përhershëm", "as the standing order was changed"),
    "autopay_stopped": Text("me ndalimin e urdhrit të përhershëm", "as the standing order was stopped"),
    "contract_removed": Text("me heqjen e kontratës", "as the contract was removed"),
}
"""By whom or by what, by the reasons of OWN_DOING."""
SKIPPED = Text("kapërcyer nga ju", "skipped by you")


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
    contract: Contract | None
    """The contract that it was for, as its customer has it registered now."""
    facts: tuple[Fact, ...]
    """Its reference."""
    invoice: KnownInvoice | None
    on: date | None
    """The day for which it is scheduled."""
    cancelled: Text | None
    """By whom or by what it was cancelled, or skipped; None where that was none of the customer's doing."""


@get("/pagesat/{payment:str}")
async def payment_result(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    receipts: NamedDependency[Receipts],
    user: NamedDependency[User],
    payment: FromPath[str],
) -> Page:
    view = await payment_view(request, faturat, await faturat.payments.get(user.customer, payment))
    return render(
        request,
        "payment.html",
        view=view,
        returned=await receipts.returned(view.payment),
        account=await account_name(faturat, view.payment),
        register=register_path(faturat, view),
    )


@get("/pagesat/{payment:str}/gjendja")
async def payment_state(
    faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]
) -> Response[dict[str, int | bool]]:
    """For static/payment.js: which version of the payment there is now, and whether it has ended."""
    found = await faturat.payments.get(user.customer, payment)
    content = {"version": found.version, "ended": found.state in TERMINAL}
    return Response(content, headers={"Cache-Control": "no-store"})


def stage_of(payment: Payment) -> str:
    if payment.state is PaymentState.CANCELLED and payment.reason in OWN_DOING:
        return "cancelled"
    return STAGES.get(payment.state, "under_way")


def is_skipped(payment: Payment) -> bool:
    """Whether its customer cancelled what a standing order had planned."""
    return payment.autopay is not None and payment.state is PaymentState.CANCELLED and payment.reason == "cancelled"


async def payment_view(request: PageRequest, faturat: Faturat, payment: Payment) -> PaymentView:
    [view] = await payment_views(request, faturat, payment.order.customer, [payment])
    return view


async def payment_views(
    request: PageRequest, faturat: Faturat, customer: str, payments: Sequence[Payment]
) -> list[PaymentView]:
    """Payments of one customer, their invoices and contracts read in one go."""
    invoices = await faturat.invoices.find_all(customer, [each.invoice for each in payments])
    contracts = await registered_contracts(faturat, customer)
    return [
        _view(
            request,
            faturat,
            each,
            invoices.get(each.invoice),
            contracts.get((each.order.biller, each.order.reference)),
        )
        for each in payments
    ]


def _view(
    request: PageRequest, faturat: Faturat, payment: Payment, invoice: KnownInvoice | None, contract: Contract | None
) -> PaymentView:
    of_contract = contract is not None or (invoice is not None and invoice.contract is not None)
    level = faturat.operators.level(payment)
    ahead = level is not None and level.next_question is not None and level.next_question > faturat.clock.now()
    return PaymentView(
        payment,
        stage_of(payment),
        payment_message(faturat, payment, language_of(request)),
        level,
        level.next_question if level is not None and ahead else None,
        biller_name(faturat, payment.order.biller),
        contract,
        payment_facts(faturat, payment, of_contract),
        invoice,
        day_of(payment),
        _cancelled_by(payment),
    )


def _cancelled_by(payment: Payment) -> Text | None:
    if stage_of(payment) != "cancelled":
        return None
    return SKIPPED if is_skipped(payment) else CANCELLED_BY[payment.reason]


def register_path(faturat: Faturat, view: PaymentView) -> str | None:
    """After a payment without a contract: where its reference can be registered, if it can and is not by now."""
    if view.contract is not None or view.invoice is None or view.invoice.contract is not None:
        return None
    biller = faturat.billers.get(view.invoice.biller)
    kind = None if biller is None else biller.kind(view.invoice.reference.kind)
    return registration_path(view.invoice) if kind is not None and kind.registrable else None
