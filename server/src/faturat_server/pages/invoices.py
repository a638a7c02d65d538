"""One invoice: its card with amount and account to choose, the confirmation, and the payment."""

import secrets
from collections.abc import Mapping

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from faturat import Account, Faturat, FaturatError, InvoiceState, KnownInvoice, Language, PayChoices, parse_decimal
from faturat.invoices.types import Payable
from faturat.payments.later import day_of, days_for
from faturat.payments.service import describe_payable
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.accounts import usual_account
from faturat_server.pages.amounts import read_amount
from faturat_server.pages.bills import today_in_tirane
from faturat_server.pages.facts import biller_name, invoice_facts, shown_subscriber, under_way
from faturat_server.pages.forms import read_form
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.pages.troubles import trouble_with
from faturat_server.pages.visitor import language_of
from faturat_server.wording import invoice_messages


@get("/faturat/fatura/{invoice:str}")
async def invoice_card(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], invoice: FromPath[str]
) -> Page:
    return await card_page(request, faturat, await faturat.invoices.get(user.customer, invoice))


@get("/faturat/fatura/{invoice:str}/konfirmo")
async def confirm(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    invoice: FromPath[str],
    llogaria: FromQuery[str] = "",
    shuma: FromQuery[str] = "",
) -> Page:
    """Payee, exact amount and account once more. The key made here is what makes two clicks one payment."""
    known = await faturat.invoices.get(user.customer, invoice)
    if known.state is not InvoiceState.OPEN:
        return go_to(f"/faturat/fatura/{known.id}")
    try:
        amount = accepted_amount(faturat, known, read_amount(shuma, language_of(request)))
        account = chosen_account(await faturat.accounts(user.customer), llogaria)
    except FaturatError as error:
        return await card_page(request, faturat, known, error, llogaria, shuma)
    return render(
        request,
        "confirm.html",
        known=known,
        biller_name=biller_name(faturat, known.biller),
        facts=invoice_facts(faturat, known),
        account=account,
        amount=amount,
        trouble=await trouble_with(faturat, known.biller),
        key=secrets.token_urlsafe(24),
    )


@post("/faturat/fatura/{invoice:str}/paguaj")
async def pay(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], invoice: FromPath[str]
) -> Page:
    sent = await read_form(request)
    account, typed, key = sent.get("llogaria", ""), sent.get("shuma", ""), sent.get("celesi", "")
    try:
        amount, seen = parse_decimal(typed), parse_decimal(sent.get("totali", ""))
        payment = await faturat.payments.pay(user.customer, invoice, account, amount, key, seen)
    except FaturatError as error:
        return await not_paid_page(request, faturat, await faturat.invoices.get(user.customer, invoice), error, sent)
    return go_to(f"/pagesat/{payment.id}")


async def not_paid_page(
    request: PageRequest, faturat: Faturat, known: KnownInvoice, error: FaturatError, sent: Mapping[str, str]
) -> Page:
    """The card with what was wrong with a confirmation; a second click, while the first is on its way, leads to the
    same payment.
    """
    clicked = None
    if error.code == "key_in_use":
        clicked = await faturat.payments.by_key(known.customer, sent.get("celesi", ""))
    if clicked is not None:
        return go_to(f"/pagesat/{clicked.id}")
    return await card_page(request, faturat, known, error, sent.get("llogaria", ""), sent.get("shuma", ""))


async def card_page(
    request: PageRequest,
    faturat: Faturat,
    known: KnownInvoice,
    error: FaturatError | None = None,
    account: str | None = None,
    amount: str | None = None,
) -> Page:
    """The card; `error`, `account` and `amount` are of an attempt to pay, or what is chosen at first."""
    accounts: tuple[Account, ...] = ()
    if known.state is InvoiceState.OPEN:
        try:
            accounts = await faturat.accounts(known.customer)
        except FaturatError as silent:
            error = error or silent
    payable = known.invoice.payable
    scheduled = await faturat.payments.scheduled_for(known)
    messages = await invoice_messages(faturat, [known], language_of(request))
    return render(
        request,
        "invoice.html",
        200 if error is None else status_of(error),
        known=known,
        biller_name=biller_name(faturat, known.biller),
        facts=invoice_facts(faturat, known),
        subscriber=shown_subscriber(known),
        accounts=accounts,
        account=account or usual_account(accounts, _usual_amount(payable), known.invoice.currency),
        choices=payable.choices if isinstance(payable, PayChoices) else (),
        amount_range=None if isinstance(payable, PayChoices) else payable,
        amount=amount,
        wanted=_wanted(payable, amount, language_of(request)),
        error=error,
        message=messages[known.id],
        trouble=await trouble_with(faturat, known.biller),
        today=today_in_tirane(faturat),
        paying=(await under_way(faturat, known.customer, [known])).get(known.id),
        scheduled=scheduled,
        scheduled_on=None if scheduled is None else day_of(scheduled),
        days=days_for(known, faturat.clock.now()),
    )


def _usual_amount(payable: Payable) -> int:
    """What the card has chosen before the customer chooses."""
    return payable.choices[0].amount if isinstance(payable, PayChoices) else payable.maximum


def _wanted(payable: Payable, typed: str | None, language: Language) -> int:
    """What the card asks for: what was typed, if it can be read, else the usual amount."""
    try:
        return read_amount(typed or "", language)
    except FaturatError:
        return _usual_amount(payable)


def accepted_amount(faturat: Faturat, known: KnownInvoice, amount: int) -> int:
    """An early word, beside the field; the payment service asks again. Raises FaturatError amount_not_accepted."""
    payable = known.invoice.payable
    if payable.accepts(amount):
        return amount
    accepted = describe_payable(payable, known.invoice.currency)
    name = biller_name(faturat, known.biller)
    raise FaturatError("amount_not_accepted", field="amount", biller=name, accepted=accepted)


def chosen_account(accounts: tuple[Account, ...], account: str) -> Account:
    found = next((each for each in accounts if each.id == account), None)
    if found is None:
        raise FaturatError("unknown_account", field="account")
    return found
