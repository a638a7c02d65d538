"""One contract: its details and invoices, another name for it, taking it away and back."""

from collections.abc import Sequence

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from faturat import Faturat, FaturatError, KnownInvoice
from faturat.contracts.service import UNDO
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.autopay_view import autopay_view
from faturat_server.pages.bills import today_in_tirane
from faturat_server.pages.choice import choice_of
from faturat_server.pages.facts import biller_name, by_due_day, reference_facts, scheduled_for, under_way
from faturat_server.pages.forms import read_form
from faturat_server.pages.owed import UNPAID
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.pages.troubles import trouble_with
from faturat_server.pages.visitor import language_of
from faturat_server.wording import invoice_messages

SHOWN = 500
"""The most invoices that a contract's page lists."""


@get("/faturat/kontrata/{contract:str}")
async def contract_details(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], contract: FromPath[str]
) -> Page:
    return await _details(request, faturat, user, contract)


@post("/faturat/kontrata/{contract:str}/emri")
async def rename(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], contract: FromPath[str]
) -> Page:
    name = (await read_form(request)).get("name", "")
    try:
        await faturat.contracts.rename(user.customer, contract, name)
    except FaturatError as error:
        if error.field != "name":
            raise
        return await _details(request, faturat, user, contract, name, error)
    return go_to(f"/faturat/kontrata/{contract}?ruajtur=emri")


@get("/faturat/kontrata/{contract:str}/hiq")
async def ask_remove(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], contract: FromPath[str]
) -> Page:
    """Whether to, with what would end beside the contract."""
    found = await faturat.contracts.get(user.customer, contract)
    return render(
        request,
        "remove.html",
        contract=found,
        biller_name=biller_name(faturat, found.biller),
        ends=await faturat.removals.ends_with(found),
        minutes=UNDO.seconds // 60,
    )


@post("/faturat/kontrata/{contract:str}/hiq")
async def remove(faturat: NamedDependency[Faturat], user: NamedDependency[User], contract: FromPath[str]) -> Page:
    await faturat.contracts.remove(user.customer, contract)
    return go_to(f"/faturat/kontrata/{contract}/hequr")


@get("/faturat/kontrata/{contract:str}/hequr")
async def removed(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], contract: FromPath[str]
) -> Page:
    """What was removed and what ended with it, with the way to take it back."""
    try:
        found = await faturat.contracts.removed(user.customer, contract)
    except FaturatError:
        return go_to(f"/faturat/kontrata/{contract}")  # it was taken back already; else that page says what is wrong
    return render(
        request,
        "removed.html",
        contract=found.contract,
        until=found.until,
        biller_name=biller_name(faturat, found.contract.biller),
        ended=await faturat.removals.ended_with(found),
    )


@post("/faturat/kontrata/{contract:str}/kthe")
async def restore(faturat: NamedDependency[Faturat], user: NamedDependency[User], contract: FromPath[str]) -> Page:
    restored = await faturat.contracts.restore(user.customer, contract)
    return go_to(f"/faturat/kontrata/{restored.id}")


async def _details(
    request: PageRequest,
    faturat: Faturat,
    user: User,
    contract_id: str,
    name: str | None = None,
    error: FaturatError | None = None,
) -> Page:
    """The details; `name` and `error` are of an attempt to give another name."""
    contract = await faturat.contracts.get(user.customer, contract_id)
    invoices = await faturat.invoices.of(user.customer, contract=contract.id, limit=SHOWN)
    scheduled = await scheduled_for(faturat, user.customer, invoices)
    return render(
        request,
        "contract.html",
        200 if error is None else status_of(error),
        contract=contract,
        biller_name=biller_name(faturat, contract.biller),
        trouble=await trouble_with(faturat, contract.biller),
        facts=reference_facts(faturat, contract.biller, contract.reference),
        messages=await invoice_messages(faturat, invoices, language_of(request)),
        invoices=_first_to_pay(invoices),
        scheduled=scheduled,
        paying=await under_way(faturat, user.customer, invoices),
        choose=choice_of(request, invoices, scheduled, f"/faturat/kontrata/{contract.id}"),
        autopay=await autopay_view(faturat, contract, invoices),
        today=today_in_tirane(faturat),
        name=contract.name if name is None else name,
        error=error,
        saved=request.query_params.get("ruajtur") if error is None else None,
    )


def _first_to_pay(rows: Sequence[KnownInvoice]) -> list[KnownInvoice]:
    """The unpaid first, as they are due; then the others, the newest first."""
    unpaid = sorted((row for row in rows if row.state in UNPAID), key=by_due_day)
    over = [row for row in rows if row.state not in UNPAID]
    return unpaid + sorted(over, key=lambda row: row.invoice.issued_on, reverse=True)
