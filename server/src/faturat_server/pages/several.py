"""Several invoices at once: what was chosen from a list, one account for all, and one confirmation."""

import secrets
from collections.abc import Container, Mapping, Sequence
from urllib.parse import urlencode

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from faturat import Account, Faturat, FaturatError, KnownInvoice, parse_decimal
from faturat.payments.several import Chosen, check_number
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.accounts import usual_account
from faturat_server.pages.bills import today_in_tirane
from faturat_server.pages.choice import choice_path, chosen_ids, list_path, payable_in_full
from faturat_server.pages.facts import Fact, biller_name, invoice_facts, scheduled_for, under_way
from faturat_server.pages.forms import read_form
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.pages.troubles import troubles_with
from faturat_server.pages.visitor import language_of
from faturat_server.wording import invoice_messages


class ChosenLine(Struct, frozen=True):
    """One of the chosen invoices; `contract` is the name that the customer gave, empty for a quote."""

    known: KnownInvoice
    biller_name: str
    contract: str
    facts: tuple[Fact, ...]


@get("/faturat/zgjedhura")
async def chosen_invoices(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], kthehu: FromQuery[str] = ""
) -> Page:
    return await _page(request, faturat, user, chosen_ids(request), kthehu)


@post("/faturat/zgjedhura")
async def pay_chosen(request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User]) -> Page:
    """Pay them all, or say why none is begun. Each comes with the total that its customer saw: `id total`."""
    sent = await read_form(request)
    account, key = sent.get("llogaria", ""), sent.get("celesi", "")
    texts = [each for each in (await request.form()).getall("fatura", []) if isinstance(each, str)]
    totals = {invoice: total for invoice, _, total in (text.partition(" ") for text in texts)}
    try:
        chosen = [Chosen(invoice, parse_decimal(total)) for invoice, total in totals.items()]
        await faturat.several.pay(user.customer, chosen, account, key)
    except FaturatError as error:
        return await _page(request, faturat, user, list(totals), sent.get("kthehu", ""), error, account)
    return go_to(f"/pagesat/bashke?{urlencode([('celesi', key), *(('fatura', invoice) for invoice in totals)])}")


async def contract_names(faturat: Faturat, customer: str) -> Mapping[str, str]:
    """The names that the customer gave to their contracts, by contract id."""
    return {contract.id: contract.name for contract in await faturat.contracts.of(customer)}


async def _page(
    request: PageRequest,
    faturat: Faturat,
    user: User,
    ids: Sequence[str],
    back: str,
    error: FaturatError | None = None,
    account: str = "",
) -> Page:
    """What is paid together, and what is not; `error` and `account` are of a confirmation that was refused."""
    address, list_address = choice_path(ids, back), list_path(back, ids)
    try:
        check_number(len(ids))
    except FaturatError as refused:
        error, ids = refused, ()
    rows = [await faturat.invoices.get(user.customer, each) for each in ids]
    scheduled = await scheduled_for(faturat, user.customer, rows)
    together = _together(rows, scheduled)
    apart = [row for row in rows if row not in together]
    accounts: Sequence[Account] = ()
    if together:
        try:
            found = await faturat.accounts(user.customer)
            accounts = [each for each in found if each.currency == together[0].invoice.currency]
        except FaturatError as silent:
            error = error or silent
    total = sum(row.invoice.total for row in together)
    names = await contract_names(faturat, user.customer)
    return render(
        request,
        "several.html",
        200 if error is None else status_of(error),
        lines=[_line(faturat, row, names) for row in together],
        apart=[_line(faturat, row, names) for row in apart],
        scheduled=scheduled,
        messages=await invoice_messages(faturat, apart, language_of(request)),
        accounts=accounts,
        account=account or (usual_account(accounts, total, together[0].invoice.currency) if together else ""),
        total=total,
        currency=together[0].invoice.currency if together else "",
        error=error,
        troubles=await troubles_with(faturat, (row.biller for row in together)),
        address=address,
        back=back,
        list_address=list_address,
        paying=await under_way(faturat, user.customer, apart),
        key=secrets.token_urlsafe(24),
        today=today_in_tirane(faturat),
    )


def _together(rows: Sequence[KnownInvoice], scheduled: Container[str]) -> list[KnownInvoice]:
    """Those that one account can pay in full: in the currency of the first one that can be."""
    able = [row for row in rows if payable_in_full(row) and row.id not in scheduled]
    return [row for row in able if row.invoice.currency == able[0].invoice.currency]


def _line(faturat: Faturat, known: KnownInvoice, names: Mapping[str, str]) -> ChosenLine:
    return ChosenLine(
        known,
        biller_name(faturat, known.biller),
        names.get(known.contract or "", ""),
        invoice_facts(faturat, known),
    )
