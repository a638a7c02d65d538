"""The invariants, checked by one function: used by tests, simulation and `faturat verify`."""

from collections.abc import AsyncIterator, Sequence

from msgspec import Struct

from faturat.bank import FundsState
from faturat.engine import Faturat
from faturat.payments.rules import event_hash
from faturat.payments.states import OCCUPYING, TERMINAL, TRANSITIONS
from faturat.payments.types import Payment, PaymentEvent
from faturat.payments.types import PaymentState as S

MAX_FAULTS = 100
"""After so many faults the check stops: they have one cause."""


class Fault(Struct, frozen=True):
    """One broken invariant, with its number in the design and the row that is wrong."""

    invariant: int
    row: str
    what: str

    def __str__(self) -> str:
        return f"invariant {self.invariant}: {self.row}: {self.what}"


class Report(Struct, frozen=True):
    payments: int
    events: int
    faults: tuple[Fault, ...]


async def verify(faturat: Faturat) -> Report:
    """Check every payment with its events and its funds at the bank, the outbox, and the bank's books."""
    faults: list[Fault] = []
    payments = events = 0
    occupied: dict[tuple[str, str, int], str] = {}
    async for payment, history in faturat.store.all_payments():
        payments, events = payments + 1, events + len(history)
        faults += check_payment(payment, history)
        faults += _check_occupied(payment, occupied)
        faults += [fault async for fault in _check_funds(faturat, payment)]
        if len(faults) >= MAX_FAULTS:
            break
    for delivery in await faturat.store.overdue_deliveries(faturat.clock.now()):
        faults.append(Fault(8, delivery.id, f"unsent past its deadline {delivery.deadline.isoformat()}"))
    faults += [Fault(1, "ledger", sentence) for sentence in await faturat.bank.check_books()]
    return Report(payments, events, tuple(faults))


def check_payment(payment: Payment, history: Sequence[PaymentEvent]) -> list[Fault]:
    """What a payment's own row and events must say: the chain, the table, the amounts, the way from unknown."""
    faults = _check_chain(payment, history)
    receipt = payment.receipt
    if receipt is not None and receipt.amount != payment.order.amount:
        faults.append(Fault(4, payment.id, f"receipt over {receipt.amount}, order over {payment.order.amount}"))
    if payment.state is S.PAID and receipt is None:
        faults.append(Fault(3, payment.id, "paid without a receipt"))
    if payment.state is S.FAILED and receipt is not None:
        faults.append(Fault(3, payment.id, "returned, and has a receipt"))
    for event in history:
        if event.before == S.UNKNOWN and event.after == S.REJECTED and not event.evidence:
            faults.append(Fault(5, payment.id, f"unknown became rejected without evidence at {event.version}"))
    if payment.state not in TERMINAL and payment.state is not S.UNDER_REVIEW and payment.due_at is None:
        faults.append(Fault(10, payment.id, f"in {payment.state} and nobody will go on with it"))
    return faults


def _check_chain(payment: Payment, history: Sequence[PaymentEvent]) -> list[Fault]:
    faults = []
    previous, before = "", ""
    for number, event in enumerate(history, start=1):
        if event.version != number or event.previous_hash != previous or event.hash != event_hash(event):
            faults.append(Fault(9, payment.id, f"the chain of events breaks at {number}"))
            break
        if event.before != before:
            faults.append(Fault(7, payment.id, f"event {number} starts from {event.before!r}, not {before!r}"))
        if before and S(event.after) not in TRANSITIONS[S(before)]:
            faults.append(Fault(7, payment.id, f"event {number}: {before} -> {event.after} is not in the table"))
        previous, before = event.hash, event.after
    else:
        if (payment.version, payment.chain_head, payment.state) != (len(history), previous, before):
            faults.append(Fault(9, payment.id, "the row and its last event disagree"))
    return faults


def _check_occupied(payment: Payment, occupied: dict[tuple[str, str, int], str]) -> list[Fault]:
    if payment.state not in OCCUPYING:
        return []
    place = (payment.order.biller, payment.order.invoice_key, payment.order.part)
    other = occupied.setdefault(place, payment.id)
    return [] if other == payment.id else [Fault(2, payment.id, f"live or paid beside {other}")]


async def _check_funds(faturat: Faturat, payment: Payment) -> AsyncIterator[Fault]:
    """Every hold ends in one receipt or one full release: what the bank holds must fit the payment's end."""
    if payment.state not in TERMINAL:
        return
    status = await faturat.bank.funds_status(payment.order)
    held = payment.order.to_hold
    if payment.state is S.PAID:
        if (status.state, status.amount) != (FundsState.CAPTURED, held):
            yield Fault(3, payment.id, f"paid, but the bank says {status.state} {status.amount} of {held}")
    elif status.state in (FundsState.HELD, FundsState.CAPTURED):
        yield Fault(3, payment.id, f"{payment.state}, but the bank says {status.state} {status.amount}")
