"""Every invariant of the design, checked at each commit, at each request that leaves, and after each step."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from faturat import FundsState, InvoiceState, Notice, Order, OutgoingFile, Payment, PaymentState, Settled
from faturat.autopay.rules import counts, day, same_month
from faturat.exchange.types import Swap
from faturat.notices.types import Delivery, NoticeEvent
from faturat.payments.checking import LONGEST_OVERDUE
from faturat.payments.states import LIVE, OCCUPYING, TERMINAL
from faturat.payments.types import PaymentState as S
from faturat.payments.types import Plan, Rejected
from faturat.store.port import Reading
from faturat.verify import check_payment, funds_fit
from simulation.company import Company
from simulation.file_company import Content, FileCompany
from simulation.loop import Life

if TYPE_CHECKING:
    from simulation.world import World

MARGIN = 5.001
"""Seconds from the intent to call a company to the last moment at which the call may begin."""
QUOTE_LIVES = 15 * 60.0 + 60
"""Seconds; it counts from when a reading is stored, which may be a slow while after it was said."""
LONGEST_STALL = 2100.0
"""Seconds, and what a process does after it."""
NOTHING_BOOKED = (TERMINAL - {S.PAID}) | {S.REJECTED, S.NOT_SENT, S.RELEASING, S.CREATED, S.HOLDING, S.HELD}
Step = TypeVar("Step", Plan, Reading)
STILL_HELD = frozenset({S.HELD, S.SUBMITTING, S.SETTLED, S.PENDING, S.UNKNOWN, S.REJECTED, S.NOT_SENT, S.UNDER_REVIEW})


ENDS_TOLD = {
    S.PAID: NoticeEvent.PAYMENT_SETTLED,
    S.FAILED: NoticeEvent.PAYMENT_FAILED,
    S.DECLINED: NoticeEvent.PAYMENT_FAILED,
    S.UNDER_REVIEW: NoticeEvent.PAYMENT_REVIEW,
}


def _few_deliveries(step: Step) -> Step:
    """The step, with deliveries of new invoices alone among those of notices.

    All notices are delivered in one way; more of them would move every later draw of a seed.
    """
    others = {notice.id for notice in step.notices if notice.event is not NoticeEvent.INVOICE_NEW}
    return msgspec.structs.replace(step, deliveries=tuple(row for row in step.deliveries if row.subject not in others))


def taken_places(payment: Payment) -> list[tuple[str, ...]]:
    """What only one payment may have: an invoice while it is live, a part of it while it is live or paid."""
    invoice = (payment.order.biller, payment.order.invoice_key)
    places: list[tuple[str, ...]] = [(*invoice, str(payment.order.part))] if payment.state in OCCUPYING else []
    return [*places, invoice] if payment.state in LIVE else places


class Violation(Exception):
    """A broken invariant. `invariant` is its number in the design, 0 for one of the simulation's own."""

    def __init__(self, invariant: int, what: str) -> None:
        super().__init__(f"invariant {invariant}: {what}")
        self.invariant = invariant


