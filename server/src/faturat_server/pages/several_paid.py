"""What became of several invoices that were confirmed at once.

The page is addressed by the confirmation's key and its invoices, and nothing of it is stored: see
`faturat.payments.several`. Somebody else's key leads to nothing: the reader's own payments alone are looked up.
"""

from collections.abc import Mapping, Sequence

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from faturat import Faturat, KnownInvoice, PaymentState
from faturat.payments.several import MOST
from faturat_server.access.types import User
from faturat_server.pages.choice import choice_path, chosen_ids, payable_in_full
from faturat_server.pages.facts import Scheduled, account_name, biller_name, scheduled_for
from faturat_server.pages.payments import PaymentView, payment_views, register_path
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.pages.several import contract_names
from faturat_server.pages.visitor import language_of
from faturat_server.wording import invoice_messages


class SummaryLine(Struct, frozen=True):
    """One of the confirmed invoices: `view` is None where its payment was not begun.

    `stage` is the payment's; else `waiting` while its turn may come, or `not_begun`. One of the two, `known` or `view`,
    is there: what was not begun and is no longer kept has nothing to be shown.
    """

    stage: str
    biller_name: str
    contract: str
    known: KnownInvoice | None
    view: PaymentView | None
    message: str
    """What its company says of an invoice that was not begun and is not to be paid; empty elsewhere."""
    planned: Scheduled | None = None
    """What was scheduled for it meanwhile, for which it was not begun."""


@get("/pagesat/bashke")
async def several_paid(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], celesi: FromQuery[str] = ""
) -> Page:
    ids = chosen_ids(request)[:MOST]
    begun = await faturat.several.begun(user.customer, ids, celesi)
    names = await contract_names(faturat, user.customer)
    known = await faturat.invoices.find_all(user.customer, ids)
    scheduled = await scheduled_for(faturat, user.customer, known.values())
    views = await payment_views(request, faturat, user.customer, list(begun.payments.values()))
    by_invoice = dict(zip(begun.payments, views, strict=True))
    found = [
        await _line(
            request,
            faturat,
            known.get(each),
            by_invoice.get(each),
            each in begun.waiting,
            names,
            scheduled.get(each),
        )
        for each in ids
    ]
    lines = [line for line in found if line is not None]
    some = next(iter(begun.payments.values()))
    rest = [
        line.known.id
        for line in lines
        if line.stage == "not_begun" and line.planned is None and line.known is not None and payable_in_full(line.known)
    ]
    return render(
        request,
        "several_paid.html",
        lines=lines,
        paid=sum(line.stage == "paid" for line in lines),
        total=sum(line.view.payment.order.amount for line in lines if line.view is not None and line.stage == "paid"),
        currency=some.order.currency,
        account=await account_name(faturat, some),
        refused=any(payment.state is PaymentState.DECLINED for payment in begun.payments.values()),
        rest=choice_path(rest) if rest else None,
        offers=_offers(faturat, lines),
    )


def _offers(faturat: Faturat, lines: Sequence[SummaryLine]) -> list[tuple[str, str]]:
    """Of what was paid without a contract: each company's name, and where its reference can be registered."""
    paid = [line.view for line in lines if line.view is not None and line.stage == "paid"]
    by_reference = {(view.payment.order.biller, view.payment.order.reference): view for view in paid}
    found = [(view.biller_name, register_path(faturat, view)) for view in by_reference.values()]
    return [(name, path) for name, path in found if path is not None]


async def _line(
    request: PageRequest,
    faturat: Faturat,
    known: KnownInvoice | None,
    view: PaymentView | None,
    waiting: bool,
    names: Mapping[str, str],
    planned: Scheduled | None,
) -> SummaryLine | None:
    contract = "" if known is None else names.get(known.contract or "", "")
    if view is not None:
        return SummaryLine(view.stage, view.biller_name, contract, known, view, "")
    if known is None:
        return None
    stage = "waiting" if waiting and planned is None else "not_begun"
    messages = await invoice_messages(faturat, [known], language_of(request))
    name = biller_name(faturat, known.biller)
    return SummaryLine(stage, name, contract, known, None, messages[known.id], planned)
