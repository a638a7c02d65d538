"""The rules of a payment: pure functions from a payment and what was learnt to a plan. No I/O, no clock of their own.

Each returns the Plan for the store to commit; the driver makes the calls before and after it.
"""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from faturat.bank import REFUSALS, CaptureReply, Hold, HoldReply, Refusal
from faturat.billers import Biller
from faturat.invoices.types import Invoice
from faturat.payments import states
from faturat.payments.chain import new_event, order_evidence
from faturat.payments.later import begins_at, ends_at, nobody_waits
from faturat.payments.timing import ASK_AGAIN, Timing
from faturat.payments.types import (
    IdempotencyKey,
    NotSent,
    Order,
    Outcome,
    Payment,
    Pending,
    Plan,
    Rejected,
    Settled,
    Unknown,
)
from faturat.payments.types import PaymentState as S


def create(order: Order, invoice: str, quoted_total: int, key: IdempotencyKey, timing: Timing) -> Plan:
    """A new payment, due at once, begun by order.created_at + timing.window or never.

    `quoted_total` is the invoice's total that the customer saw, in minor units.
    """
    now = order.created_at
    due_at, expires_at = now + timing.biller_call + timing.margin, now + timing.window
    return _begin(S.CREATED, order, invoice, quoted_total, key, due_at, expires_at)


def schedule(order: Order, invoice: str, quoted_total: int, key: IdempotencyKey, on: date) -> Plan:
    """A new payment that begins by itself in the morning of a companies' day, on that day or never."""
    return _begin(S.SCHEDULED, order, invoice, quoted_total, key, begins_at(on), ends_at(on))


def by_autopay(plan: Plan, contract: str, version: int) -> Plan:
    """A plan of `schedule` as that of a contract's autopay, which must still have this version."""
    return msgspec.structs.replace(
        plan, payment=msgspec.structs.replace(plan.payment, autopay=contract), autopay_version=version
    )


def _begin(
    state: S,
    order: Order,
    invoice: str,
    quoted_total: int,
    key: IdempotencyKey,
    due_at: datetime,
    expires_at: datetime,
) -> Plan:
    event = new_event(order.id, 1, order.created_at, "", state, "", evidence=order_evidence(order, quoted_total))
    payment = Payment(
        order=order,
        invoice=invoice,
        state=state,
        version=1,
        state_since=order.created_at,
        due_at=due_at,
        expires_at=expires_at,
        quoted_total=quoted_total,
        chain_head=event.hash,
    )
    return Plan(payment=payment, expected=0, event=event, key=key)


def move(payment: Payment, to: S, now: datetime, due_in: timedelta | None, **changes: Any) -> Plan:
    """The plan of one transition. `changes` are fields of the payment, and `evidence`, which goes into the event.

    `reason` stays as it was unless it is given. Raises AssertionError for a transition that is not in the table.
    """
    assert to in states.TRANSITIONS[payment.state], f"{payment.id}: {payment.state} -> {to} is not in the table"
    evidence = changes.pop("evidence", "")
    version = payment.version + 1
    reason = changes.get("reason", payment.reason)
    event = new_event(payment.id, version, now, payment.state, to, payment.chain_head, reason=reason, evidence=evidence)
    after = msgspec.structs.replace(
        payment,
        state=to,
        version=version,
        state_since=payment.state_since if to is payment.state else now,
        due_at=None if due_in is None else now + due_in,
        chain_head=event.hash,
        **changes,
    )
    was, becomes = states.invoice_state(payment.state), states.invoice_state(to)
    # a payment that never occupied its invoice must not open one that another payment occupies
    moves_invoice = becomes is not None and becomes is not was and (was is not None or to in states.OCCUPYING)
    return Plan(payment=after, expected=payment.version, event=event, invoice_state=becomes if moves_invoice else None)


