"""The table of payment states: what may follow what. Normal flow, recovery and operators all go by it."""

from faturat.invoices.types import InvoiceState
from faturat.payments.types import PaymentState as S

TRANSITIONS: dict[S, frozenset[S]] = {
    S.SCHEDULED: frozenset({S.CONFIRMING, S.CREATED, S.CANCELLED, S.EXPIRED}),
    S.CONFIRMING: frozenset({S.CREATED, S.CANCELLED, S.EXPIRED}),
    S.CREATED: frozenset({S.HOLDING, S.CANCELLED, S.EXPIRED}),
    # a bank that stays silent or refuses ends in a release, whose tombstone refuses a hold that arrives later;
    # straight to declined went version 0.1, whose histories are still checked
    S.HOLDING: frozenset({S.HELD, S.DECLINED, S.RELEASING}),
    # nothing was ever sent from here, so a hold too short or a time run out goes straight back
    S.HELD: frozenset({S.SUBMITTING, S.RELEASING}),
    S.SUBMITTING: frozenset({S.SETTLED, S.REJECTED, S.NOT_SENT, S.PENDING, S.UNKNOWN}),
    # a question that brought no answer is an event too: it counts, and sets when to ask next
    S.PENDING: frozenset({S.PENDING, S.UNKNOWN, S.SETTLED, S.REJECTED, S.UNDER_REVIEW}),
    S.UNKNOWN: frozenset({S.UNKNOWN, S.PENDING, S.SETTLED, S.REJECTED, S.UNDER_REVIEW}),
    S.UNDER_REVIEW: frozenset({S.SETTLED, S.REJECTED}),
    S.SETTLED: frozenset({S.CAPTURING}),
    S.CAPTURING: frozenset({S.PAID, S.UNDER_REVIEW}),
    S.REJECTED: frozenset({S.RELEASING}),
    S.NOT_SENT: frozenset({S.RELEASING}),
    S.RELEASING: frozenset({S.FAILED, S.DECLINED}),
    S.CANCELLED: frozenset(),
    S.EXPIRED: frozenset(),
    S.DECLINED: frozenset(),
    S.PAID: frozenset(),
    S.FAILED: frozenset(),
}

TERMINAL: frozenset[S] = frozenset(state for state, following in TRANSITIONS.items() if not following)

BEFORE_HOLDING: frozenset[S] = frozenset({S.SCHEDULED, S.CONFIRMING, S.CREATED})

OCCUPYING: frozenset[S] = frozenset(TRANSITIONS) - BEFORE_HOLDING - (TERMINAL - {S.PAID})
"""Live from holding on, or paid: at most one such payment per (biller, invoice_key, part)."""

LIVE: frozenset[S] = OCCUPYING - TERMINAL
"""At most one such payment per (biller, invoice_key), whatever its part."""

ENDED_LIVE: frozenset[S] = TERMINAL - {S.CANCELLED, S.EXPIRED}
"""Ends that only a payment comes to that was live."""

WAITING: frozenset[S] = frozenset({S.SCHEDULED, S.CONFIRMING, S.PENDING, S.UNKNOWN})
"""States in which time has to pass before a worker goes on."""


def invoice_state(state: S) -> InvoiceState | None:
    """What a payment that comes into `state` makes of its invoice; None: it leaves it as it is."""
    if state is S.PAID:
        return InvoiceState.PAID
    if state in OCCUPYING:
        return InvoiceState.PAYING
    if state in TERMINAL:
        return InvoiceState.OPEN
    return None
