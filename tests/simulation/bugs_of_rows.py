"""Planted bugs of the store and of the rules."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from faturat import PayRange, Settled, Unknown
from faturat.exchange.types import Swap
from faturat.payments import outcome_rules, rules
from faturat.payments.states import LIVE, OCCUPYING
from faturat.payments.types import NotFound, Plan
from faturat.payments.types import PaymentState as S
from faturat.store.memory import MemoryStore
from faturat.store.memory_autopay import MemoryAutopay
from faturat.store.memory_exchange import MemoryExchange
from simulation.planting import planted


# the store
def _stores(change: Callable[[MemoryStore, Plan], Plan]) -> Callable[[Any], Any]:
    """A commit of another plan than the engine's."""

    def make(original: Any) -> Any:
        async def commit(self: MemoryStore, plan: Plan) -> bool:
            return await original(self, change(self, plan))

        return commit

    return make


@planted(MemoryStore, "commit")
def occupied_index_dropped(original: Any) -> Any:
    def forget(store: MemoryStore, plan: Plan) -> Plan:
        order = plan.payment.order
        if plan.payment.state in OCCUPYING:
            store._occupied.pop((order.biller, order.invoice_key, order.part), None)
        return plan

    return _stores(forget)(original)


@planted(MemoryStore, "commit")
def live_index_dropped(original: Any) -> Any:
    def forget(store: MemoryStore, plan: Plan) -> Plan:
        if plan.payment.state in LIVE:
            store._live.pop((plan.payment.order.biller, plan.payment.order.invoice_key), None)
        return plan

    return _stores(forget)(original)


@planted(MemoryStore, "commit")
def scheduled_index_dropped(original: Any) -> Any:
    def forget(store: MemoryStore, plan: Plan) -> Plan:
        if plan.payment.state is S.SCHEDULED:
            store._scheduled.pop(plan.payment.invoice, None)
        return plan

    return _stores(forget)(original)


@planted(MemoryAutopay, "_is_autopays_turn")
def autopay_version_not_compared(original: Any) -> Any:
    return lambda *_: True


@planted(MemoryStore, "commit")
def deed_not_stored_with_the_decision(original: Any) -> Any:
    return _stores(lambda _store, plan: replace(plan, audit=None))(original)


@planted(MemoryStore, "commit")
def version_not_compared(original: Any) -> Any:
    def agree(store: MemoryStore, plan: Plan) -> Plan:
        now = store._payments.get(plan.payment.id)
        return replace(plan, expected=0 if now is None else now.version)

    return _stores(agree)(original)


@planted(MemoryStore, "commit")
def key_not_stored_with_the_payment(original: Any) -> Any:
    return _stores(lambda _store, plan: replace(plan, key=None))(original)


@planted(MemoryStore, "commit")
def deliveries_not_committed_with_the_plan(original: Any) -> Any:
    return _stores(lambda _store, plan: replace(plan, deliveries=()))(original)


@planted(MemoryStore, "commit")
def invoice_state_not_moved(original: Any) -> Any:
    return _stores(lambda _store, plan: replace(plan, invoice_state=None))(original)


@planted(MemoryStore, "commit_reading")
def notice_outside_the_transaction(original: Any) -> Any:
    async def commit_reading(self: MemoryStore, reading: Any) -> bool:
        return await original(self, replace(reading, notices=()))

    return commit_reading


@planted(MemoryStore, "commit_reading")
def version_of_a_reading_not_compared(original: Any) -> Any:
    async def commit_reading(self: MemoryStore, reading: Any) -> bool:
        now = self._contracts.get(reading.contract.id)
        version = reading.contract.version if now is None else now.version + 1
        return await original(self, replace(reading, contract=replace(reading.contract, version=version)))

    return commit_reading


@planted(MemoryExchange, "commit_swap")
def fence_not_compared(original: Any) -> Any:
    async def commit_swap(self: MemoryExchange, swap: Swap) -> bool:
        return await original(self, replace(swap, fence=self._turns[swap.biller][0]))

    return commit_swap


