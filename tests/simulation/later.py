"""Payments on a later day: in some seeds customers schedule and cancel them, and days pass.

Drawn from a stream of its own, so that the worlds of the other seeds stay as they are.
"""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from faturat import Faturat, PaymentState
from faturat.clock import company_day
from faturat.invoices.types import KnownInvoice, PayChoices
from faturat.payments.later import begins_at
from simulation.world import World

if TYPE_CHECKING:
    from simulation.steps import Steps

SEEDS = (0, 4)
"""The last digits of the seeds in which customers pay later; the kept ones have others."""
LONGEST = 2 * 86_400.0
"""Seconds after which no more days pass: they would outlast the holds of what waits for a person."""
OFTEN = 0.12
"""How often something of it comes after a step."""


class Later:
    def __init__(self, world: World, steps: "Steps") -> None:
        self.world, self.steps = world, steps
        self.random = Random(f"later {world.seed}")
        self.on = world.seed % 10 in SEEDS

    def after_a_step(self) -> None:
        if not self.on or self.random.random() >= OFTEN:
            return
        drawn = self.random.random()
        name = "schedule" if drawn < 0.65 or self.world.loop.time() > LONGEST else "a_day_comes"
        if 0.65 <= drawn < 0.75:
            name = "cancel_scheduled"
        self.world.done[name] += 1
        self.world.trace("step", name, "", "")
        getattr(self, name)()
        self.world.let(2 * self.random.random())

    def schedule(self) -> None:
        """Something shown lately of a contract, mostly sent once; days that may not be chosen are refused."""
        rows = [row for row in self.steps.shown[-20:] if row.contract is not None]
        if not rows:
            self.steps.register()
            return
        row, key = self.random.choice(rows), f"later{self.random.getrandbits(64)}"
        days = self.random.choice((1, 1, 1, 2, 3, 0))
        for _ in range(2 if self.random.random() < 0.2 else 1):
            self._send(row, key, days)

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

    def a_day_comes(self) -> None:
        """Time passes to a little before, or into, the next morning; workers go on meanwhile, as on every day."""
        world = self.world
        world.restart()  # whoever keeps the processes starts those that died
        morning = begins_at(company_day(world.moment()) + timedelta(days=1))
        left = (morning - world.moment()).total_seconds() + self.random.choice((-1.0, 1.0, 600.0))
        while left > 0:
            world.let(min(left, 4 * 3600.0))
            left -= 4 * 3600.0
            self.steps.recover()
            self.steps.exchange()
            if self.random.random() < 0.5:
                self.steps.sweep()