def cancel(payment: Payment, now: datetime, reason: str, amount: int | None = None, evidence: str = "") -> Plan:
    """End a payment for which no money was ever asked."""
    to = S.EXPIRED if reason in ("expired", "silent_that_day") else S.CANCELLED
    return move(payment, to, now, None, reason=reason, reason_amount=amount, evidence=evidence)


def not_quoted(payment: Payment, reason: str, now: datetime, evidence: str = "") -> Plan | None:
    """The biller did not say what it asks for. Whoever waits reads so at once; for a payment whose day has come it is
    asked again until that day is over. None: not now, and nothing is known against the payment.
    """
    if not nobody_waits(payment):
        return cancel(payment, now, reason, evidence=evidence)
    return cancel(payment, now, "silent_that_day", evidence=evidence) if now >= payment.expires_at else None


def requoted(payment: Payment, quoted: Invoice | None, now: datetime, timing: Timing) -> Plan:
    """The biller was asked again: hold the money, or stop because what the customer saw no longer stands."""
    if now >= payment.expires_at:
        return cancel(payment, now, "expired")
    if (stop := no_longer_stands(payment, quoted, now)) is not None:
        return stop
    # what the biller said just now is not good for a whole day, should the bank be silent
    expires_at = min(payment.expires_at, now + timing.window)
    return move(payment, S.HOLDING, now, timing.bank_call + timing.margin, expires_at=expires_at)


def no_longer_stands(payment: Payment, quoted: Invoice | None, now: datetime) -> Plan | None:
    """The end of a payment before any money was asked for, where the biller's newest word is against it; else None.

    `quoted` is what the biller says of the invoice; None: it no longer asks for it.
    """
    if quoted is None:
        return cancel(payment, now, "invoice_gone")
    if quoted.paid_by_order is not None:
        return cancel(payment, now, "already_paid")
    seen = (payment.order.part, payment.quoted_total)
    if (quoted.part, quoted.total) != seen or not quoted.payable.accepts(payment.order.amount):
        return cancel(payment, now, "amount_changed", quoted.total)
    return None


def hold_answered(payment: Payment, reply: HoldReply, now: datetime, timing: Timing) -> Plan:
    if isinstance(reply, Refusal):
        # an earlier try that was silent may still be on its way, and a later one may be granted: from here on this
        # payment only goes back, and the release's tombstone refuses whatever arrives afterwards
        return move(
            payment,
            S.RELEASING,
            now,
            timing.bank_call + timing.margin,
            reason=reply.code,
            reason_amount=reply.available,
            evidence=f"refusal={reply.code}",
        )
    assert isinstance(reply, Hold)
    assert reply.amount == payment.order.to_hold, "the gate lets no other amount through"
    return move(
        payment,
        S.HELD,
        now,
        timing.margin,
        hold_expires_at=reply.expires_at,
        evidence=f"held={reply.amount} until={reply.expires_at.isoformat()}",
    )


def hold_silent(payment: Payment, now: datetime, timing: Timing) -> Plan | None:
    """The bank did not answer. It is asked again, until the payment's time is over; then release, not decline."""
    if now < payment.expires_at:
        return None
    return move(payment, S.RELEASING, now, timing.bank_call + timing.margin, reason="expired")


def submit(payment: Payment, biller: Biller, now: datetime, timing: Timing) -> Plan:
    """The intent to call the biller, or the way back where it must not be called any more."""
    assert payment.hold_expires_at is not None
    assert payment.submitted_at is None, "the biller is called for the first time here"
    back = timing.bank_call + timing.margin
    if now >= payment.expires_at:
        return move(payment, S.RELEASING, now, back, reason="expired")
    if payment.hold_expires_at < now + timing.longest_settlement(biller):
        return move(payment, S.RELEASING, now, back, reason="hold_too_short")
    return move(payment, S.SUBMITTING, now, timing.biller_call + timing.margin, submitted_at=now)


