"""My bills: the companies with registered contracts, and one company with its contracts and their unpaid invoices."""

from datetime import date

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from faturat import Biller, Contract, Faturat, FaturatError, InvoiceState, KnownInvoice
from faturat.clock import company_day
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.facts import Fact, biller_name, known_biller, reference_facts
from faturat_server.pages.rendering import Page, PageRequest, go_to, render

UNPAID = (InvoiceState.OPEN, InvoiceState.PAYING)
BATCH = 500


class CompanyLine(Struct, frozen=True):
    """One company in the list: how many contracts, how many invoices to pay."""

    id: str
    name: str
    contracts: int
    unpaid: int


class ContractCard(Struct, frozen=True):
    """One contract on its company's page."""

    contract: Contract
    facts: tuple[Fact, ...]
    invoices: tuple[KnownInvoice, ...]


@get("/pagesa")
async def pay_menu(request: PageRequest) -> Page:
    return render(request, "menu.html")


@get("/")
async def front() -> Page:
    return go_to("/faturat")


@get("/faturat")
async def my_bills(request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User]) -> Page:
    contracts = await faturat.contracts.of(user.customer)
    unpaid = await _unpaid_invoices(faturat, user.customer)
    companies = [
        CompanyLine(
            id=biller,
            name=biller_name(faturat, biller),
            contracts=sum(contract.biller == biller for contract in contracts),
            unpaid=sum(row.biller == biller and row.state is InvoiceState.OPEN for row in unpaid),
        )
        for biller in dict.fromkeys(contract.biller for contract in contracts)
    ]
    return render(request, "bills.html", companies=companies, billers=list(faturat.billers.values()))


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


async def _unpaid_invoices(faturat: Faturat, customer: str) -> list[KnownInvoice]:
    """All unpaid invoices of a customer's contracts, those under payment included."""
    found: list[KnownInvoice] = []
    while True:
        after = found[-1].id if found else ""
        batch = await faturat.invoices.of(customer, states=UNPAID, after=after, limit=BATCH)
        found += batch
        if len(batch) < BATCH:
            return found


async def _contracts_at(faturat: Faturat, user: User, biller: Biller) -> list[Contract]:
    return [each for each in await faturat.contracts.of(user.customer) if each.biller == biller.id]


async def _company(
    request: PageRequest, faturat: Faturat, user: User, biller: Biller, error: FaturatError | None = None
) -> Page:
    unpaid = await _unpaid_invoices(faturat, user.customer)
    cards = [
        ContractCard(
            contract=contract,
            facts=reference_facts(faturat, contract.biller, contract.reference),
            invoices=tuple(
                sorted((row for row in unpaid if row.contract == contract.id), key=lambda row: row.invoice.issued_on)
            ),
        )
        for contract in await _contracts_at(faturat, user, biller)
    ]
    status = 200 if error is None else status_of(error)
    return render(
        request, "company.html", status, biller=biller, cards=cards, error=error, today=today_in_tirane(faturat)
    )


def today_in_tirane(faturat: Faturat) -> date:
    """The date by which an invoice is overdue for the customer who looks at it."""
    return company_day(faturat.clock.now())
