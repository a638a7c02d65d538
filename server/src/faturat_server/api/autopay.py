"""A contract's autopay (urdhër i përhershëm)."""

from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from faturat import Faturat, FaturatError, parse_decimal, to_decimal
from faturat.autopay.types import Autopay, Terms
from faturat_server.access.types import User
from faturat_server.api import asked, wire
from faturat_server.api.problems import problems


@get(
    "/contracts/{contract_id:str}/autopay",
    summary="Read a contract's autopay",
    tags=["Autopay"],
    responses=problems("unknown_contract", "no_autopay"),
)
async def read_autopay(
    contract_id: FromPath[str], faturat: NamedDependency[Faturat], user: NamedDependency[User]
) -> wire.Autopay:
    """Its terms, and the payments that it has scheduled."""
    found = await faturat.autopay.get(user.customer, contract_id)
    if found is None:
        raise FaturatError("no_autopay")
    return await _write(faturat, found)


@put(
    "/contracts/{contract_id:str}/autopay",
    summary="Set a contract's autopay",
    tags=["Autopay"],
    responses=problems(
        "unknown_contract",
        "unknown_account",
        "bad_amount",
        "bad_limit",
        "month_below_invoice",
        "bad_days_before",
        "autopay_moved",
        "bank_unavailable",
    ),
)
async def set_autopay(
    contract_id: FromPath[str],
    data: JSONBody[asked.AutopayTerms],
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
) -> wire.Autopay:
    """Pay the contract's invoices in full by themselves, within these limits. Replaces the terms before.

    What was scheduled by other terms is cancelled, and looked at by these. A payment to come is cancelled as any other;
    its invoice is then left to the customer.
    """
    terms = Terms(
        account=data.account,
        most_per_invoice=parse_decimal(data.most_per_invoice, "most_per_invoice"),
        most_per_month=parse_decimal(data.most_per_month, "most_per_month"),
        days_before=data.days_before,
    )
    return await _write(faturat, await faturat.autopay.set(user.customer, contract_id, terms))


@delete(
    "/contracts/{contract_id:str}/autopay",
    summary="Stop a contract's autopay",
    tags=["Autopay"],
    responses=problems("unknown_contract", "autopay_moved"),
)
async def stop_autopay(
    contract_id: FromPath[str], faturat: NamedDependency[Faturat], user: NamedDependency[User]
) -> None:
    """Stop it. What it has scheduled is cancelled; twice is the same as once."""
    await faturat.autopay.stop(user.customer, contract_id)


async def _write(faturat: Faturat, found: Autopay) -> wire.Autopay:
    terms = found.terms
    return wire.Autopay(
        account=terms.account,
        most_per_invoice=to_decimal(terms.most_per_invoice),
        most_per_month=to_decimal(terms.most_per_month),
        days_before=terms.days_before,
        scheduled=[payment.id for payment in await faturat.autopay.scheduled(found.contract)],
    )
