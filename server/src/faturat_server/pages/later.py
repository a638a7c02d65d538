"""Paying an invoice on a later day: the day, the confirmation, and the way back."""

import secrets

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from faturat import Faturat, FaturatError, InvoiceState, parse_decimal
from faturat.payments.later import check_day, days_for
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.amounts import read_amount
from faturat_server.pages.facts import biller_name, invoice_facts
from faturat_server.pages.forms import read_form
from faturat_server.pages.invoices import accepted_amount, card_page, chosen_account, not_paid_page
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.pages.visitor import language_of
from faturat_server.reconciliations import read_day


@get("/faturat/fatura/{invoice:str}/me-vone")
async def pay_later(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    invoice: FromPath[str],
    llogaria: FromQuery[str] = "",
    shuma: FromQuery[str] = "",
    dita: FromQuery[str] = "",
) -> Page:
    """The day to choose, and once it is chosen, the confirmation with a key of its own, as that of a payment."""
    known = await faturat.invoices.get(user.customer, invoice)
    if known.state is not InvoiceState.OPEN or await faturat.payments.scheduled_for(known) is not None:
        return go_to(f"/faturat/fatura/{known.id}")
    days = days_for(known, faturat.clock.now())
    try:
        amount = accepted_amount(faturat, known, read_amount(shuma, language_of(request)))
        account = chosen_account(await faturat.accounts(user.customer), llogaria)
        if days is None:
            raise FaturatError("no_day_left" if known.contract else "later_without_contract", field="on")
    except FaturatError as error:
        return await card_page(request, faturat, known, error, llogaria, shuma)
    on, wrong = None, None
    try:
        if dita:
            day = read_day(dita, "on")
            check_day(known, day, faturat.clock.now())
            on = day
    except FaturatError as error:
        wrong = error
    return render(
        request,
        "later.html",
        200 if wrong is None else status_of(wrong),
        known=known,
        biller_name=biller_name(faturat, known.biller),
        facts=invoice_facts(faturat, known),
        account=account,
        amount=amount,
        typed=shuma,
        on=on,
        days=days,
        chosen=dita or (days.first if known.invoice.due_on is None else days.last),
        error=wrong,
        key=secrets.token_urlsafe(24),
    )


@post("/faturat/fatura/{invoice:str}/planifiko")
async def schedule(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], invoice: FromPath[str]
) -> Page:
    sent = await read_form(request)
    account, typed, key = sent.get("llogaria", ""), sent.get("shuma", ""), sent.get("celesi", "")
    try:
        amount = parse_decimal(typed)
        seen, on = parse_decimal(sent.get("totali", "")), read_day(sent.get("dita", ""), "on")
        payment = await faturat.payments.schedule(user.customer, invoice, account, amount, key, on, seen)
    except FaturatError as error:
        return await not_paid_page(request, faturat, await faturat.invoices.get(user.customer, invoice), error, sent)
    return go_to(f"/pagesat/{payment.id}")


@post("/pagesat/{payment:str}/anulo")
async def cancel(faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]) -> Page:
    """Cancel a payment that has not begun; its page says what became of it."""
    return go_to(f"/pagesat/{(await faturat.payments.cancel(user.customer, payment)).id}")
