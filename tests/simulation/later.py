"""Payments on a later day: in some seeds customers schedule and cancel them, set and stop autopay, and days pass.

Accounts of autopays close in some of them, and open again.

Drawn from a stream of its own, so that the worlds of the other seeds stay as they are.
"""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from msgspec.structs import replace

from faturat import Faturat, PaymentState
from faturat.autopay.rules import decide
from faturat.autopay.service import LEFT
from faturat.autopay.types import Autopay, Refused, Terms
from faturat.clock import company_day
from faturat.invoices.types import InvoiceState, KnownInvoice, PayChoices
from faturat.notices.types import NoticeEvent
from faturat.payments.later import begins_at
from simulation.checks import Violation
from simulation.world import CUSTOMERS, World

if TYPE_CHECKING:
    from simulation.steps import Steps

SEEDS = (0, 4)
"""The last digits of the seeds in which customers pay later; the kept ones have others."""
OWN = "own"
"""The account that autopays pay from."""
CLOSES = 0.3
"""How often an account closes, or opens again, before the next day."""
LONGEST = 2 * 86_400.0
"""Seconds after which no more days pass: they would outlast the holds of what waits for a person."""
STEPS = {"schedule": 5, "cancel_scheduled": 1, "set_autopay": 5, "stop_autopay": 0.3, "plan": 4, "a_day_comes": 2.5}
"""What comes, and how often."""
OFTEN = 0.3
"""How often something of it comes after a step."""


class Later:
    def __init__(self, world: World, steps: "Steps") -> None:
        self.world, self.steps = world, steps
        self.random = Random(f"later {world.seed}")
        self.on = world.seed % 10 in SEEDS
        self.closing = Random(f"closing {world.seed}")
        for customer in CUSTOMERS if self.on else ():
            world.bank.open_account(customer, OWN, 10**9)

    def after_a_step(self) -> None:
        if not self.on or self.random.random() >= OFTEN:
            return
        name = self.random.choices(list(STEPS), list(STEPS.values()))[0]
        if name == "a_day_comes" and self.world.loop.time() > LONGEST:
            name = "plan"
        self.world.done[name] += 1
        self.world.trace("step", name, "", "")
        getattr(self, name)()
        self.world.let(2 * self.random.random())

    def schedule(self) -> None:
        """Something shown lately of a contract, now and then sent twice, or wanted twice; wrong days are refused."""
        rows = [row for row in self.steps.shown[-20:] if row.contract is not None]
        if not rows:
            self.steps.register()
            return
        row, key = self.random.choice(rows), f"later{self.random.getrandbits(64)}"
        days = self.random.choice((1, 1, 1, 2, 3, 0))
        before = self.random.choice(((), (), (), (key,), (f"{key}-2",)))
        for each in (*before, key):
            self._send(row, each, days)

    def _send(self, row: KnownInvoice, key: str, days: int) -> None:
        assert isinstance(row.invoice.payable, PayChoices)
        amount, total = row.invoice.payable.choices[0].amount, row.invoice.total
        on = company_day(self.world.moment()) + timedelta(days=days)

        async def ask(faturat: Faturat) -> None:
            payment = await faturat.payments.schedule(row.customer, row.id, "rich", amount, key, on, total)
            self.world.checks.paid_by_key(row.customer, key, payment)

        self.steps.ask_web("schedule", ask)

    def cancel_scheduled(self) -> None:
        payments = self.world.store._payments.values()
        if waiting := [row for row in payments if row.state is PaymentState.SCHEDULED]:
            payment = self.random.choice(waiting)
            self.steps.ask_web(
                "cancel_scheduled", lambda faturat: faturat.payments.cancel(payment.order.customer, payment.id)
            )

    def set_autopay(self) -> None:
        """Terms that often do not suffice for all invoices, at the moment at which workers go by those before."""
        if not self.steps.contracts:
            return
        customer, contract = self.random.choice(self.steps.contracts)
        self.plan()
        for _ in range(self.random.choice((1, 1, 2, 3))):
            self._set_autopay(customer, contract)

    def _set_autopay(self, customer: str, contract: str) -> None:
        one = self.random.choice((1_000, 5_000, 20_000, 100_000))
        month = one * self.random.choice((1, 2, 3))
        terms = Terms(account=OWN, most_per_invoice=one, most_per_month=month, days_before=self.random.randrange(4))
        self.steps.ask_web("set_autopay", lambda faturat: faturat.autopay.set(customer, contract, terms))

    def stop_autopay(self) -> None:
        if autopays := list(self.world.store._autopays.values()):
            known = self.random.choice(autopays)
            self.steps.ask_web("stop_autopay", lambda faturat: faturat.autopay.stop(known.customer, known.contract))

    def plan(self) -> None:
        """Workers look at what is due by autopay, mostly all of them at once, for leases do not keep them apart."""
        store = self.world.store
        now = self.world.moment()
        store._autopays |= {
            each.contract: replace(each, due_at=now) for each in store._autopays.values() if each.due_at is not None
        }
        for worker in self.world.workers:
            worker.one_pass("autopay")

    def a_day_comes(self) -> None:
        """Time passes to a little before, or into, the next morning; workers go on meanwhile, as on every day."""
        world = self.world
        if self.closing.random() < CLOSES:
            world.bank.closed ^= {(self.closing.choice(CUSTOMERS), OWN)}
        world.restart()  # whoever keeps the processes starts those that died
        morning = begins_at(company_day(world.moment()) + timedelta(days=1))
        left = (morning - world.moment()).total_seconds() + self.random.choice((-1.0, 1.0, 600.0))
        while left > 0:
            world.let(min(left, 4 * 3600.0))
            left -= 4 * 3600.0
            self.steps.recover()
            self.steps.exchange()
            self.plan()
            if self.random.random() < 0.5:
                self.steps.sweep()

    def at_end(self) -> None:
        """All accounts of autopays close, and each customer hears of each invoice that is then not paid by itself.

        But of what the terms left to them from the beginning.
        """
        world, store = self.world, self.world.store
        stuck = [row for row in store._autopays.values() if row.due_at is not None and row.contract in store._contracts]
        if not stuck:
            return
        world.bank.closed |= {(each.customer, OWN) for each in stuck}
        long_due = world.moment() - timedelta(minutes=1)  # by any worker's clock
        store._autopays |= {each.contract: replace(each, due_at=long_due) for each in stuck}
        worker = world.workers[0]
        worker.one_pass("autopay")
        world.let(900.0, worker.busy["autopay"].done)
        world.raise_failure()
        for autopay in stuck:
            for known in self._to_be_told(autopay):
                about = (known.customer, NoticeEvent.AUTOPAY_LEFT, f"{known.contract} {known.invoice.invoice_key}", 1)
                if about not in store._told:
                    raise Violation(8, f"{known.id}: its autopay cannot pay it, and nobody is told")

    def _to_be_told(self, autopay: Autopay) -> list[KnownInvoice]:
        store, today = self.world.store, company_day(self.world.moment())
        earlier = [row for row in store._payments.values() if row.autopay == autopay.contract]
        rows = [row for row in store._invoices.values() if row.contract == autopay.contract]
        decided = [(row, decide(autopay.terms, row, earlier, today)) for row in rows if row.state is InvoiceState.OPEN]
        return [
            row
            for row, on in decided
            if not isinstance(on, Refused)
            or (on in LEFT and (row.invoice.invoice_key, row.invoice.total) not in autopay.seen)
        ]
