"""The merge of what the company says with what is known: pure, one contract at a time.

Only a complete answer comes here, so an invoice that is not in it is no longer asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from faturat.contracts.types import Contract
from faturat.invoices.types import GONE, Invoice, InvoiceState, KnownInvoice

Occupied = Mapping[tuple[str, int], InvoiceState]
"""What live and paid payments make of invoices, by (invoice_key, part)."""

AWAY = timedelta(days=1)
"""An invoice that comes back sooner was missing from one of the company's answers, and nobody need hear of it."""


class Changes(Struct, frozen=True):
    """The rows to write: `new` ones, and `changed` ones one version above what is stored.

    `back` are those of `changed` that are open again after so long that their customer has to hear of it.
    """

    new: tuple[KnownInvoice, ...]
    changed: tuple[KnownInvoice, ...]
    back: tuple[KnownInvoice, ...] = ()


def merge(
    contract: Contract,
    known: Sequence[KnownInvoice],
    said: Sequence[Invoice],
    occupied: Occupied,
    now: datetime,
    make_id: Callable[[], str],
) -> Changes:
    """Compare one complete answer with the contract's known invoices.

    `known` must have been read before `occupied`: a payment that ended in between has moved its row's version.
    """
    by_key = {row.invoice.invoice_key: row for row in known}
    new, changed, back = [], [], []
    for invoice in said:
        row = by_key.pop(invoice.invoice_key, None)
        if row is None:
            new.append(known_as(invoice, contract, occupied, now, make_id()))
        elif (after := _said_again(row, invoice, occupied, now)) is not None:
            changed.append(after)
            if row.state in GONE and after.state is InvoiceState.OPEN and row.read_at <= now - AWAY:
                back.append(after)
    for row in by_key.values():
        if _was_paid(row, occupied):
            changed.append(_next(row, row.invoice, InvoiceState.PAID, now))
        elif row.state is InvoiceState.OPEN or _payment_is_gone(row, occupied):
            changed.append(_next(row, row.invoice, InvoiceState.WITHDRAWN, now))
    return Changes(tuple(new), tuple(changed), tuple(back))


def known_as(invoice: Invoice, contract: Contract, occupied: Occupied, now: datetime, new_id: str) -> KnownInvoice:
    """A first row for an invoice of a contract."""
    return KnownInvoice(
        id=new_id,
        customer=contract.customer,
        biller=contract.biller,
        reference=contract.reference,
        contract=contract.id,
        invoice=invoice,
        state=first_state(invoice, occupied),
        version=1,
        read_at=now,
        subscriber=contract.subscriber,
    )


def first_state(invoice: Invoice, occupied: Occupied) -> InvoiceState:
    """The state of an invoice just read: somebody may be paying it already, under another contract or none."""
    if (state := occupied.get((invoice.invoice_key, invoice.part))) is not None:
        return state
    return InvoiceState.OPEN if invoice.paid_by_order is None else InvoiceState.PAID_ELSEWHERE


def _said_again(row: KnownInvoice, invoice: Invoice, occupied: Occupied, now: datetime) -> KnownInvoice | None:
    if _was_paid(row, occupied) and invoice.part <= row.invoice.part:
        return _next(row, row.invoice, InvoiceState.PAID, now)
    if row.state is InvoiceState.PAYING and not (_payment_is_gone(row, occupied) or _was_paid(row, occupied)):
        return None  # the payment decides what becomes of it
    if row.state is InvoiceState.PAID and invoice.part <= row.invoice.part:
        # paid by us: payable again only as the remainder that the company itself quotes; its list may lag, or correct
        if invoice.part < row.invoice.part or invoice.paid_by_order is not None or invoice.total == row.invoice.total:
            return None
        return _next(row, invoice, InvoiceState.PAID, now)
    state = first_state(invoice, occupied)
    if state is row.state and invoice == row.invoice:
        return None
    return _next(row, invoice, state, now)


def _was_paid(row: KnownInvoice, occupied: Occupied) -> bool:
    """The payment was made between reading what is occupied and storing the row as paying, and left it so."""
    place = row.invoice.invoice_key, row.invoice.part
    return row.state is InvoiceState.PAYING and occupied.get(place) is InvoiceState.PAID


def _payment_is_gone(row: KnownInvoice, occupied: Occupied) -> bool:
    """The payment ended between reading what is occupied and storing the row as paying, and left it so."""
    return row.state is InvoiceState.PAYING and (row.invoice.invoice_key, row.invoice.part) not in occupied


def _next(row: KnownInvoice, invoice: Invoice, state: InvoiceState, now: datetime) -> KnownInvoice:
    return replace(row, invoice=invoice, state=state, version=row.version + 1, read_at=now)
