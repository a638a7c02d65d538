"""The rules of an order whose outcome is open: its biller is asked about it, is sent it again, or a person decides.

Pure functions to a plan, as those in `rules`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from faturat.audit import AuditEntry, vouch
from faturat.billers import Biller
from faturat.payments import rules
from faturat.payments.timing import ASK_AGAIN, Timing
from faturat.payments.types import (
    NotFound,
    NotSent,
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

SENT_AGAIN = "sent again"
"""The evidence of an event by which an order was about to be sent again."""


def asked(
    payment: Payment, reply: StatusReply | NotSent, biller: Biller, asked_at: datetime, now: datetime, timing: Timing
) -> Plan:
    """The biller was asked about a pending or unknown payment at `asked_at`, or sent the order again."""
    match reply:
        case Settled(receipt) if receipt.amount == payment.order.amount:
            return rules.settle(payment, reply, now, timing)
        case Settled(receipt):
            return rules.review(payment, now, f"receipt_differs={receipt.amount}")
        case Rejected(reason):
            return rules.move(
                payment, S.REJECTED, now, timing.margin, reason=reason.value, evidence=f"rejected={reason}"
            )
        case NotFound() if payment.state is S.UNKNOWN and _not_found_is_final(payment, biller, asked_at, timing):
            no = Rejection.NOT_ACCEPTED.value
            return rules.move(payment, S.REJECTED, now, timing.margin, reason=no, evidence="not_found, final")
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
    return rules.move(payment, payment.state, now, timing.biller_call + timing.margin, evidence=SENT_AGAIN)


def may_send_again(payment: Payment, biller: Biller, now: datetime, timing: Timing) -> bool:
    """Whether the hold outlives what the biller may do with an order that it perhaps gets for the first time now.

    One that it has said to have is only asked about by sending it again.
    """
    assert payment.hold_expires_at is not None
    longest = timing.biller_call + timing.margin + (biller.capabilities.settles_later or timedelta())
    return payment.state is S.PENDING or now + longest <= payment.hold_expires_at


def returnable_at(
    payment: Payment, sent_at: Sequence[datetime], biller: Biller | None, timing: Timing
) -> datetime | None:
    """When an operator may give the money back; None: at once, for the order has arrived: its receipt is here.

    The company's longest time after the order was sent, first or again (`sent_at`): a company that knows nothing of it
    today may book it tomorrow. Where its plugin is not loaded, that time is not known, only that the hold outlives it.
    """
    if payment.receipt is not None:
        return None
    assert payment.submitted_at is not None, "what was never sent needs no decision"
    assert payment.hold_expires_at is not None
    held = payment.hold_expires_at - payment.submitted_at
    longest = held if biller is None else timing.longest_settlement(biller)
    return max((payment.submitted_at, *sent_at)) + longest


def decide(payment: Payment, outcome: Settled | Rejected, entry: AuditEntry, timing: Timing) -> Plan:
    """An operator's decision about a payment that is pending, unknown or under review, with the evidence for it.

    The event holds the digest of `entry`, no word of it. A receipt that the bank refused to capture goes where the
    money goes back: the company has reversed it then, and the event before says what it was.
    """
    if isinstance(outcome, Settled):
        assert outcome.receipt.amount == payment.order.amount, "another amount is no settlement of this order"
        plan = rules.settle(payment, outcome, entry.at, timing, vouch(rules.receipt_words(outcome), entry))
    else:
        plan = rules.move(
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
            words = vouch(rules.receipt_words(reply), entry)
            return _by_operator(rules.settle(payment, reply, entry.at, timing, words), entry)
        case Rejected(reason):
            no, words = reason.value, f"rejected={reason}"
        case NotFound() if _not_found_is_final(payment, biller, entry.at, timing):
            no, words = Rejection.NOT_ACCEPTED.value, "not_found, final"
        case _:
            return None
    plan = rules.move(payment, S.REJECTED, entry.at, timing.margin, reason=no, evidence=vouch(words, entry))
    return _by_operator(plan, entry)


def _by_operator(plan: Plan, entry: AuditEntry) -> Plan:
    return msgspec.structs.replace(plan, audit=entry)


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
        return rules.review(payment, now, f"{evidence}, asked {payment.asked + 1} times")
    wait = min(ASK_AGAIN[min(payment.asked + 1, len(ASK_AGAIN) - 1)], limit - now)
    return rules.move(payment, to, now, wait, reason=reason, asked=payment.asked + 1, evidence=evidence)