class Checks:
    def __init__(self, world: "World") -> None:
        self.world = world
        self.changed: dict[str, None] = {}
        self.seen: dict[str, Payment] = {}
        self.born: dict[str, float] = {}
        self.left: dict[tuple[str | None, str], str] = {}
        self.intents: defaultdict[str, set[PaymentState]] = defaultdict(set)
        self.called_at: dict[str, float] = {}
        """By payment, when the newest intent to call its company was committed."""
        self.left_alone: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        """By payment, from when until when nobody went on with it, where that was for longer than may be."""
        self.calls: Counter[str] = Counter()
        self.totals: defaultdict[tuple[str, str], list[tuple[float, int]]] = defaultdict(list)
        self.places: dict[tuple[str, ...], str] = {}
        self.settled_answers: dict[str, tuple[Life, float]] = {}
        self.disturbed: set[str] = set()
        self.notices: dict[tuple[Any, ...], str] = {}
        self.heard: set[str] = set()
        self.heard_notices: set[str] = set()
        self.given_up: set[str] = set()
        self.by_key: dict[tuple[str, str], str] = {}

    def require(self, condition: bool, invariant: int, what: str) -> None:
        if not condition:
            self.world.loop.failures.append(Violation(invariant, what))

    # at each commit: the store's method and what it did are one step here, as they are in the store
    async def commit(self, life: Life, name: str, args: Any, named: Any) -> Any:
        store = self.world.store
        method = getattr(store, name)
        match name, args:
            case "commit", (Plan() as plan,):
                row = store._invoices.get(plan.payment.invoice)
                done = await method(_few_deliveries(plan))
                self.world.trace(
                    life.name, f"commit {plan.payment.state}", plan.payment.id, done and plan.event.evidence
                )
                if done:
                    self._committed(plan, row)
                return done
            case "commit_reading", (Reading() as reading,):
                before = store._contracts.get(reading.contract.id)
                known = set(store._invoices)
                done = await method(_few_deliveries(reading))
                self.world.trace(life.name, "commit_reading", reading.contract.id, done)
                if done:
                    self._read(reading, before, known)
                return done
            case "commit_swap", (Swap() as swap,):
                register = dict(store._register)
                done = await method(swap)
                self.world.trace(life.name, "commit_swap", [file.name for file in (*swap.taken, *swap.files)], done)
                if done:
                    self._swapped(swap, register)
                return done
            case "add_notices", (notices, _):
                done = await method(*args)
                for notice in notices:
                    self._check_notice(notice)
                return done
            case "delivery_failed", (delivery_id, None):
                self._gives_up(store._deliveries.get(delivery_id))
        done = await method(*args, **named)
        if name.startswith("claim_payments"):
            self.world.trace(life.name, name, [payment.id for payment in done], "")
        return done

    def _committed(self, plan: Plan, row: Any) -> None:
        payment = plan.payment
        before = self.seen.get(payment.id)
        was = 0 if before is None else before.version
        self.require(plan.payment.version == was + 1, 7, f"{payment.id}: {was} followed by {payment.version}")
        self.require(before is None or before.state not in TERMINAL, 7, f"{payment.id} moved after its end")
        if before is not None and before.due_at is not None and self.world.moment() - before.due_at > LONGEST_OVERDUE:
            self.left_alone[payment.id].append((before.due_at, self.world.moment()))
        self.seen[payment.id] = payment
        self.changed[payment.id] = None
        self.intents[payment.id].add(payment.state)
        self._check_owed("payment_changed", payment.id, payment.version)
        for notice in plan.notices:
            self._check_notice(notice)
        if before is None:
            self._created(plan)
        elif payment.state is S.CREATED:  # its day has come, and what the company says from now on counts
            self.born[payment.id] = self.world.loop.time()
        self._check_scheduled(payment)
        if payment.state is S.HOLDING and (before is None or before.state is S.CREATED):
            self._check_quoted(payment)
        if payment.state is S.SUBMITTING or plan.event.evidence == "sent again":
            self.called_at[payment.id] = self.world.loop.time()
        if row is not None and row.state in (InvoiceState.OPEN, InvoiceState.PAYING):
            self._check_invoice_moved(payment, before)

    def _created(self, plan: Plan) -> None:
        payment = plan.payment
        self.born[payment.id] = self.world.loop.time()
        key = None if plan.key is None else self.world.store._keys.get((plan.key.customer, plan.key.key))
        self.require(key is not None and key[1] == payment.id, 6, f"{payment.id}: its key is not stored with it")

    def _check_scheduled(self, payment: Payment) -> None:
        others = self.world.store._payments.values() if payment.state is S.SCHEDULED else ()
        twice = [row.id for row in others if row.state is S.SCHEDULED and row.invoice == payment.invoice]
        self.require(len(twice) <= 1, 2, f"{twice}: scheduled for one invoice")
        if payment.state is S.SCHEDULED and payment.autopay is not None:
            terms = self.world.store._autopays[payment.autopay].terms
            spent = sum(
                row.order.amount
                for row in self.world.store._payments.values()
                if row.autopay == payment.autopay and counts(row) and same_month(day(row), day(payment))
            )
            within = payment.order.amount <= terms.most_per_invoice and spent <= terms.most_per_month
            self.require(within, 0, f"{payment.id}: above the limits of its autopay, with {spent} this month")

    def _check_quoted(self, payment: Payment) -> None:
        """What the customer saw is what the company said lately: since the payment began, where it can be asked."""
        order = payment.order
        company = self.world.companies[order.biller]
        if isinstance(company, FileCompany):
            return
        # one that was scheduled begins with the answer
        asked_after = company.traits.able.live_quote and payment.version == 2
        since = self.born[payment.id] - (0 if asked_after else QUOTE_LIVES)
        said = [total for at, total in self.totals[order.biller, order.invoice_key] if at >= since]
        self.require(payment.quoted_total in said, 4, f"{payment.id}: seen {payment.quoted_total}, said {said}")

    def _check_invoice_moved(self, payment: Payment, before: Payment | None) -> None:
        row = self.world.store._invoices.get(payment.invoice)
        if row is None or row.invoice.part != payment.order.part:
            return
        if payment.state is S.PAID:
            self.require(row.state is InvoiceState.PAID, 2, f"{payment.id} is paid, its invoice {row.state}")
        elif payment.state in LIVE:
            self.require(row.state is InvoiceState.PAYING, 2, f"{payment.id} is live, its invoice {row.state}")
        elif before is not None and before.state in OCCUPYING:
            self.require(row.state is not InvoiceState.PAYING, 2, f"{payment.id} ended, its invoice stays paying")

    def _read(self, reading: Reading, before: Any, known: set[str]) -> None:
        store, contract = self.world.store, reading.contract
        stale = store._contracts[contract.id].version != contract.version
        self.require(not stale, 0, f"{contract.id}: a reading was stored of a contract that had moved")
        listed = self.world.companies[reading.contract.biller].bills
        for row in (*reading.new, *reading.changed):
            if store._invoices.get(row.id) != row:
                continue
            bill = listed[row.invoice.invoice_key]
            gone = row.state is InvoiceState.WITHDRAWN and bill.open and bill.always_listed
            self.require(not gone, 5, f"{bill.key} was withdrawn, and the company never took it back")
            self._check_owed("invoice_changed", row.id, row.version)
            if row.id not in known and row.state is InvoiceState.OPEN and before.checked_at is not None:
                about = (row.customer, "invoice_new", row.id, row.version)
                self.require(about in store._told, 8, f"{row.id} is new, and its customer will not hear of it")
        for notice in reading.notices:
            self._check_notice(notice)

    def _check_notice(self, notice: Notice) -> None:
        if notice.id in self.world.store._notices:
            about = (notice.customer, notice.event, notice.subject, notice.version)
            if notice.event is NoticeEvent.AUTOPAY_LEFT:
                self._check_left(notice)
            first = self.notices.setdefault(about, notice.id)
            self.require(first == notice.id, 8, f"{notice.subject}: two notices of one event")
            if notice.event is NoticeEvent.INVOICE_NEW:
                self._check_owed("deliver_notice", notice.id, 1)

    def _check_left(self, notice: Notice) -> None:
        left = (notice.facts.contract, notice.facts.number)  # whatever row it has by now
        first = self.left.setdefault(left, notice.id)
        self.require(first == notice.id, 8, f"{left}: told more than once that autopay does not pay it")

    def _check_owed(self, hook: str, subject: str, version: int) -> None:
        owed = ("notifier", hook, subject, version) in self.world.store._owed
        self.require(owed or hook not in self.world.swarm.listens, 8, f"nobody will hear of {subject}, {version}")

    def _swapped(self, swap: Swap, register: dict[Any, Any]) -> None:
        store = self.world.store
        self.require(swap.fence == store._turns[swap.biller][0], 0, f"{swap.biller}: a swap of a turn that was lost")
        said = [*register.items(), *(((swap.biller, entry.reference), entry) for entry in swap.register)]
        for place, entry in said:
            self.require(store._register[place].as_of >= entry.as_of, 0, f"{place}: an older register won")
        carried = Counter(order for file in store._outgoing[swap.biller].values() for order in file.orders)
        twice = [order for order, times in carried.items() if times > 1]
        self.require(not twice, 2, f"carried by two files: {twice}")
        for file in swap.taken:
            self._check_taken(file.content)

    def _check_taken(self, content: bytes) -> None:
        """What a file said must be known by when it counts as taken in, for it is never read again."""
        try:
            read = msgspec.json.decode(content, type=Content)
        except msgspec.DecodeError:
            self.require(False, 0, "a file cut short counts as taken in")
            return
        for order, outcome in read.outcomes.items():
            state = self.world.store._payments[order].state
            told = not isinstance(outcome, Settled | Rejected) or state not in (S.PENDING, S.UNKNOWN)
            self.require(told, 0, f"{order}: {state}, though a file that was taken in says {outcome}")

    def _gives_up(self, delivery: Delivery | None) -> None:
        if delivery is not None:
            self.given_up.add(delivery.subject)
            left = delivery.deadline - self.world.moment()
            self.require(left <= timedelta(hours=1, minutes=1), 8, f"{delivery.id}: given up {left} too early")

    # at each request that leaves
    def sends_pay(self, life: Life, company: Company, order: Order) -> None:
        payment, now = self.world.store._payments.get(order.id), self.world.loop.time()
        self.calls[order.id] += 1
        self.require(S.SUBMITTING in self.intents[order.id], 0, f"{order.id}: {company.name} called without an intent")
        late = now - self.called_at.get(order.id, now)
        self.require(late <= MARGIN, 0, f"{order.id}: {company.name} called {late:.0f} s after the intent to")
        again = self.calls[order.id] > 1 and not company.traits.able.idempotent_pay
        self.require(not again, 2, f"{order.id}: {company.name} is not idempotent, and was called again")
        self.require(payment is not None and payment.order == order, 4, f"{order.id}: another order was sent")

    def sends_files(self, company: FileCompany, files: tuple[OutgoingFile, ...]) -> None:
        for file in files:
            stored = self.world.store._outgoing[company.name].get(file.name)
            self.require(stored == file, 0, f"{file.name} was sent before it was stored")

    def moves_money(self, hook: str, order: Order) -> None:
        payment = self.world.store._payments.get(order.id)
        needed = {"hold": {S.HOLDING}, "capture": {S.CAPTURING}, "release": {S.RELEASING}}[hook]
        self.require(bool(needed & self.intents[order.id]), 0, f"{order.id}: {hook} without an intent")
        self.require(payment is not None and payment.order == order, 4, f"{order.id}: {hook} of another order")
        if hook == "capture":
            self.require(
                payment is not None and payment.receipt is not None, 3, f"{order.id}: capture without a receipt"
            )

    def said(self, biller: str, reply: Any) -> None:
        """A process read what a company asks for."""
        for invoices in reply.values() if isinstance(reply, dict) else ():
            for invoice in invoices if isinstance(invoices, tuple) else ():
                self.totals[biller, invoice.invoice_key].append((self.world.loop.time(), invoice.total))

    def answered(self, life: Life, order: Order, reply: Any) -> None:
        """A process has the company's word that an order is settled."""
        if isinstance(reply, Settled) and self.world.companies[order.biller].answers.get(order.id) == reply:
            self.settled_answers[order.id] = life, self.world.loop.time()

    def heard_payment(self, payment: Payment) -> None:
        self.heard.add(payment.id)

    def heard_notice(self, notice: Notice) -> None:
        about = (notice.customer, notice.event, notice.subject, notice.version)
        self.require(self.notices.get(about) == notice.id, 8, f"{notice.id}: delivered, and not the stored notice")
        self.heard_notices.add(notice.id)

    def paid_by_key(self, customer: str, key: str, payment: Payment) -> None:
        first = self.by_key.setdefault((customer, key), payment.id)
        self.require(first == payment.id, 6, f"key {key} of {customer} led to {first} and {payment.id}")

    # after each step
    def after_step(self) -> None:
        changed, self.changed = self.changed, {}
        for payment_id in changed:
            payment = self.world.store._payments.get(payment_id)
            if payment is not None:
                self._check_one(payment)
        if changed:
            for sentence in self.world.bank.check_books():
                self.require(False, 1, sentence)

    def _check_one(self, payment: Payment) -> None:
        store, bank = self.world.store, self.world.bank
        for fault in check_payment(payment, store._events[payment.id], self.world.moment()):
            if fault.invariant == 10 and payment.due_at is not None and self.world.faults_on:
                continue  # no worker ran for a day; it is checked at the end
            self.require(False, fault.invariant, f"{fault.row}: {fault.what}")
        said = bank.said(payment.order)
        self.require(
            funds_fit(payment, said, self.world.moment()), 3, f"{payment.state} {payment.id}: bank says {said}"
        )
        seen = self.seen.get(payment.id)
        same = seen is not None and (seen.version, seen.state, seen.order) == (
            payment.version,
            payment.state,
            payment.order,
        )
        self.require(same, 7, f"{payment.id} changed without a commit")
        self._check_places(payment)
        self._check_held(payment)
        self._check_booked(payment)

    def _check_places(self, payment: Payment) -> None:
        for place in taken_places(payment):
            other = self.places.setdefault(place, payment.id)
            if other != payment.id:
                still = place in taken_places(self.world.store._payments[other])
                self.require(not still, 2, f"{payment.id}: live or paid beside {other}")
                self.places[place] = payment.id

    def _check_held(self, payment: Payment) -> None:
        if payment.state in STILL_HELD:
            state = self.world.bank.state(payment.id)
            held = self.world.bank.funds.get(payment.id)
            # before anything was sent, while a person looks, or while no worker ran for days, a hold may end by itself
            reviewed = [row.at for row in self.world.store._events[payment.id] if row.after == S.UNDER_REVIEW]
            may_lapse = payment.state is S.HELD or (
                payment.state is S.UNDER_REVIEW and held is not None and held.expires_at >= reviewed[0]
            )
            alone = held is not None and any(a <= held.expires_at <= b for a, b in self.left_alone[payment.id])
            lapsed = held is not None and held.lapsed and (may_lapse or alone)
            self.require(state is FundsState.HELD or lapsed, 3, f"{payment.state} {payment.id}: the bank says {state}")

    def _check_booked(self, payment: Payment) -> None:
        company = self.world.companies[payment.order.biller]
        booked = company.booked_by.get(payment.id, [])
        wrong = [each for each in booked if each.order != payment.order]
        self.require(not wrong, 4, f"{payment.id}: booked with another order")
        self.require(len(booked) <= 1, 2, f"{payment.id}: booked {len(booked)} times")
        if payment.state in NOTHING_BOOKED:
            self.require(not booked, 3, f"{payment.id} is {payment.state}, and {company.name} has booked it")
        if payment.state is S.PAID:
            fits = [each for each in booked if each.receipt.amount == payment.order.amount]
            self.require(len(fits) == 1, 3, f"{payment.id} is paid, and {company.name} has not booked it so")
        place = (payment.order.invoice_key, payment.order.part)
        others = [each.order.id for each in company.booked_at.get(place, []) if each.order.id != payment.id]
        if booked:
            self.require(not others, 2, f"{payment.id}: {company.name} booked {place} for {others} too")

    # at the end
    def at_end(self) -> None:
        """Faults stopped a cycle ago: nothing is on its way any more, and nothing was forgotten."""
        store, bank = self.world.store, self.world.bank
        for payment in list(store._payments.values()):
            self._check_one(payment)
            ended = payment.state in TERMINAL or payment.state is S.UNDER_REVIEW
            self.require(ended, 10, f"{payment.id} is still {payment.state}")
            told = any(case.payment == payment.id for case in store._cases.values())
            reviewed = payment.state is S.UNDER_REVIEW and payment.receipt is None and not told
            lost = self._has_its_answer(payment) and reviewed
            self.require(not lost, 10, f"{payment.id}: a process heard that it is settled, and a person is asked")
            heard = payment.id in self.heard or payment.id in self.given_up
            heard = heard or "payment_changed" not in self.world.swarm.listens
            self.require(heard, 8, f"{payment.id}: the notifier never heard of it")
            event = ENDS_TOLD.get(payment.state)
            about = (payment.order.customer, event, payment.id, payment.version)
            self.require(event is None or about in store._told, 8, f"{payment.state} {payment.id}: no notice says so")
        for order, held in bank.funds.items():
            if held.state is FundsState.HELD:
                state = store._payments[order].state
                self.require(state is S.UNDER_REVIEW, 3, f"{order}: still held, and {state}")
        self.require(not store._deliveries, 8, f"{len(store._deliveries)} deliveries are still owed")
        owed = {row.id for row in store._notices.values() if row.event is NoticeEvent.INVOICE_NEW}
        unheard = owed - self.heard_notices - self.given_up
        self.require(not unheard, 8, f"notices that nobody got: {sorted(unheard)}")

    def _has_its_answer(self, payment: Payment) -> bool:
        """Whether some process heard that it is settled, and then had the time and the store to say so."""
        if payment.id not in self.settled_answers or payment.id in self.disturbed:
            return False
        life, at = self.settled_answers[payment.id]
        return life.died_at is None or life.died_at > at + LONGEST_STALL