@planted(MemoryExchange, "commit_swap")
def older_register_wins(original: Any) -> Any:
    async def commit_swap(self: MemoryExchange, swap: Swap) -> bool:
        done = await original(self, swap)
        if done:
            self._register |= {(swap.biller, entry.reference): entry for entry in swap.register}
        return done

    return commit_swap


@planted(MemoryExchange, "_is_queued")
def orders_queued_again_though_carried(original: Any) -> Any:
    return lambda self, payment, biller: payment.state is S.PENDING and payment.order.biller == biller


# the rules
def _rejected(payment: Any, now: Any, evidence: str) -> Plan:
    return rules.move(payment, S.REJECTED, now, timedelta(), reason="not_accepted", evidence=evidence)


@planted(rules, "paid_answered")
def rejected_on_time_out(original: Any) -> Any:
    def paid_answered(payment: Any, outcome: Any, now: Any, timing: Any) -> Plan:
        if isinstance(outcome, Unknown):
            return _rejected(payment, now, outcome.why)
        return original(payment, outcome, now, timing)

    return paid_answered


@planted(outcome_rules, "asked")
def rejected_where_no_answer_came_to_the_question(original: Any) -> Any:
    def asked(payment: Any, reply: Any, biller: Any, asked_at: Any, now: Any, timing: Any) -> Plan:
        if isinstance(reply, Unknown):
            return _rejected(payment, now, reply.why)
        return original(payment, reply, biller, asked_at, now, timing)

    return asked


@planted(outcome_rules, "_not_found_is_final")
def not_found_taken_as_rejected_at_once(original: Any) -> Any:
    return lambda *_: True


@planted(outcome_rules, "asked")
def not_found_after_pending_taken_as_rejected(original: Any) -> Any:
    def asked(payment: Any, reply: Any, biller: Any, asked_at: Any, now: Any, timing: Any) -> Plan:
        if isinstance(reply, NotFound):
            return _rejected(payment, now, "not_found")
        return original(payment, reply, biller, asked_at, now, timing)

    return asked


@planted(rules, "paid_answered")
def receipt_amount_not_compared(original: Any) -> Any:
    def paid_answered(payment: Any, outcome: Any, now: Any, timing: Any) -> Plan:
        if isinstance(outcome, Settled):
            return rules.settle(payment, outcome, now, timing)
        return original(payment, outcome, now, timing)

    return paid_answered


@planted(outcome_rules, "asked")
def receipt_amount_of_a_question_not_compared(original: Any) -> Any:
    def asked(payment: Any, reply: Any, biller: Any, asked_at: Any, now: Any, timing: Any) -> Plan:
        if isinstance(reply, Settled):
            return rules.settle(payment, reply, now, timing)
        return original(payment, reply, biller, asked_at, now, timing)

    return asked


@planted(rules, "interrupted")
def interrupted_taken_as_not_sent(original: Any) -> Any:
    return lambda payment, now: rules.move(payment, S.NOT_SENT, now, timedelta(), reason="not_sent", evidence="")


@planted(rules, "_unknown")
def due_at_not_set(original: Any) -> Any:
    return lambda payment, now, evidence: rules.move(payment, S.UNKNOWN, now, None, evidence=evidence)


@planted(rules, "requoted")
def amount_not_requoted(original: Any) -> Any:
    def requoted(payment: Any, quoted: Any, now: Any, timing: Any) -> Plan:
        if quoted is not None:
            quoted = replace(quoted, total=payment.quoted_total, payable=PayRange(1, payment.quoted_total))
        return original(payment, quoted, now, timing)

    return requoted


@planted(rules, "submit")
def hold_need_not_outlive_the_settlement(original: Any) -> Any:
    def submit(payment: Any, biller: Any, now: Any, timing: Any) -> Plan:
        plan = original(replace(payment, hold_expires_at=now + timedelta(days=365)), biller, now, timing)
        return replace(plan, payment=replace(plan.payment, hold_expires_at=payment.hold_expires_at))

    return submit


@planted(rules, "hold_silent")
def declined_where_the_bank_was_silent(original: Any) -> Any:
    return lambda payment, now, timing: rules.move(payment, S.DECLINED, now, None, reason="refused")
