"""Drives one payment from state to state: commit the intent, make the call, commit the evidence.

The process that took the payment and a worker that found it later run the same steps. What is found in holding,
submitting, releasing or capturing may have happened: bank calls are repeated by order id, the biller's only where it
declares idempotent_pay.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import structlog

from faturat.billers import Biller
from faturat.clock import Clock
from faturat.errors import FaturatError, NotAsked
from faturat.gate.bank import BankGate, BankSilent
from faturat.gate.biller import BillerGate
from faturat.notices.outbox import Outbox
from faturat.operators.cases import CaseSource, is_contrary, new_case, words_of
from faturat.payments import outcome_rules, rules
from faturat.payments.asking import Asking
from faturat.payments.later import nobody_waits
from faturat.payments.states import WAITING
from faturat.payments.timing import Timing
from faturat.payments.types import (
    NotFound,
    NotSent,
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
from faturat.store.port import Occupied, Store

log = structlog.stdlib.get_logger()

MAX_STEPS = 32
"""More steps in one drive than the longest way through the table."""

Step = Callable[[Payment], Awaitable[Payment | None]]


class Driver:
    def __init__(
        self,
        store: Store,
        gates: Mapping[str, BillerGate],
        bank: BankGate,
        asking: Asking,
        outbox: Outbox,
        clock: Clock,
        timing: Timing,
    ) -> None:
        self._store = store
        self._gates = gates
        self._bank = bank
        self._asking = asking
        self._outbox = outbox
        self._clock = clock
        self._timing = timing
        self._steps: dict[S, Step] = {
            S.SCHEDULED: self._ask_before_holding,
            S.CONFIRMING: lambda payment: self.commit(rules.due(payment, self._now(), timing)),
            S.CREATED: self._ask_before_holding,
            S.HOLDING: self._hold,
            S.HELD: self._submit,
            S.SUBMITTING: self._interrupted,
            S.PENDING: self._ask_outcome,
            S.UNKNOWN: self._ask_outcome,
            S.SETTLED: lambda payment: self.commit(rules.capture(payment, self._now(), timing)),
            S.CAPTURING: self._capture,
            S.REJECTED: lambda payment: self.commit(rules.release(payment, self._now(), timing)),
            S.NOT_SENT: lambda payment: self.commit(rules.release(payment, self._now(), timing)),
            S.RELEASING: self._release,
        }

    async def drive(self, payment: Payment) -> Payment:
        """Go on until the payment ended, has to wait, or somebody else moved it; returns it as it stands then."""
        for _ in range(MAX_STEPS):
            step = self._steps.get(payment.state)
            if step is None:
                return payment
            moved = await step(payment)
            if moved is None:
                return await self._store.payment(payment.id) or payment
            payment = moved
            if payment.state in WAITING:
                return payment
        raise AssertionError(f"{payment.id}: more than {MAX_STEPS} steps")

    async def commit(self, plan: Plan) -> Payment | None:
        """Commit a plan with what it owes; None where the race was lost. Raises Occupied, KeyTaken."""
        gate = self._gates.get(plan.payment.order.biller)
        if await self._store.commit(await self._outbox.owing(plan, None if gate is None else gate.biller)):
            return plan.payment
        log.info("payment_moved_elsewhere", payment=plan.payment.id, version=plan.expected)
        return None

    def _now(self) -> datetime:
        return self._clock.now()

    async def _ask_before_holding(self, payment: Payment) -> Payment | None:
        """Ask the biller once more just before money is held: what the customer saw must still stand.

        A scheduled payment begins only with that answer, so that until then it can be cancelled.
        """
        if nobody_waits(payment) and (reason := await self._taken_back(payment)):
            return await self.commit(rules.cancel(payment, self._now(), reason))
        gate = self._gates.get(payment.order.biller)
        if gate is None:
            return await self._not_quoted(payment, "biller_unavailable")
        too_old = self._now() + self._timing.window
        try:
            quoted = await self._asking.quote(payment, gate)
        except NotAsked as error:
            return await self._not_quoted(payment, error.code, f"not_asked={error.why}")
        except FaturatError as error:
            return await self._not_quoted(payment, error.code)
        if payment.state is S.SCHEDULED:
            if self._now() >= too_old:
                return None  # it stood still since; whoever claims it next asks anew
            begun = await self.commit(rules.due(payment, self._now(), self._timing))
            if begun is None or begun.state is not S.CREATED or self._now() >= too_old:
                return begun  # where it stood still at that, it is asked once more
            payment = begun
        plan = rules.requoted(payment, quoted, self._now(), self._timing)
        try:
            return await self.commit(plan)
        except Occupied:
            return await self.commit(rules.cancel(payment, self._now(), "already_paying"))

    async def _taken_back(self, payment: Payment) -> str:
        """Why a payment that nobody waits for is not to be made any more; empty: it is.

        Whoever took it back cancels it, but may have died before.
        """
        known = await self._store.invoice(payment.invoice)
        if known is None or known.contract is None or await self._store.contract(known.contract) is None:
            return "contract_removed"
        if payment.autopay is not None:
            allowed = await self._store.autopay(payment.autopay)
            if allowed is None or allowed.due_at is None or allowed.changed_at > payment.order.created_at:
                return "autopay_changed"
        return ""

    async def _not_quoted(self, payment: Payment, reason: str, evidence: str = "") -> Payment | None:
        plan = rules.not_quoted(payment, reason, self._now(), evidence)
        return None if plan is None else await self.commit(plan)

    async def _hold(self, payment: Payment) -> Payment | None:
        try:
            reply = await self._bank.hold_funds(payment.order)
        except BankSilent:
            plan = rules.hold_silent(payment, self._now(), self._timing)
            return None if plan is None else await self.commit(plan)
        return await self.commit(rules.hold_answered(payment, reply, self._now(), self._timing))

    async def _submit(self, payment: Payment) -> Payment | None:
        gate = self._gates.get(payment.order.biller)
        if gate is None:
            return await self._without_plugin(payment)
        plan = rules.submit(payment, gate.biller, self._now(), self._timing)
        intent = await self.commit(plan)
        if intent is None or intent.state is not S.SUBMITTING:
            return intent
        outcome = await gate.pay_invoice(intent.order, self._call_by(intent))
        if isinstance(outcome, Rejected) and outcome.reason is Rejection.ALREADY_PAID:
            outcome = await self._perhaps_by_us(intent, gate) or outcome
        moved = await self.commit(rules.paid_answered(intent, outcome, self._now(), self._timing))
        return moved or await self._answered_late(intent, outcome, gate)

    async def _perhaps_by_us(self, intent: Payment, gate: BillerGate) -> Outcome | None:
        """Ask who paid it: a database that was restored from a backup knows nothing of the calls made since then.

        None: not this order.
        """
        said = await self._asking.outcome_now(intent)
        if not gate.biller.capabilities.status_inquiry:
            return None if isinstance(said, NotFound) or said == Unknown("no_proof") else said
        return None if isinstance(said, NotFound | Rejected) else said

    async def _answered_late(self, asked: Payment, outcome: StatusReply | NotSent, gate: BillerGate) -> Payment | None:
        """Somebody else went on with the payment while the call was under way; what it brought still counts.

        But a biller that works by files was not reached by the call: a late no would let money go for an order that
        a file carries by now.
        """
        if gate.biller.capabilities.exchange_every is not None:
            return None
        if gate.biller.capabilities.idempotent_pay:
            outcome = _perhaps_ours(outcome)  # whoever took it for interrupted may have sent it again
        current = await self._store.payment(asked.id)
        if current is None or isinstance(outcome, Unknown | NotSent | NotFound):
            return None
        return await self.told(current, outcome, gate.biller)

    async def told(self, payment: Payment, outcome: Outcome, biller: Biller) -> Payment | None:
        """The biller said of its own accord what became of a payment; counts only where that is not known yet.

        What contradicts an end, or comes while a person looks at the payment, opens a case.
        """
        while payment.state in (S.UNKNOWN, S.PENDING):
            now = self._now()
            moved = await self.commit(outcome_rules.asked(payment, outcome, biller, now, now, self._timing))
            if moved is not None:
                return moved
            # a worker asked again at this moment; nobody says a second time what was said here
            current = await self._store.payment(payment.id)
            assert current is not None
            payment = current
        if isinstance(outcome, Settled | Rejected) and is_contrary(payment, outcome):
            case = new_case(payment, CaseSource.COMPANY, words_of(outcome), self._now())
            if await self._store.open_case(case):
                log.warning("case_opened", payment=payment.id, state=payment.state, answer=type(outcome).__name__)
        return None

    async def _without_plugin(self, payment: Payment) -> Payment | None:
        plan = rules.without_plugin(payment, self._now(), self._timing)
        return None if plan is None else await self.commit(plan)

    def _call_by(self, payment: Payment) -> datetime:
        """A call that begins later would outlast due_at, from which on a worker takes the payment for interrupted."""
        assert payment.due_at is not None
        return payment.due_at - self._timing.biller_call

    async def _interrupted(self, payment: Payment) -> Payment | None:
        return await self.commit(rules.interrupted(payment, self._now()))

    async def _ask_outcome(self, payment: Payment, asked_by_a_person: bool = False) -> Payment | None:
        gate = self._gates.get(payment.order.biller)
        if gate is None:
            return await self._without_plugin(payment)
        able, asked_at = gate.biller.capabilities, self._now()
        # the last question before a person is called is put whatever the breaker says, and so is a person's own
        last = asked_by_a_person or outcome_rules.is_last_question(payment, gate.biller, self._now(), self._timing)
        reply: StatusReply | NotSent
        if able.exchange_every is not None:
            reply = await self._wait_for_file(payment, gate)
        elif not last and await gate.refusal() is not None:
            await self._outbox.still(payment, gate.biller)
            return None  # put off, not put: it counts for nothing, and its lease brings it back
        elif able.idempotent_pay and not able.status_inquiry:
            if not outcome_rules.may_send_again(payment, gate.biller, self._now(), self._timing):
                reply = Unknown("hold_too_short")
            elif (intent := await self.commit(outcome_rules.asking(payment, self._now(), self._timing))) is None:
                return None
            else:
                payment, reply = intent, await self._send_again(intent, gate, last)
                if isinstance(reply, NotSent) and reply.why != "refused_connection" and not last:
                    return None  # nobody asked: it counts for nothing, and the intent's own time brings it back
        else:
            try:
                reply = await self._asking.outcome(payment, gate, last)
            except NotAsked as error:
                if not last:
                    return None
                reply = Unknown(error.why)
        plan = outcome_rules.asked(payment, reply, gate.biller, asked_at, self._now(), self._timing)
        moved = await self.commit(plan)
        return moved or await self._answered_late(payment, reply, gate)

    async def ask_now(self, payment: Payment) -> Payment:
        """Put the open question of a payment that is pending or unknown, for a person; goes on as far as it leads."""
        moved = await self._ask_outcome(payment, asked_by_a_person=True)
        if moved is None:
            return await self._store.payment(payment.id) or payment
        return moved if moved.state in WAITING else await self.drive(moved)

    async def _wait_for_file(self, payment: Payment, gate: BillerGate) -> StatusReply | NotSent:
        """A biller that works by files answers by files; an order that none carries never left, and is queued again."""
        if payment.state is S.PENDING or await self._store.is_carried(payment.id):
            return Pending()
        return await gate.pay_invoice(payment.order, self._now() + self._timing.margin)

    async def _send_again(self, payment: Payment, gate: BillerGate, last: bool) -> StatusReply | NotSent:
        return _perhaps_ours(await gate.pay_invoice(payment.order, self._call_by(payment), again=True, anyway=last))

    async def _capture(self, payment: Payment) -> Payment | None:
        try:
            reply = await self._bank.capture_funds(payment.order)
        except BankSilent:
            return None
        return await self.commit(rules.capture_answered(payment, reply, self._now()))

    async def _release(self, payment: Payment) -> Payment | None:
        try:
            await self._bank.release_funds(payment.order)
        except BankSilent:
            return None
        ended = await self.commit(rules.released(payment, self._now()))
        if ended is not None and ended.reason in (Rejection.ALREADY_PAID, Rejection.AMOUNT_CHANGED):
            await self._asking.read_anew(ended)
        return ended


def _perhaps_ours(outcome: StatusReply | NotSent) -> StatusReply | NotSent:
    """What an order's company calls already paid may be so by our own other try, where it may have been sent twice."""
    if isinstance(outcome, Rejected) and outcome.reason is Rejection.ALREADY_PAID:
        return Unknown("already_paid")
    return outcome
