"""Planted bugs of the driver, the gates and the exchange of files."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from faturat import FaturatError, NotSent, Refusal
from faturat.autopay.service import LEFT, AutopayService
from faturat.exchange.service import ExchangeService
from faturat.gate import replies
from faturat.gate.bank import BankSilent
from faturat.gate.biller import BillerGate
from faturat.notices import rules as notices
from faturat.payments import outcome_rules, rules
from faturat.payments.asking import Asking
from faturat.payments.driver import Driver
from faturat.payments.types import PaymentState as S
from faturat.payments.types import Plan
from faturat.plugins.http import Attempt
from simulation.planting import planted


# autopay
@planted(AutopayService, "_tell")
def closed_account_of_an_autopay_not_told(_original: Any) -> Any:
    async def tell(*_: Any) -> None:
        return None

    return tell


@planted(notices, "unpayable")
def what_autopay_leaves_told_of_each_row(original: Any) -> Any:
    def unpayable(row: Any, *facts: Any) -> Any:
        return replace(original(row, *facts), subject=row.id)

    return unpayable


@planted(AutopayService, "_tell")
def what_autopay_leaves_not_told(original: Any) -> Any:
    async def tell(self: Any, autopay: Any, contract: Any, known: Any, why: str) -> None:
        if why not in LEFT:
            await original(self, autopay, contract, known, why)

    return tell


# operators
@planted(outcome_rules, "returnable_at")
def returned_while_the_order_may_arrive(_original: Any) -> Any:
    return lambda *_: None


# the driver
@planted(Driver, "_ask_before_holding")
def held_before_the_commit(original: Any) -> Any:
    async def ask(self: Any, payment: Any) -> Any:
        await self._bank.hold_funds(payment.order)
        return await original(self, payment)

    return ask


@planted(Driver, "_submit")
def paid_before_the_commit(original: Any) -> Any:
    async def submit(self: Any, payment: Any) -> Any:
        gate = self._gates[payment.order.biller]
        await gate.pay_invoice(payment.order, self._now() + timedelta(seconds=5))
        return await original(self, payment)

    return submit


@planted(Driver, "drive")
def captured_before_the_commit(original: Any) -> Any:
    async def drive(self: Any, payment: Any) -> Any:
        if payment.state is S.SETTLED:
            await self._bank.capture_funds(payment.order)
        return await original(self, payment)

    return drive


@planted(Asking, "_proof_in_contract")
def sent_again_without_idempotent_pay(original: Any) -> Any:
    return lambda self, payment, gate, last: gate.pay_invoice(
        payment.order, self._clock.now() + timedelta(minutes=1), again=True
    )


@planted(Driver, "_send_again")
def already_paid_after_an_earlier_try_taken_as_rejected(original: Any) -> Any:
    return lambda self, payment, gate, last: gate.pay_invoice(payment.order, self._call_by(payment), again=True)


@planted(Driver, "_answered_late")
def late_answer_ignored(original: Any) -> Any:
    async def ignored(self: Any, intent: Any, outcome: Any, gate: Any) -> None:
        return None

    return ignored


@planted(rules, "hold_answered")
def no_tombstone_after_a_refusal(original: Any) -> Any:
    def hold_answered(payment: Any, reply: Any, now: Any, timing: Any) -> Plan:
        if isinstance(reply, Refusal):
            return rules.move(payment, S.DECLINED, now, None, reason=reply.code, evidence="refusal")
        return original(payment, reply, now, timing)

    return hold_answered


@planted(Driver, "_hold")
def released_before_the_commit(original: Any) -> Any:
    async def hold(self: Any, payment: Any) -> Any:
        try:
            reply = await self._bank.hold_funds(payment.order)
            if isinstance(reply, Refusal):
                await self._bank.release_funds(payment.order)
        except BankSilent:
            return None
        return await self.commit(rules.hold_answered(payment, reply, self._now(), self._timing))

    return hold


@planted(Driver, "_release")
def released_though_the_bank_was_silent(original: Any) -> Any:
    async def release(self: Any, payment: Any) -> Any:
        return await original(self, payment) or await self.commit(rules.released(payment, self._now()))

    return release


@planted(Driver, "_capture")
def paid_though_the_bank_was_silent(original: Any) -> Any:
    async def capture(self: Any, payment: Any) -> Any:
        moved = await original(self, payment)
        return moved or await self.commit(rules.move(payment, S.PAID, self._now(), None, reason=""))

    return capture


# the gate
@planted(BillerGate, "pay_invoice")
def called_after_the_deadline(original: Any) -> Any:
    return lambda self, order, call_by, *how, **named: original(self, order, call_by + timedelta(days=1), *how, **named)


@planted(BillerGate, "fetch_invoices")
def incomplete_entry_taken_for_no_debts(original: Any) -> Any:
    async def fetch(self: Any, references: Any, *how: Any, **named: Any) -> Any:
        answers = await original(self, references, *how, **named)
        return {each: () if isinstance(entry, FaturatError) else entry for each, entry in answers.items()}

    return fetch


@planted(replies, "check_pay")
def corrupt_reply_accepted(original: Any) -> Any:
    def check_pay(reply: Any) -> Any:
        return reply if isinstance(reply, NotSent) else original(reply)

    return check_pay


@planted(replies, "check_hold")
def hold_of_another_amount_accepted(original: Any) -> Any:
    return lambda reply, order: replies.typed(reply, replies.HoldReply)


@planted(Attempt, "nothing_left")
def refused_after_bytes_left_taken_as_not_sent(original: Any) -> Any:
    return property(lambda attempt: attempt.dialled)


# the exchange
@planted(ExchangeService, "_swap")
def answers_told_after_the_commit(original: Any) -> Any:
    async def swap(self: Any, gate: BillerGate, fence: int) -> None:
        outcomes: dict[str, Any] = {}
        read = self._read

        async def read_only(*args: Any) -> Any:
            found = await read(*args)
            for reply in found:
                outcomes.update(reply.outcomes)
            return [replace(reply, outcomes={}) for reply in found]

        late = ExchangeService(self._store, {gate.biller.id: gate}, self._payments, self._clock)
        late._read = read_only
        await original(late, gate, fence)
        for order, outcome in outcomes.items():
            await self._payments.told(gate.biller.id, order, outcome)

    return swap


@planted(ExchangeService, "_swap")
def sent_before_it_is_stored(original: Any) -> Any:
    async def swap(self: Any, gate: BillerGate, fence: int) -> None:
        read = self._read

        async def read_and_send(*args: Any) -> Any:
            found = await read(*args)
            for reply in found:
                for file in reply.files:
                    await gate.send_files((file,))
            return found

        early = ExchangeService(self._store, {gate.biller.id: gate}, self._payments, self._clock)
        early._read = read_and_send
        await original(early, gate, fence)

    return swap
