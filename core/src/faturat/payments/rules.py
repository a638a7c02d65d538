"""The rules of a payment: pure functions from a payment and what was learnt to a plan. No I/O, no clock of their own.

Each returns the Plan for the store to commit; the driver makes the calls before and after it.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from faturat.audit import AuditEntry, vouch
from faturat.bank import REFUSALS, CaptureReply, Hold, HoldReply, Refusal
from faturat.billers import Biller
from faturat.invoices.types import Invoice
from faturat.payments import states
from faturat.payments.chain import new_event, order_evidence
from faturat.payments.timing import ASK_AGAIN, Timing
from faturat.payments.types import (
    IdempotencyKey,
    NotFound,
    NotSent,
    Order,
    Outcome,
    Payment,
    Pending,
    Plan,
    Rejected,
    Rejection,
    Settled,
    StatusReply,
    Unknown,
)
from faturat.payments.types import PaymentState as S


def create(order: Order, invoice: str, quoted_total: int, key: IdempotencyKey, timing: Timing) -> Plan:
    """A new payment, due at once, begun by order.created_at + timing.window or never.

    `quoted_total` is the invoice's total that the customer saw, in minor units.
    """
    now = order.created_at
    event = new_event(order.id, 1, now, "", S.CREATED, "", evidence=order_evidence(order, quoted_total))
    payment = Payment(
        order=order,
        invoice=invoice,
        state=S.CREATED,
        version=1,
        state_since=now,
        due_at=now + timing.biller_call + timing.margin,
        expires_at=now + timing.window,
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
    to = S.EXPIRED if reason == "expired" else S.CANCELLED
    return move(payment, to, now, None, reason=reason, reason_amount=amount, evidence=evidence)


def requoted(payment: Payment, quoted: Invoice | None, now: datetime, timing: Timing) -> Plan:
    """The biller was asked again: hold the money, or stop because what the customer saw no longer stands."""
    if now >= payment.expires_at:
        return cancel(payment, now, "expired")
    stop = no_longer_stands(payment, quoted, now)
    return stop or move(payment, S.HOLDING, now, timing.bank_call + timing.margin)


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
    return _review(payment, now, "no plugin to ask") if now >= limit else None


def interrupted(payment: Payment, now: datetime) -> Plan:
    """A payment found in submitting: whoever drove it is gone, and the call may have happened."""
    return move(payment, S.UNKNOWN, now, ASK_AGAIN[0], reason="outcome_unknown", evidence="interrupted")


def paid_answered(payment: Payment, outcome: Outcome, now: datetime, timing: Timing) -> Plan:
    """The first and, without idempotent_pay, only call to the biller was answered, or not."""
    soon = timing.bank_call + timing.margin
    match outcome:
        case Settled(receipt) if receipt.amount == payment.order.amount:
            return _settle(payment, outcome, now, timing)
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


def asked(
    payment: Payment, reply: StatusReply | NotSent, biller: Biller, asked_at: datetime, now: datetime, timing: Timing
) -> Plan:
    """The biller was asked about a pending or unknown payment at `asked_at`, or sent the order again."""
    match reply:
        case Settled(receipt) if receipt.amount == payment.order.amount:
            return _settle(payment, reply, now, timing)
        case Settled(receipt):
            return _review(payment, now, f"receipt_differs={receipt.amount}")
        case Rejected(reason):
            return move(payment, S.REJECTED, now, timing.margin, reason=reason.value, evidence=f"rejected={reason}")
        case NotFound() if payment.state is S.UNKNOWN and _not_found_is_final(payment, biller, asked_at, timing):
            no = Rejection.NOT_ACCEPTED.value
            return move(payment, S.REJECTED, now, timing.margin, reason=no, evidence="not_found, final")
        case NotFound() if payment.state is S.PENDING:
            return _ask_again(payment, S.UNKNOWN, "outcome_unknown", "not_found after pending", biller, now, timing)
        case Pending() if payment.state is S.UNKNOWN:
            return _ask_again(payment, S.PENDING, "pending", "pending", biller, now, timing)
    evidence = reply.why if isinstance(reply, Unknown | NotSent) else type(reply).__name__
    return _ask_again(payment, payment.state, payment.reason, evidence, biller, now, timing)


def is_last_question(payment: Payment, biller: Biller, now: datetime, timing: Timing) -> bool:
    """Whether a question put off now would come too late: the next turn is past the limit, where a person is called."""
    assert payment.submitted_at is not None
    return now + timing.lease >= payment.submitted_at + timing.longest_settlement(biller)


def asking(payment: Payment, now: datetime, timing: Timing) -> Plan:
    """The intent to send an order again, where the biller is idempotent."""
    return move(payment, payment.state, now, timing.biller_call + timing.margin, evidence="sent again")


def may_send_again(payment: Payment, biller: Biller, now: datetime, timing: Timing) -> bool:
    """Whether the hold outlives what the biller may do with an order that it perhaps gets for the first time now.

    One that it has said to have is only asked about by sending it again.
    """
    assert payment.hold_expires_at is not None
    longest = timing.biller_call + timing.margin + (biller.capabilities.settles_later or timedelta())
    return payment.state is S.PENDING or now + longest <= payment.hold_expires_at


def capture(payment: Payment, now: datetime, timing: Timing) -> Plan:
    return move(payment, S.CAPTURING, now, timing.bank_call + timing.margin)


def capture_answered(payment: Payment, reply: CaptureReply, now: datetime) -> Plan:
    """Captured ends the payment; a refusal leaves the bank owing the biller, which a person has to look at."""
    if isinstance(reply, Refusal):
        return _review(payment, now, f"capture refused={reply.code}")
    assert payment.receipt is not None, "nothing is captured without a receipt"
    assert reply.amount == payment.order.to_hold, "the gate lets no other amount through"
    return move(payment, S.PAID, now, None, reason="", evidence=f"captured={reply.amount}")


def release(payment: Payment, now: datetime, timing: Timing) -> Plan:
    return move(payment, S.RELEASING, now, timing.bank_call + timing.margin)


def released(payment: Payment, now: datetime) -> Plan:
    to = S.DECLINED if payment.reason in REFUSALS else S.FAILED
    return move(payment, to, now, None, evidence="released")


def decide(payment: Payment, outcome: Settled | Rejected, entry: AuditEntry, timing: Timing) -> Plan:
    """An operator's decision about a payment that is pending, unknown or under review, with the evidence for it.

    The event holds the digest of `entry`, no word of it. A receipt that the bank refused to capture goes where the
    money goes back: the company has reversed it then, and the event before says what it was.
    """
    if isinstance(outcome, Settled):
        assert outcome.receipt.amount == payment.order.amount, "another amount is no settlement of this order"
        plan = _settle(payment, outcome, entry.at, timing, vouch(_receipt_words(outcome), entry))
    else:
        plan = move(
            payment,
            S.REJECTED,
            entry.at,
            timing.margin,
            reason="returned_after_review",
            receipt=None,
            evidence=vouch("returned", entry),
        )
    return _by_operator(plan, entry)


def asked_in_review(
    payment: Payment, reply: StatusReply, biller: Biller, entry: AuditEntry, timing: Timing
) -> Plan | None:
    """The company was asked about a payment under review, by a person; None where its answer decides nothing."""
    match reply:
        case Settled(receipt) if receipt.amount == payment.order.amount:
            words = vouch(_receipt_words(reply), entry)
            return _by_operator(_settle(payment, reply, entry.at, timing, words), entry)
        case Rejected(reason):
            no, words = reason.value, f"rejected={reason}"
        case NotFound() if _not_found_is_final(payment, biller, entry.at, timing):
            no, words = Rejection.NOT_ACCEPTED.value, "not_found, final"
        case _:
            return None
    plan = move(payment, S.REJECTED, entry.at, timing.margin, reason=no, evidence=vouch(words, entry))
    return _by_operator(plan, entry)


def _by_operator(plan: Plan, entry: AuditEntry) -> Plan:
    return msgspec.structs.replace(plan, audit=entry)


def due(payment: Payment, now: datetime, timing: Timing) -> Plan:
    """A scheduled payment's day has come, or one that waits for its customer's confirmation has waited too long."""
    if payment.state is S.SCHEDULED and now < payment.expires_at:
        return move(payment, S.CREATED, now, timing.biller_call + timing.margin)
    return cancel(payment, now, "expired")


def _settle(payment: Payment, outcome: Settled, now: datetime, timing: Timing, evidence: str = "") -> Plan:
    words = evidence or _receipt_words(outcome)
    # not due at once: whoever learnt it captures next, and a worker would come between
    return move(payment, S.SETTLED, now, timing.margin, reason="", receipt=outcome.receipt, evidence=words)


def _receipt_words(outcome: Settled) -> str:
    return f"receipt={outcome.receipt.number} amount={outcome.receipt.amount}"


def _unknown(payment: Payment, now: datetime, evidence: str) -> Plan:
    return move(payment, S.UNKNOWN, now, ASK_AGAIN[0], reason="outcome_unknown", evidence=evidence)


def _review(payment: Payment, now: datetime, evidence: str) -> Plan:
    return move(payment, S.UNDER_REVIEW, now, None, reason="under_review", evidence=evidence)


def _not_found_is_final(payment: Payment, biller: Biller, asked_at: datetime, timing: Timing) -> bool:
    """NOT_FOUND proves nothing until the last moment at which our call may have left lies far enough back.

    That counts from when the question was put: whoever heard the answer may have stood still for long since.
    """
    final_after = biller.capabilities.not_found_final_after
    if final_after is None:
        return False
    assert payment.submitted_at is not None
    # the two moments may come from the clocks of two machines: the later one counts
    last_call = max(payment.submitted_at, payment.state_since) + timing.biller_call
    return asked_at >= last_call + final_after


def _ask_again(
    payment: Payment, to: S, reason: str, evidence: str, biller: Biller, now: datetime, timing: Timing
) -> Plan:
    """The same question later, or a person: counted from the call, whatever was answered since.

    So the hold, which outlives longest_settlement, outlives the last question too.
    """
    assert payment.submitted_at is not None
    limit = payment.submitted_at + timing.longest_settlement(biller)
    if now >= limit:
        return _review(payment, now, f"{evidence}, asked {payment.asked + 1} times")
    wait = min(ASK_AGAIN[min(payment.asked + 1, len(ASK_AGAIN) - 1)], limit - now)
    return move(payment, to, now, wait, reason=reason, asked=payment.asked + 1, evidence=evidence)
