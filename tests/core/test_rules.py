"""Rules as pure plans: those that no page uses yet, and what a whole payment shows only now and then."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from faturat import Order, Payment, PaymentState, Receipt, Reference, Rejected, Rejection, Settled
from faturat.audit import AuditAction, AuditEntry
from faturat.payments import outcome_rules, rules
from faturat.payments.timing import Timing
from faturat.payments.types import IdempotencyKey

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TIMING = Timing()
ORDER = Order(
    id="pay_1",
    customer="c1",
    account="a",
    biller="fake",
    reference=Reference("contract", {"code": "AB12"}),
    invoice_key="F1",
    amount=100,
    currency="ALL",
    created_at=NOW,
)


def payment(state: PaymentState) -> Payment:
    key = IdempotencyKey(customer="c1", key="k", body_hash="")
    return replace(rules.create(ORDER, "inv_1", 100, key, TIMING).payment, state=state)


def test_a_scheduled_payment_begins_when_its_day_has_come() -> None:
    plan = rules.due(payment(PaymentState.SCHEDULED), NOW, TIMING)
    assert plan.payment.state is PaymentState.CREATED
    assert plan.payment.due_at is not None


def test_what_waits_too_long_expires() -> None:
    late = NOW + TIMING.window
    for state in (PaymentState.SCHEDULED, PaymentState.CONFIRMING):
        plan = rules.due(payment(state), late, TIMING)
        assert (plan.payment.state, plan.payment.reason) == (PaymentState.EXPIRED, "expired")


def deed(action: AuditAction) -> AuditEntry:
    return AuditEntry(
        id="aud_1", at=NOW, operator="op", action=action, subject="pay_1", reason="by telephone", evidence="list 22.11"
    )


def test_an_operator_decides_and_the_chain_vouches_for_the_deed() -> None:
    reviewed = replace(payment(PaymentState.UNDER_REVIEW), submitted_at=NOW)
    receipt = Receipt("R1", NOW, 100)
    entry = deed(AuditAction.SETTLED)
    settled = outcome_rules.decide(reviewed, Settled(receipt), entry, TIMING)
    assert (settled.payment.state, settled.payment.receipt) == (PaymentState.SETTLED, receipt)
    assert settled.audit == entry
    assert settled.event.evidence == f"receipt=R1 amount=100 audit={entry.digest}"
    entry = deed(AuditAction.RETURNED)
    returned = outcome_rules.decide(replace(reviewed, receipt=receipt), Rejected(Rejection.NOT_ACCEPTED), entry, TIMING)
    assert (returned.payment.state, returned.payment.receipt) == (PaymentState.REJECTED, None)
    assert returned.payment.reason == "returned_after_review"
    assert "telephone" not in returned.event.evidence, "what people type stays out of the chain"
    assert replace(entry, evidence="another").digest != entry.digest


def test_an_operator_cannot_settle_another_amount() -> None:
    reviewed = replace(payment(PaymentState.UNDER_REVIEW), submitted_at=NOW)
    with pytest.raises(AssertionError):
        outcome_rules.decide(reviewed, Settled(Receipt("R1", NOW, 99)), deed(AuditAction.SETTLED), TIMING)


def test_no_worker_comes_between_whoever_learnt_a_receipt_and_the_capture() -> None:
    """Due at once, a worker would take the payment too, and the customer be told that it is still under way."""
    submitting = replace(payment(PaymentState.SUBMITTING), submitted_at=NOW)
    plan = rules.paid_answered(submitting, Settled(Receipt("R1", NOW, 100)), NOW, TIMING)
    assert plan.payment.due_at == NOW + TIMING.margin


def test_nobody_to_ask_for_a_day_is_for_a_person() -> None:
    unknown = replace(payment(PaymentState.UNKNOWN), submitted_at=NOW)
    assert rules.without_plugin(unknown, NOW + timedelta(hours=23), TIMING) is None
    plan = rules.without_plugin(unknown, NOW + timedelta(days=1), TIMING)
    assert plan is not None
    assert plan.payment.state is PaymentState.UNDER_REVIEW


def test_what_a_company_confirms_later_waits_for_it_where_the_plugin_is_not_loaded() -> None:
    week = NOW + timedelta(days=7)
    pending = replace(payment(PaymentState.PENDING), submitted_at=NOW, hold_expires_at=week)
    assert rules.without_plugin(pending, NOW + timedelta(days=5), TIMING) is None
    plan = rules.without_plugin(pending, week - TIMING.unknown_limit, TIMING)
    assert plan is not None
    assert plan.payment.state is PaymentState.UNDER_REVIEW


def test_a_transition_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(AssertionError, match="not in the table"):
        rules.move(payment(PaymentState.PAID), PaymentState.CREATED, NOW, None)
