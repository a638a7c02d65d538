"""The invariants, checked by one function: used by tests, simulation and `faturat verify`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from faturat.bank import FundsState, FundsStatus
from faturat.engine import Faturat
from faturat.gate.bank import BankSilent
from faturat.payments.chain import event_hash, order_evidence
from faturat.payments.states import LIVE, OCCUPYING, TERMINAL, TRANSITIONS
from faturat.payments.types import Payment, PaymentEvent
from faturat.payments.types import PaymentState as S

MAX_FAULTS = 100
"""After so many faults the check stops: they have one cause."""
LONGEST_OVERDUE = timedelta(days=1)
"""A payment that is due for longer than this has nobody who goes on with it: no worker runs, or all fail at it."""


class Fault(Struct, frozen=True):
    """One broken invariant, with its number in the design and the row that is wrong."""

    invariant: int
    row: str
    what: str

    def __str__(self) -> str:
        return f"invariant {self.invariant}: {self.row}: {self.what}"


class Report(Struct, frozen=True):
    """`unchecked` says what could not be looked at, for then no faults prove little."""

    payments: int
    events: int
    faults: tuple[Fault, ...]
    unchecked: tuple[str, ...] = ()


async def verify(faturat: Faturat) -> Report:
    """Check every payment with its events and its funds at the bank, the outbox, and the bank's books.

    May run on a live database: what moves while it reads is read again before it is called a fault.
    """
    faults: list[Fault] = []
    unchecked: list[str] = []
    payments = events = 0
    places: dict[tuple[str, ...], str] = {}
    async for payment, history in faturat.store.all_payments():
        payments, events = payments + 1, events + len(history)
        faults += check_payment(payment, history, faturat.clock.now())
        faults += await _check_places(faturat, payment, places)
        try:
            if payment.state in TERMINAL:
                faults += check_funds(payment, await faturat.bank.funds_status(payment.order))
        except BankSilent:
            unchecked.append(f"{payment.id}: the bank did not say what it holds")
        if len(faults) >= MAX_FAULTS or len(unchecked) >= MAX_FAULTS:
            break
    for delivery in await faturat.store.overdue_deliveries(faturat.clock.now()):
        faults.append(Fault(8, delivery.id, f"unsent past its deadline {delivery.deadline.isoformat()}"))
    try:
        faults += [Fault(1, "ledger", sentence) for sentence in await faturat.bank.check_books()]
    except BankSilent:
        unchecked.append("the bank did not check its books")
    return Report(payments, events, tuple(faults), tuple(unchecked))


def check_payment(payment: Payment, history: Sequence[PaymentEvent], now: datetime) -> list[Fault]:
    """What a payment's own row and events must say: the chain, the table, the amounts, the way from unknown."""
    faults = _check_chain(payment, history)
    if history and history[0].evidence != order_evidence(payment.order, payment.quoted_total):
        faults.append(Fault(4, payment.id, "the order is not the one that the first event says"))
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
    if payment.state not in TERMINAL and payment.state is not S.UNDER_REVIEW:
        if payment.due_at is None:
            faults.append(Fault(10, payment.id, f"in {payment.state} and nobody will go on with it"))
        elif payment.due_at < now - LONGEST_OVERDUE:
            faults.append(Fault(10, payment.id, f"in {payment.state}, due since {payment.due_at.isoformat()}"))
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


def taken_places(payment: Payment) -> list[tuple[str, ...]]:
    """What only one payment may have: an invoice while it is live, a part of it while it is live or paid."""
    invoice = (payment.order.biller, payment.order.invoice_key)
    places: list[tuple[str, ...]] = [(*invoice, str(payment.order.part))] if payment.state in OCCUPYING else []
    return [*places, invoice] if payment.state in LIVE else places


async def _check_places(faturat: Faturat, payment: Payment, places: dict[tuple[str, ...], str]) -> list[Fault]:
    faults = []
    for place in taken_places(payment):
        other = places.setdefault(place, payment.id)
        if other == payment.id:
            continue
        both = [await faturat.store.payment(other), await faturat.store.payment(payment.id)]
        if all(each is not None and place in taken_places(each) for each in both):
            faults.append(Fault(2, payment.id, f"live or paid beside {other}"))
        places[place] = payment.id
    return faults


def check_funds(payment: Payment, status: FundsStatus) -> list[Fault]:
    """Every hold ends in one receipt or one full release: what the bank holds must fit the payment's end."""
    held = payment.order.to_hold
    if payment.state is S.PAID:
        if (status.state, status.amount) != (FundsState.CAPTURED, held):
            return [Fault(3, payment.id, f"paid, but the bank says {status.state} {status.amount} of {held}")]
    elif payment.state in TERMINAL and status.state in (FundsState.HELD, FundsState.CAPTURED):
        return [Fault(3, payment.id, f"{payment.state}, but the bank says {status.state} {status.amount}")]
    return []
