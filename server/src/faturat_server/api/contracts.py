"""The customer's contracts."""

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from faturat import Contract, Faturat, Language
from faturat_server.access.types import User
from faturat_server.api import asked, wire
from faturat_server.api.billers import REFERENCE_PROBLEMS, read_reference_values, write_warnings
from faturat_server.api.lists import DEFAULT_LIMIT, Cursor, Limit, check_cursor, page_of
from faturat_server.api.problems import problems


@get("/contracts", summary="List contracts", tags=["Contracts"], responses=problems("bad_cursor"))
async def list_contracts(
    faturat: NamedDependency[Faturat], user: NamedDependency[User], cursor: Cursor = "", limit: Limit = DEFAULT_LIMIT
) -> wire.Page[wire.Contract]:
    """The references that the customer registered, oldest first."""
    rows = await faturat.contracts.of(user.customer, check_cursor(cursor), limit + 1)
    return page_of(rows, limit, write_contract)


@post(
    "/contracts",
    summary="Register a contract",
    tags=["Contracts"],
    responses=problems(
        "unknown_biller", "not_registrable", "already_registered", "too_many_contracts", *REFERENCE_PROBLEMS
    ),
)
async def register(
    data: JSONBody[asked.NewContract],
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    language: NamedDependency[Language],
) -> Response[wire.Registered]:
    """Register a reference that the company knows. Its invoices are read at once, and later ones bring a notice."""
    kind, values = read_reference_values(data.reference)
    registration = await faturat.contracts.register(user.customer, data.biller, kind, values, data.name)
    contract = write_contract(registration.contract)
    registered = wire.Registered(
        id=contract.id,
        biller=contract.biller,
        reference=contract.reference,
        name=contract.name,
        subscriber=contract.subscriber,
        warnings=write_warnings(registration.warnings, language),
    )
    return Response(registered, headers={"Location": f"/api/v1/contracts/{contract.id}"})


@get(
    "/contracts/{contract_id:str}",
    summary="Read a contract",
    tags=["Contracts"],
    responses=problems("unknown_contract"),
)
async def read_contract(
    contract_id: FromPath[str], faturat: NamedDependency[Faturat], user: NamedDependency[User]
) -> wire.Contract:
    """One contract."""
    return write_contract(await faturat.contracts.get(user.customer, contract_id))


@patch(
    "/contracts/{contract_id:str}",
    summary="Rename a contract",
    tags=["Contracts"],
    responses=problems("unknown_contract", "field_required", "field_too_long", "field_bad_characters"),
)
async def rename(
    contract_id: FromPath[str],
    data: JSONBody[asked.NewName],
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
) -> wire.Contract:
    """Give a contract another name."""
    return write_contract(await faturat.contracts.rename(user.customer, contract_id, data.name))


@delete(
    "/contracts/{contract_id:str}",
    summary="Remove a contract",
    tags=["Contracts"],
    responses=problems("unknown_contract"),
)
async def remove(contract_id: FromPath[str], faturat: NamedDependency[Faturat], user: NamedDependency[User]) -> None:
    """Remove a contract. Payments that were made for it stay."""
    await faturat.contracts.remove(user.customer, contract_id)


def write_contract(contract: Contract) -> wire.Contract:
    return wire.Contract(
        id=contract.id,
        biller=contract.biller,
        reference={"kind": contract.reference.kind, **contract.reference.values},
        name=contract.name,
        subscriber=contract.subscriber,
    )
