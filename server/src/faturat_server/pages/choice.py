"""Which invoices of a list are chosen, to be paid together by one confirmation: the way there, and back to the list."""

from collections.abc import Container, Iterable, Sequence
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct

from faturat import InvoiceState, KnownInvoice
from faturat_server.pages.rendering import PageRequest, here, own_path

ALL_UNPAID = "/faturat/papaguara"
CHOSEN = "fatura"
"""The name that each chosen invoice has in an address."""


class Choice(Struct, frozen=True):
    """What a list offers to choose."""

    able: frozenset[str]
    """The ids of those that can be paid together."""
    marked: frozenset[str]
    """Those that were chosen before, where somebody comes back to the list."""
    address: str
    """The list's own, without what is marked."""


def choice_of(
    request: PageRequest, rows: Iterable[KnownInvoice], scheduled: Container[str] = (), address: str | None = None
) -> Choice | None:
    """None where no two of a list can be paid together; `address` where it is not that of the request."""
    able = choosable(rows, scheduled)
    if not able:
        return None
    return Choice(able, frozenset(chosen_ids(request)), list_path(address or here(request), ()))


def choosable(rows: Iterable[KnownInvoice], scheduled: Container[str] = ()) -> frozenset[str]:
    """The ids of the invoices of a list that can be paid together, in full; none where there are no two of them.

    Those that are `scheduled` are not among them.
    """
    found = frozenset(row.id for row in rows if payable_in_full(row) and row.id not in scheduled)
    return found if len(found) > 1 else frozenset()


def payable_in_full(known: KnownInvoice) -> bool:
    return known.state is InvoiceState.OPEN and known.invoice.payable.accepts(known.invoice.total)


def chosen_ids(request: PageRequest) -> list[str]:
    """The invoices in the address, each once."""
    return list(dict.fromkeys(request.query_params.getall(CHOSEN, [])))


def choice_path(invoices: Sequence[str], back: str = "") -> str:
    """Where these invoices are confirmed; `back` is the list that they were chosen from."""
    came_from = [("kthehu", back)] if back else []
    return f"/faturat/zgjedhura?{urlencode([*came_from, *((CHOSEN, invoice) for invoice in invoices)])}"


def list_path(back: str, invoices: Sequence[str]) -> str:
    """The list that invoices were chosen from, where they are still marked; that of all, where it is not known."""
    path, _, query = own_path(back or ALL_UNPAID).partition("?")
    narrowed = [(name, value) for name, value in parse_qsl(query) if name != CHOSEN]
    marked = [*narrowed, *((CHOSEN, invoice) for invoice in invoices)]
    return f"{path}?{urlencode(marked)}" if marked else path