def without_plugin(payment: Payment, now: datetime, timing: Timing) -> Plan | None:
    """The biller's plugin is not loaded here. Another process may have it; but money is not held for ever."""
    if payment.state is S.HELD and now >= payment.expires_at:
        return move(payment, S.RELEASING, now, timing.bank_call + timing.margin, reason="expired")
    if payment.submitted_at is None:
        return None
    limit = payment.submitted_at + timing.unknown_limit
    if payment.state is S.PENDING and payment.hold_expires_at is not None:
        # how long the company may take is not known here, only that the hold outlives it by the unknown limit
        limit = max(limit, payment.hold_expires_at - timing.unknown_limit)
    return review(payment, now, "no plugin to ask") if now >= limit else None


def interrupted(payment: Payment, now: datetime) -> Plan:
    """A payment found in submitting: whoever drove it is gone, and the call may have happened."""
    return move(payment, S.UNKNOWN, now, ASK_AGAIN[0], reason="outcome_unknown", evidence="interrupted")


def paid_answered(payment: Payment, outcome: Outcome, now: datetime, timing: Timing) -> Plan:
    """The first and, without idempotent_pay, only call to the biller was answered, or not."""
    soon = timing.bank_call + timing.margin
    match outcome:
        case Settled(receipt) if receipt.amount == payment.order.amount:
            return settle(payment, outcome, now, timing)
        case Settled(receipt):
            return _unknown(payment, now, f"receipt_differs={receipt.amount}")
        case Rejected(reason):
            return move(payment, S.REJECTED, now, soon, reason=reason.value, evidence=f"rejected={reason}")
        case NotSent(why):
            return move(payment, S.NOT_SENT, now, soon, reason="not_sent", evidence=f"not_sent={why}")
        case Pending():
            return move(payment, S.PENDING, now, ASK_AGAIN[0], reason="pending", evidence="pending")
        case Unknown(why):
            return _unknown(payment, now, f"unknown={why}")


def capture(payment: Payment, now: datetime, timing: Timing) -> Plan:
    return move(payment, S.CAPTURING, now, timing.bank_call + timing.margin)


def capture_answered(payment: Payment, reply: CaptureReply, now: datetime) -> Plan:
    """Captured ends the payment; a refusal leaves the bank owing the biller, which a person has to look at."""
    if isinstance(reply, Refusal):
        return review(payment, now, f"capture refused={reply.code}")
    assert payment.receipt is not None, "nothing is captured without a receipt"
    assert reply.amount == payment.order.to_hold, "the gate lets no other amount through"
    return move(payment, S.PAID, now, None, reason="", evidence=f"captured={reply.amount}")


def release(payment: Payment, now: datetime, timing: Timing) -> Plan:
    return move(payment, S.RELEASING, now, timing.bank_call + timing.margin)


def released(payment: Payment, now: datetime) -> Plan:
    to = S.DECLINED if payment.reason in REFUSALS else S.FAILED
    return move(payment, to, now, None, evidence="released")


def due(payment: Payment, now: datetime, timing: Timing) -> Plan:
    """A scheduled payment's day has come, or one that waits for its customer's confirmation has waited too long."""
    if payment.state is S.SCHEDULED and now < payment.expires_at:
        return move(payment, S.CREATED, now, timing.biller_call + timing.margin)
    return cancel(payment, now, "expired")


def settle(payment: Payment, outcome: Settled, now: datetime, timing: Timing, evidence: str = "") -> Plan:
    words = evidence or receipt_words(outcome)
    # not due at once: whoever learnt it captures next, and a worker would come between
    return move(payment, S.SETTLED, now, timing.margin, reason="", receipt=outcome.receipt, evidence=words)


def receipt_words(outcome: Settled) -> str:
    return f"receipt={outcome.receipt.number} amount={outcome.receipt.amount}"


def _unknown(payment: Payment, now: datetime, evidence: str) -> Plan:
    return move(payment, S.UNKNOWN, now, ASK_AGAIN[0], reason="outcome_unknown", evidence=evidence)


def review(payment: Payment, now: datetime, evidence: str) -> Plan:
    return move(payment, S.UNDER_REVIEW, now, None, reason="under_review", evidence=evidence)
