"""My bills: what is to pay, the companies with contracts, and one company with its contracts and invoices."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from faturat import Biller, Category, Contract, Faturat, FaturatError, InvoiceState, KnownInvoice
from faturat.clock import company_day
from faturat.contracts.removals import Ends
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.choice import choice_of, choosable
from faturat_server.pages.facts import (
    Fact,
    biller_category,
    biller_name,
    by_due_day,
    known_biller,
    reference_facts,
    scheduled_for,
    under_way,
)
from faturat_server.pages.owed import UNPAID, Due, invoices_in, owed_sums, unpaid_invoices
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.pages.troubles import trouble_with, troubles_with
from faturat_server.pages.visitor import language_of
from faturat_server.wording import invoice_messages

GONE = (InvoiceState.PAID_ELSEWHERE, InvoiceState.WITHDRAWN)
GONE_SHOWN = timedelta(days=30)
"""For how long a company's page shows what it no longer asks for; the contract's own page goes on showing it."""
URGENT = 5
"""How many of the invoices to pay the first page shows."""


class CompanyLine(Struct, frozen=True):
    """One company in the list: how many contracts, how many invoices to pay."""

    id: str
    name: str
    category: Category
    contracts: int
    unpaid: int


class RemovedLine(Struct, frozen=True):
    """One contract that can be taken back for a while, and what ended with it."""

    contract: Contract
    biller_name: str
    until: datetime
    ended: Ends


class ContractCard(Struct, frozen=True):
    """One contract on its company's page."""

    contract: Contract
    facts: tuple[Fact, ...]
    invoices: tuple[KnownInvoice, ...]
    gone: tuple[KnownInvoice, ...]
    """What was asked for here and lately no longer is."""
    messages: Mapping[str, str]
    """What there is to say of those, by invoice id."""


@get("/pagesa")
async def pay_menu(request: PageRequest) -> Page:
    return render(request, "menu.html")


@get("/")
async def front(user: NamedDependency[User]) -> Page:
    return go_to(user.home)


@get("/faturat")
async def my_bills(request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User]) -> Page:
    contracts = await faturat.contracts.of(user.customer)
    owed = [each for each in await unpaid_invoices(faturat, user.customer, contracts) if each.is_owed]
    companies = [
        CompanyLine(
            id=biller,
            name=biller_name(faturat, biller),
            category=biller_category(faturat, biller),
            contracts=sum(contract.biller == biller for contract in contracts),
            unpaid=sum(each.known.biller == biller for each in owed),
        )
        for biller in dict.fromkeys(contract.biller for contract in contracts)
    ]
    scheduled = await scheduled_for(faturat, user.customer, (each.known for each in owed))
    return render(
        request,
        "bills.html",
        companies=companies,
        troubles=await troubles_with(faturat, (each.id for each in companies)),
        sums=owed_sums(owed),
        urgent=owed[:URGENT],
        scheduled=scheduled,
        together=bool(choosable((each.known for each in owed), scheduled)),
        dues=Due,
        removed=await _removed_lately(faturat, user.customer, contracts),
        billers=list(faturat.billers.values()),
    )


async def _removed_lately(faturat: Faturat, customer: str, contracts: Sequence[Contract]) -> list[RemovedLine]:
    return [
        RemovedLine(
            each.contract,
            biller_name(faturat, each.contract.biller),
            each.until,
            await faturat.removals.ended_with(each),
        )
        for each in await faturat.removals.lately(customer, contracts)
    ]


@get("/faturat/kompania/{biller:str}")
async def company(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], biller: FromPath[str]
) -> Page:
    return await _company(request, faturat, user, known_biller(faturat, biller))


@post("/faturat/kompania/{biller:str}/rifresko")
async def refresh(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], biller: FromPath[str]
) -> Page:
    """Ask the company now; what it answered counts also where it did not answer all."""
    known = known_biller(faturat, biller)
    try:
        await faturat.invoices.refresh_all(known.id, await _contracts_at(faturat, user, known))
    except FaturatError as error:
        return await _company(request, faturat, user, known, error)
    return go_to(f"/faturat/kompania/{known.id}")


async def _contracts_at(faturat: Faturat, user: User, biller: Biller) -> list[Contract]:
    return [each for each in await faturat.contracts.of(user.customer) if each.biller == biller.id]


async def _company(
    request: PageRequest, faturat: Faturat, user: User, biller: Biller, error: FaturatError | None = None
) -> Page:
    unpaid = await invoices_in(faturat, user.customer, UNPAID)
    since = faturat.clock.now() - GONE_SHOWN
    # the first version of a row was never to be paid: it is what the company had booked before
    gone = [
        row
        for row in await invoices_in(faturat, user.customer, GONE)
        if row.biller == biller.id and row.version > 1 and row.read_at > since
    ]
    messages = await invoice_messages(faturat, gone, language_of(request))
    cards = [
        ContractCard(
            contract=contract,
            facts=reference_facts(faturat, contract.biller, contract.reference),
            invoices=_of_contract(contract, unpaid),
            gone=_of_contract(contract, gone),
            messages=messages,
        )
        for contract in await _contracts_at(faturat, user, biller)
    ]
    rows = [row for card in cards for row in card.invoices]
    scheduled = await scheduled_for(faturat, user.customer, rows)
    status = 200 if error is None else status_of(error)
    return render(
        request,
        "company.html",
        status,
        biller=biller,
        trouble=await trouble_with(faturat, biller.id),
        cards=cards,
        scheduled=scheduled,
        paying=await under_way(faturat, user.customer, rows),
        choose=choice_of(request, rows, scheduled, f"/faturat/kompania/{biller.id}"),
        error=error,
        today=today_in_tirane(faturat),
    )


def _of_contract(contract: Contract, rows: Sequence[KnownInvoice]) -> tuple[KnownInvoice, ...]:
    return tuple(sorted((row for row in rows if row.contract == contract.id), key=by_due_day))


def today_in_tirane(faturat: Faturat) -> date:
    """The date by which an invoice is overdue for the customer who looks at it."""
    return company_day(faturat.clock.now())
