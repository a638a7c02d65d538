"""What one payment's row and events must say of each other: pure, for the check of the invariants."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from faturat.audit import vouched
from faturat.billers import Biller
from faturat.faults import Fault
from faturat.payments.chain import event_hash, order_evidence
from faturat.payments.states import TERMINAL, TRANSITIONS
from faturat.payments.timing import Timing
from faturat.payments.types import Payment, PaymentEvent, Rejection
from faturat.payments.types import PaymentState as S

LONGEST_OVERDUE = timedelta(days=1)
"""A payment that is due for longer than this has nobody who goes on with it: no worker runs, or all fail at it."""
LONGEST_WAIT = timedelta(days=2)
"""Nothing but a scheduled payment sets its next step further ahead."""

ASKED = (S.SUBMITTING, S.PENDING, S.UNKNOWN)
"""From here it is the biller's own word that settles or rejects."""
NO_WORDS = frozenset({"not_found, final", *(f"rejected={reason}" for reason in Rejection)})
RETURNED = "returned"
"""What an operator decided; such an event vouches for the record of it, see faturat.audit."""


def check_payment(
    payment: Payment,
    history: Sequence[PaymentEvent],
    now: datetime,
    biller: Biller | None = None,
    timing: Timing | None = None,
) -> list[Fault]:
    """The chain, the table, the amounts, the way from unknown, the time; `biller` None: its plugin is not loaded."""
    faults = _check_chain(payment, history)
    # what follows from a history that does not hold is not told a second time
    if not faults:
        faults = _check_facts(payment, history)
    if history and history[0].evidence != order_evidence(payment.order, payment.quoted_total):
        faults.append(Fault(4, payment.id, "the order is not the one that the first event says"))
    receipt = payment.receipt
    if receipt is not None and receipt.amount != payment.order.amount:
        faults.append(Fault(4, payment.id, f"receipt over {receipt.amount}, order over {payment.order.amount}"))
    if payment.state is S.PAID and receipt is None:
        faults.append(Fault(3, payment.id, "paid without a receipt"))
    if payment.state is S.FAILED and receipt is not None:
        faults.append(Fault(3, payment.id, "returned, and has a receipt"))
    return faults + _check_time(payment, now, biller, timing or Timing())


def _check_chain(payment: Payment, history: Sequence[PaymentEvent]) -> list[Fault]:
    faults: list[Fault] = []
    previous, before = "", ""
    for number, event in enumerate(history, start=1):
        if event.version != number or event.previous_hash != previous or event.hash != event_hash(event):
            return [*faults, Fault(9, payment.id, f"the chain of events breaks at {number}")]
        if event.before != before:
            faults.append(Fault(7, payment.id, f"event {number} starts from {event.before!r}, not {before!r}"))
        elif before and event.after not in TRANSITIONS[S(before)]:
            faults.append(Fault(7, payment.id, f"event {number}: {before} -> {event.after} is not in the table"))
        if event.after not in TRANSITIONS:
            return [*faults, Fault(7, payment.id, f"event {number} leads to {event.after!r}, which is no state")]
        if event.after == S.REJECTED and not _may_reject(event):
            faults.append(Fault(5, payment.id, f"{before} became rejected without evidence at {number}"))
        previous, before = event.hash, event.after
    if (payment.version, payment.chain_head, payment.state) != (len(history), previous, before):
        faults.append(Fault(9, payment.id, "the row and its last event disagree"))
    return faults


def _may_reject(event: PaymentEvent) -> bool:
    """By the biller's own words, or an operator's."""
    words, by_operator = vouched(event.evidence)
    if event.before in ASKED:
        return words in NO_WORDS or (bool(by_operator) and words == RETURNED)
    return bool(by_operator)


def _check_facts(payment: Payment, history: Sequence[PaymentEvent]) -> list[Fault]:
    """What the row repeats of its events; times of lease and retry are not among it."""
    changed = [event for event in history if event.before != event.after]
    submitted, held, settled = (_last(history, state) for state in (S.SUBMITTING, S.HELD, S.SETTLED))
    receipt, rejected = payment.receipt, _last(history, S.REJECTED)
    reversed_ = settled is not None and rejected is not None and rejected.version > settled.version
    facts = {
        "reason": payment.reason == history[-1].reason,
        "state_since": payment.state_since == changed[-1].at,
        "submitted_at": payment.submitted_at == (None if submitted is None else submitted.at),
        "hold_expires_at": payment.hold_expires_at == (None if held is None else _held_until(held)),
        "receipt": (receipt is None) == (settled is None or reversed_),
    }
    if receipt is not None and settled is not None:
        facts["receipt"] = vouched(settled.evidence)[0] == f"receipt={receipt.number} amount={payment.order.amount}"
    return [
        Fault(9, payment.id, f"{name} of the row is not what its events say")
        for name, holds in facts.items()
        if not holds
    ]


def _last(history: Sequence[PaymentEvent], state: S) -> PaymentEvent | None:
    """The last time that a payment came to a state; to settled it may come again, by an operator's word."""
    return next((event for event in reversed(history) if event.after == state), None)


def _held_until(event: PaymentEvent) -> datetime | None:
    try:
        return datetime.fromisoformat(event.evidence.partition("until=")[2])
    except ValueError:
        return None


def _check_time(payment: Payment, now: datetime, biller: Biller | None, timing: Timing) -> list[Fault]:
    """Somebody goes on with whatever has not ended, and no company is waited for longer than it declares."""
    state, due_at = payment.state, payment.due_at
    if state in TERMINAL or state is S.UNDER_REVIEW:
        return []
    if due_at is None:
        return [Fault(10, payment.id, f"in {state} and nobody will go on with it")]
    if due_at < now - LONGEST_OVERDUE:
        return [Fault(10, payment.id, f"in {state}, due since {due_at.isoformat()}")]
    if due_at > now + LONGEST_WAIT and state is not S.SCHEDULED:
        return [Fault(10, payment.id, f"in {state}, and nobody goes on with it before {due_at.isoformat()}")]
    if state in (S.PENDING, S.UNKNOWN) and biller is not None and payment.submitted_at is not None:
        until = payment.submitted_at + timing.longest_settlement(biller) + LONGEST_OVERDUE
        if until < now:
            return [
                Fault(10, payment.id, f"in {state} for longer than {biller.id} may take, since {until.isoformat()}")
            ]
    return []
