"""How a seed ends: faults stop, everything is mended, and within one recovery cycle everything has to end."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

from faturat import FundsState, Payment, verify
from faturat.payments.states import TERMINAL
from faturat.payments.types import PaymentState
from simulation.checks import Violation
from simulation.file_company import FileCompany
from simulation.operators import decide, decided_at, payments_to_decide
from simulation.process import Process
from simulation.world import World

PASSES = ("recover", "exchange", "sweep", "deliver", "purge")


class Ending:
    def __init__(self, world: World) -> None:
        self.world = world

    def run(self) -> None:
        """Everything is mended; within one recovery cycle every payment ends, or a person is asked."""
        world = self.world
        world.trace("step", "faults stop", "", "")
        world.faults_on = False
        for process in world.processes:
            world.loop.wake(process.life)
            process.life.steps_to_crash = None
        world.restart()
        for peer in (world.bank, *world.companies.values()):
            peer.down = False
        self.world.let(200.0)  # what customers asked for last is answered
        # a file may wait for two exchanges, and a company's longest time comes on top
        longest = max(each.traits.able.settles_later or timedelta() for each in world.companies.values())
        end = world.loop.time() + (self._to_the_last_day() + longest + timedelta(days=1, hours=3)).total_seconds()
        while world.loop.time() < end:
            self._everybody_works()
            if self._all_ended():
                break
            self.world.let(max(self._next_due() - world.loop.time(), 0.0) + world.swarm.skew + 0.1)
        self.world.let(1.0)
        world.checks.at_end()
        world.raise_failure()
        self._people_decide(world.workers[0])
        self._verify(world.workers[0])

    def _to_the_last_day(self) -> timedelta:
        """How long until no payment is scheduled any more."""
        payments = self.world.store._payments.values()
        ends = [payment.expires_at for payment in payments if payment.state is PaymentState.SCHEDULED]
        # that day may have gone by while no worker ran
        return max((timedelta(), *(end - self.world.moment() for end in ends)))

    def _everybody_works(self) -> None:
        for company in file_companies(self.world):
            company.work(cut=False)
        for worker in self.world.workers:
            for name in PASSES:
                worker.one_pass(name)
        busy = [task for worker in self.world.workers for task in worker.busy.values()]
        self.world.let(900.0, lambda: _all_done(busy))

    def _all_ended(self) -> bool:
        store = self.world.store
        return not store._deliveries and not any(map(_goes_on, store._payments.values()))

    def _next_due(self) -> float:
        """When the next row comes due, in the loop's seconds; contracts apart, which always come due again."""
        store, start = self.world.store, self.world.moment() - timedelta(seconds=self.world.loop.time())
        due = [payment.due_at for payment in store._payments.values() if _goes_on(payment)]
        due += [delivery.due_at for delivery in store._deliveries.values()]
        due += [due_at for _fence, due_at in store._turns.values()]
        return min((each - start).total_seconds() for each in due if each is not None)

    def _people_decide(self, process: Process) -> None:
        """Whatever a person can decide is over then, but for what the bank refuses to capture."""
        waiting = [row for row in payments_to_decide(self.world) if row.state is PaymentState.UNDER_REVIEW]
        for payment in sorted(waiting, key=partial(decided_at, self.world)):
            self.world.let(max((decided_at(self.world, payment) - self.world.moment()).total_seconds(), 0.0))
            task = process.spawn("decide", partial(decide, self.world, process.faturat, payment))
            self.world.let(900.0, task.done)
        self.world.let(1.0)
        self.world.checks.after_step()
        self.world.raise_failure()
        for payment in waiting:
            now = self.world.store._payments[payment.id]
            owed = self.world.bank.state(now.id) is not FundsState.CAPTURED and now.receipt is not None
            if now.state not in TERMINAL and not owed:
                raise Violation(10, f"{now.id}: decided, and still {now.state}")

    def _verify(self, process: Process) -> None:
        found: list[Any] = []

        async def look() -> None:
            found.append(await verify(process.faturat))

        task = process.spawn("verify", look)
        self.world.let(900.0, task.done)
        report = found[0]
        for fault in report.faults:
            raise Violation(fault.invariant, f"{fault.row}: {fault.what}")
        if report.unchecked:
            raise Violation(0, f"unchecked: {report.unchecked}")


def _all_done(busy: list[asyncio.Task[Any]]) -> bool:
    while busy and busy[-1].done():
        busy.pop()
    return not busy


def _goes_on(payment: Payment) -> bool:
    return payment.state not in TERMINAL and payment.state is not PaymentState.UNDER_REVIEW


def file_companies(world: World) -> list[FileCompany]:
    return [company for company in world.companies.values() if isinstance(company, FileCompany)]
