"""A contract's standing order: its terms, what they would have done with past invoices, and skipping one payment."""

from urllib.parse import urlencode

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from faturat import Account, Contract, Faturat, FaturatError, InvoiceState, Language, format_amount
from faturat.autopay.types import Preview, Terms
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.accounts import usual_account
from faturat_server.pages.amounts import read_amount
from faturat_server.pages.autopay_view import OF_LIMITS
from faturat_server.pages.facts import biller_name, scheduled_for
from faturat_server.pages.forms import read_form
from faturat_server.pages.invoices import chosen_account
from faturat_server.pages.payments import payment_view
from faturat_server.pages.rendering import Page, PageRequest, go_to, own_path, render
from faturat_server.pages.visitor import language_of

FIELDS = ("account", "most_per_invoice", "most_per_month", "days_before")
USUAL_DAYS = 3


class Typed(Struct, frozen=True):
    """The form as it was filled in."""

    account: str
    invoice: str
    month: str
    days: str

    def query(self) -> str:
        return urlencode({"llogaria": self.account, "fatura": self.invoice, "muaji": self.month, "dite": self.days})


@get("/faturat/kontrata/{contract:str}/urdheri")
async def autopay_form(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    contract: FromPath[str],
    llogaria: FromQuery[str] = "",
    fatura: FromQuery[str] = "",
    muaji: FromQuery[str] = "",
    dite: FromQuery[str] = "",
    shiko: FromQuery[str] = "",
) -> Page:
    """The terms, and once they are filled in, what they do and would have done, to be confirmed."""
    found = await faturat.contracts.get(user.customer, contract)
    typed = Typed(llogaria, fatura, muaji, dite)
    if not shiko:
        return await _form(request, faturat, found, typed if dite else None)
    try:
        terms = _read(typed, language_of(request))
        past = await faturat.autopay.preview(user.customer, contract, terms)
        account = chosen_account(await faturat.accounts(user.customer), terms.account)
    except FaturatError as error:
        return await _form(request, faturat, found, typed, error)
    return await _confirmation(request, faturat, found, typed, terms, account, past)


@post("/faturat/kontrata/{contract:str}/urdheri")
async def set_autopay(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], contract: FromPath[str]
) -> Page:
    sent = await read_form(request)
    typed = Typed(*(sent.get(name, "") for name in ("llogaria", "fatura", "muaji", "dite")))
    try:
        await faturat.autopay.set(user.customer, contract, _read(typed, language_of(request)))
    except FaturatError as error:
        return await _form(request, faturat, await faturat.contracts.get(user.customer, contract), typed, error)
    return go_to(f"/faturat/kontrata/{contract}?ruajtur=urdheri")


@post("/faturat/kontrata/{contract:str}/urdheri/ndal")
async def stop_autopay(faturat: NamedDependency[Faturat], user: NamedDependency[User], contract: FromPath[str]) -> Page:
    await faturat.autopay.stop(user.customer, contract)
    return go_to(f"/faturat/kontrata/{contract}?ruajtur=ndalur")


@get("/faturat/urdherat/{payment:str}/kapercej")
async def ask_skip(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]
) -> Page:
    """Where the notice of a payment to come leads; one that is no longer to come has a page of its own."""
    view = await payment_view(request, faturat, await faturat.payments.get(user.customer, payment))
    return go_to(f"/pagesat/{payment}") if view.on is None else render(request, "autopay_skip.html", view=view)


@post("/faturat/urdherat/{payment:str}/kapercej")
async def skip(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], payment: FromPath[str]
) -> Page:
    """Back to the list that it was skipped in, which says what became of it; else to its own page."""
    skipped = await faturat.payments.cancel(user.customer, payment)
    back = (await read_form(request)).get("kthehu")
    return go_to(own_path(back) if back else f"/pagesat/{skipped.id}")


async def _form(
    request: PageRequest,
    faturat: Faturat,
    contract: Contract,
    typed: Typed | None = None,
    error: FaturatError | None = None,
) -> Page:
    """The form with what was typed, or at first the terms as they are."""
    accounts: tuple[Account, ...] = ()
    try:
        accounts = await faturat.accounts(contract.customer)
    except FaturatError as silent:
        error = error or silent
    if typed is None:
        known = await faturat.autopay.get(contract.customer, contract.id)
        as_it_is = None if known is None else _as_typed(known.terms, language_of(request))
        typed = as_it_is or await _at_first(faturat, contract, accounts)
    return render(
        request,
        "autopay.html",
        200 if error is None else status_of(error),
        contract=contract,
        biller_name=biller_name(faturat, contract.biller),
        accounts=accounts,
        typed=typed,
        fields=FIELDS,
        error=error,
        terms=None,
    )


async def _confirmation(
    request: PageRequest,
    faturat: Faturat,
    contract: Contract,
    typed: Typed,
    terms: Terms,
    account: Account,
    past: tuple[Preview, ...],
) -> Page:
    """The terms once more, with what they do about the invoices as they stand."""
    upcoming = await faturat.autopay.upcoming(contract.customer, contract.id, terms)
    decided = {each.known.id for each in upcoming}
    rows = await faturat.invoices.of(contract.customer, contract=contract.id, states=(InvoiceState.OPEN,))
    scheduled = await scheduled_for(faturat, contract.customer, rows)
    return render(
        request,
        "autopay.html",
        contract=contract,
        biller_name=biller_name(faturat, contract.biller),
        typed=typed,
        fields=FIELDS,
        error=None,
        terms=terms,
        account=account,
        past=past,
        upcoming=upcoming,
        needed=sum(each.known.invoice.total for each in upcoming if each.on is not None),
        own=[(row, scheduled[row.id].on) for row in rows if row.id in scheduled and row.id not in decided],
    )


async def _at_first(faturat: Faturat, contract: Contract, accounts: tuple[Account, ...]) -> Typed:
    """Of the accounts, the one that has enough for the contract's largest invoice."""
    rows = await faturat.invoices.of(contract.customer, contract=contract.id, states=(InvoiceState.OPEN,))
    largest = max((row.invoice.total for row in rows), default=0)
    return Typed(usual_account(accounts, largest, OF_LIMITS), "", "", str(USUAL_DAYS))


def _as_typed(terms: Terms, language: Language) -> Typed:
    return Typed(
        terms.account,
        format_amount(terms.most_per_invoice, "", language).strip(),
        format_amount(terms.most_per_month, "", language).strip(),
        str(terms.days_before),
    )


def _read(typed: Typed, language: Language) -> Terms:
    """The terms that were typed. Raises FaturatError amount_required or bad_amount, with the field."""
    try:
        days = int(typed.days)
    except ValueError:
        days = -1  # the check of the terms says what may be
    return Terms(
        account=typed.account,
        most_per_invoice=_amount(typed.invoice, "most_per_invoice", language),
        most_per_month=_amount(typed.month, "most_per_month", language),
        days_before=days,
    )


def _amount(typed: str, field: str, language: Language) -> int:
    try:
        return read_amount(typed, language)
    except FaturatError as error:
        raise FaturatError(error.code, field=field, **error.params) from error
