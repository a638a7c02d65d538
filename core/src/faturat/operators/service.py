"""What an operator may do about a payment: look, put the open question again, decide with evidence; and its cases.

Every deed is stored with what it changed, or before the question that it asks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from faturat.audit import AuditAction, AuditEntry
from faturat.billers import Biller
from faturat.clock import Clock, new_id
from faturat.errors import FaturatError
from faturat.money import amount_text
from faturat.operators.cases import Adjustment, AdjustmentKind, Case, CaseSource, new_case
from faturat.operators.words import MAX_NUMBER, read_words
from faturat.payments import outcome_rules
from faturat.payments.asking import Asking
from faturat.payments.driver import Driver
from faturat.payments.service_level import ServiceLevel, service_level
from faturat.payments.states import LIVE, TERMINAL
from faturat.payments.timing import Timing
from faturat.payments.types import Payment, PaymentEvent, PaymentState, Plan, Receipt, Rejected, Rejection, Settled
from faturat.store.port import Store
from faturat.store.port_operators import CarriedBy, StateCount

TO_DECIDE = frozenset({PaymentState.PENDING, PaymentState.UNKNOWN, PaymentState.UNDER_REVIEW})


class Shown(Struct, frozen=True):
    """One payment with all that is known about it."""

    payment: Payment
    events: tuple[PaymentEvent, ...]
    level: ServiceLevel | None
    returnable_at: datetime | None
    """When a person may give the money back; None: at once, or nothing is to decide."""
    carried_by: CarriedBy | None
    cases: tuple[Case, ...]
    audit: tuple[AuditEntry, ...]


class Decision(Struct, frozen=True, kw_only=True):
    """What an operator decided about a payment as it stood at `version`.

    `receipt` is the company's receipt number where it has the money; None: the money goes back.
    """

    version: int
    receipt: str | None
    reason: str
    evidence: str

    @property
    def action(self) -> AuditAction:
        return AuditAction.RETURNED if self.receipt is None else AuditAction.SETTLED


class OperatorService:
    def __init__(
        self, store: Store, driver: Driver, asking: Asking, billers: Mapping[str, Biller], clock: Clock, timing: Timing
    ) -> None:
        self._store = store
        self._driver = driver
        self._asking = asking
        self._billers = billers
        self._clock = clock
        self._timing = timing

    async def payments(
        self,
        states: Sequence[PaymentState] = tuple(LIVE),
        *,
        biller: str | None = None,
        older_than: timedelta = timedelta(),
        after: str = "",
        limit: int = 100,
    ) -> list[Payment]:
        """Payments in some states for at least so long, oldest first; `after` is the last id of the page before."""
        since = self._clock.now() - older_than
        return await self._store.payments_in(states, biller=biller, since=since, after=after, limit=limit)

    async def counts(self) -> dict[PaymentState, StateCount]:
        """How many payments are in each state in which money is held or on its way, and since when."""
        return await self._store.count_payments(tuple(LIVE))

    def level(self, payment: Payment) -> ServiceLevel | None:
        """Where a payment stands that waits for its company; None for any other."""
        biller = self._billers.get(payment.order.biller)
        return service_level(payment, biller, self._clock.now(), self._timing)

    async def show(self, payment_id: str) -> Shown:
        """Everything about one payment; raises FaturatError unknown_payment."""
        payment = await self._get(payment_id)
        stored = await self._store.payment_events(payment_id)
        events = tuple(event for event in stored if event.version <= payment.version)  # it may have moved meanwhile
        carried = await self._store.carried_by(payment_id)
        return Shown(
            payment,
            events,
            self.level(payment),
            self._returnable_at(payment, events, carried) if payment.state in TO_DECIDE else None,
            carried,
            tuple(await self._store.cases(payment=payment_id)),
            tuple(await self._store.audit(subject=payment_id)),
        )

    async def contradicted(self, payment_id: str) -> tuple[Payment, tuple[Case, ...]]:
        """One payment, whosever it is, with all cases about it, newest first; raises FaturatError unknown_payment."""
        return await self._get(payment_id), tuple(await self._store.cases(payment=payment_id))

    async def ask(self, operator: str, payment_id: str) -> Payment:
        """Put the open question again: to the company, or where the bank refused to capture, to the bank.

        Returns the payment as it stands then. Raises FaturatError unknown_payment, nothing_to_ask, under_way (its
        process is at it, and a second one must not take it for dead), payment_moved.
        """
        payment = await self._get(payment_id)
        if payment.state in TERMINAL:
            raise FaturatError("nothing_to_ask")
        if payment.state not in TO_DECIDE and (payment.due_at is None or payment.due_at > self._clock.now()):
            raise FaturatError("under_way")
        entry = self._entry(operator, AuditAction.ASKED, payment)
        plan: Plan | None = None
        if payment.state is PaymentState.UNDER_REVIEW:
            plan = await self._ask_in_review(payment, entry)
        if plan is not None:
            try:
                return await self._carry_out(plan)
            except FaturatError:
                await self._store.add_audit(entry)  # the company was asked all the same
                raise
        await self._store.add_audit(entry)
        if payment.state in (PaymentState.PENDING, PaymentState.UNKNOWN):
            return await self._driver.ask_now(payment)
        return await self._driver.drive(payment)

    async def _ask_in_review(self, payment: Payment, entry: AuditEntry) -> Plan | None:
        if payment.receipt is not None:
            return outcome_rules.decide(payment, Settled(payment.receipt), entry, self._timing)
        biller = self._billers.get(payment.order.biller)
        reply = await self._asking.outcome_now(payment)
        return None if biller is None else outcome_rules.asked_in_review(payment, reply, biller, entry, self._timing)

    async def decide(self, operator: str, payment_id: str, decision: Decision) -> Payment:
        """Decide a payment that is pending, unknown or under review; returns it as it stands after.

        Raises FaturatError as `check_decision`, also where the payment moves at this moment.
        """
        payment, checked = await self.check_decision(payment_id, decision)
        entry = self._entry(operator, checked.action, payment, checked.reason, checked.evidence)
        outcome: Settled | Rejected = Rejected(Rejection.NOT_ACCEPTED)
        if checked.receipt is not None:
            outcome = Settled(Receipt(checked.receipt, entry.at, payment.order.amount))
        return await self._carry_out(outcome_rules.decide(payment, outcome, entry, self._timing))

    async def check_decision(self, payment_id: str, decision: Decision) -> tuple[Payment, Decision]:
        """The payment that a decision is about, and the decision with its words tidied; nothing is done.

        Raises FaturatError unknown_payment, payment_moved (it is no longer at decision.version), not_to_decide,
        decided_too_early (a call may still be under way), may_still_arrive (money would go back for an order that was
        sent lately), field_required, field_too_long, field_bad_characters.
        """
        payment = await self._get(payment_id)
        if payment.version != decision.version:
            raise FaturatError("payment_moved")
        if payment.state not in TO_DECIDE:
            raise FaturatError("not_to_decide")
        checked = replace(
            decision,
            receipt=None if decision.receipt is None else read_words("receipt", decision.receipt, MAX_NUMBER),
            reason=read_words("reason", decision.reason),
            evidence=read_words("evidence", decision.evidence),
        )
        events, now = await self._store.payment_events(payment.id), self._clock.now()
        if payment.state is not PaymentState.UNDER_REVIEW:
            self._check_quiet(events[-1], now)
        if checked.receipt is None:
            until = self._returnable_at(payment, events, await self._store.carried_by(payment.id))
            if until is not None and now < until:
                raise FaturatError("may_still_arrive", hours=ceil((until - now) / timedelta(hours=1)))
        return payment, checked

    def _check_quiet(self, last: PaymentEvent, now: datetime) -> None:
        """Nobody decides while a worker may be calling the company: what it answers would contradict at once."""
        quiet_at = last.at + self._timing.biller_call + self._timing.margin
        if now < quiet_at:
            raise FaturatError("decided_too_early", seconds=ceil((quiet_at - now).total_seconds()))

    def _returnable_at(
        self, payment: Payment, events: Sequence[PaymentEvent], carried: CarriedBy | None
    ) -> datetime | None:
        sent_at = [event.at for event in events if event.evidence == outcome_rules.SENT_AGAIN]
        if carried is not None:  # a file that is not known to have gone out may have done so while the payment pended
            sent_at.append(carried.sent_at or payment.state_since)
        biller = self._billers.get(payment.order.biller)
        return outcome_rules.returnable_at(payment, sent_at, biller, self._timing)

    async def cases(self, *, open_only: bool = True, before: str = "", limit: int = 100) -> list[Case]:
        """Cases, newest first; `before` is the last id of the page before."""
        return await self._store.cases(open_only=open_only, before=before, limit=limit)

    async def case(self, case_id: str) -> Case:
        """One case; raises FaturatError unknown_case."""
        case = await self._store.case(case_id)
        if case is None:
            raise FaturatError("unknown_case")
        return case

    async def open_case(self, operator: str, payment_id: str, said: str) -> Case:
        """Open a case by hand, as for a payment that bounced.

        Raises FaturatError unknown_payment, not_ended, case_known, field_required, field_too_long.
        """
        payment = await self._get(payment_id)
        if payment.state not in TERMINAL:
            raise FaturatError("not_ended")
        words = read_words("said", said)
        case = new_case(payment, CaseSource.OPERATOR, words, self._clock.now())
        entry = self._entry(operator, AuditAction.CASE_OPENED, payment, case.id, words)
        if not await self._store.open_case(case, entry):
            raise FaturatError("case_known", field="said")
        return case

    async def close_case(self, operator: str, case_id: str, adjustment: Adjustment, reason: str) -> Case:
        """Resolve a case; the payment stays as it is, and the bank's own books have the entry that `booking` names.

        Raises FaturatError unknown_case, case_closed, not_decided (its payment is still to decide), bad_adjustment,
        field_required, field_too_long.
        """
        case = await self.case(case_id)
        payment = await self._get(case.payment)
        if payment.state not in TERMINAL:
            raise FaturatError("not_decided")
        checked = _check_adjustment(adjustment, payment)
        words = f"{case.id} {checked.kind} {checked.amount} {checked.booking}".strip()
        entry = self._entry(operator, AuditAction.CASE_CLOSED, payment, read_words("reason", reason), words)
        closed = replace(case, closed_at=entry.at, adjustment=checked)
        if not await self._store.close_case(closed, entry):
            raise FaturatError("case_closed")
        return closed

    async def audit(self, before: str = "", limit: int = 100) -> list[AuditEntry]:
        """What operators did, newest first."""
        return await self._store.audit(before=before, limit=limit)

    async def _carry_out(self, plan: Plan) -> Payment:
        moved = await self._driver.commit(plan)
        if moved is None:
            raise FaturatError("payment_moved")
        return await self._driver.drive(moved)

    async def _get(self, payment_id: str) -> Payment:
        payment = await self._store.payment(payment_id)
        if payment is None:
            raise FaturatError("unknown_payment")
        return payment

    def _entry(
        self, operator: str, action: AuditAction, payment: Payment, reason: str = "", evidence: str = ""
    ) -> AuditEntry:
        now = self._clock.now()
        return AuditEntry(
            id=new_id("aud", now),
            at=now,
            operator=operator,
            action=action,
            subject=payment.id,
            reason=reason,
            evidence=evidence,
        )


def _check_adjustment(adjustment: Adjustment, payment: Payment) -> Adjustment:
    """None has neither amount nor entry; any other has both, and no more than the payment's own amount."""
    if adjustment.kind is AdjustmentKind.NONE:
        if adjustment.amount or adjustment.booking.strip():
            raise FaturatError("bad_adjustment", field="adjustment")
        return adjustment
    if not 0 < adjustment.amount <= payment.order.to_hold:
        largest = amount_text(payment.order.to_hold, payment.order.currency)
        raise FaturatError("adjustment_amount", field="amount", largest=largest)
    return replace(adjustment, booking=read_words("booking", adjustment.booking, MAX_NUMBER))
