"""One seed's world: processes of the real engine on one store, with bank, companies and customers around them."""

import gc
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import structlog

import faturat.clock
from faturat import FaturatError, Order
from faturat.payments.types import Plan
from faturat.store.memory import MemoryStore
from simulation.bank import SimulatedBank
from simulation.checks import Checks, Violation
from simulation.company import Company, moment_of
from simulation.file_company import FileCompany
from simulation.loop import Life, SimulatedLoop
from simulation.process import Process, StoreDown
from simulation.swarm import draw_swarm

CUSTOMERS = ("c1", "c2", "c3")
ACCOUNTS = {(customer, name): minor for customer in CUSTOMERS for name, minor in (("main", 50_000), ("rich", 10**9))}


class World:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random = Random(seed)
        self.ids = Random(seed + 1)
        self.swarm = draw_swarm(random)
        self.loop = SimulatedLoop(random)
        self.faults_on = True
        self._fates: dict[str, bool] = {}
        self.faults: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.traced: list[tuple[Any, ...]] = []
        self.store = MemoryStore()
        self.checks = Checks(self)
        self.bank = SimulatedBank(self.moment, self._hold_lives, self._refuses_capture, dict(ACCOUNTS))
        self.companies: dict[str, Company] = {each.name: self._company(each) for each in self.swarm.companies}
        self.webs = [Process(self, f"web{number}") for number in range(self.swarm.webs)]
        self.workers = [Process(self, f"worker{number}") for number in range(self.swarm.workers)]

    @property
    def processes(self) -> list[Process]:
        return [*self.webs, *self.workers]

    def _company(self, traits: Any) -> Company:
        kind = Company if traits.able.exchange_every is None else FileCompany
        return kind(traits, self.random, self.loop.time, self.moment, self.loop.after, self._refuses, self._booked)

    # what is drawn
    def chance(self, kind: str, order: Order | None = None, often: bool = False) -> bool:
        """Whether this fault happens now; it is counted. To an ill-fated order everything happens often."""
        rate = self.swarm.rates[kind]
        if rate == 0.0 or not self.faults_on:
            return False
        if often or (order is not None and self._is_ill_fated(order)):
            rate = max(rate, 0.3)
        if self.random.random() >= rate:
            return False
        self.faults[kind] += 1
        return True

    def _is_ill_fated(self, order: Order) -> bool:
        if order.id not in self._fates:
            self._fates[order.id] = self.random.random() < self.swarm.ill_fated
        return self._fates[order.id]

    def latency(self) -> float:
        """Seconds that a message is under way: mostly milliseconds, so that many things happen at once."""
        drawn = self.random.random()
        return 0.02 * drawn if drawn < 0.8 else 5 * (drawn - 0.8) ** 2

    def _refuses(self) -> bool:
        return self.faults_on and self.random.random() < 0.15 * self.swarm.accidents["refuses"]

    def _refuses_capture(self) -> bool:
        return self.random.random() < self.swarm.refuses_capture

    def _hold_lives(self) -> timedelta:
        short = self.random.random() < self.swarm.short_holds
        return timedelta(hours=self.random.choice((0.1, 4, 20))) if short else self.swarm.hold_lives

    def moment(self) -> datetime:
        return moment_of(self.loop.time())

    # what happens
    def trace(self, who: str, what: str, subject: Any, result: Any) -> None:
        self.traced.append((round(self.loop.time(), 3), who, what, subject, result))

    def happened(self, peer: str, hook: str, order: Order | None, result: Any) -> None:
        """A request took effect at its receiver."""
        if order is not None:
            self.checks.changed[order.id] = None
        shown = type(result).__name__ if not isinstance(result, tuple | dict) else len(result)
        self.trace(peer, hook, "" if order is None else order.id, shown)

    def _booked(self, order: Order) -> None:
        self.checks.changed[order.id] = None

    def disturbed(self, name: str, args: tuple[Any, ...]) -> None:
        """A process did not learn what became of a step of the store, or could not take it."""
        match name, args:
            case "commit", (Plan() as plan,):
                self.checks.disturbed.add(plan.payment.id)
            case "payment", (str() as payment,):
                self.checks.disturbed.add(payment)

    async def guarded(self, life: Life, what: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """What a process was asked to do; an error that is none of the engine's few is a fault of the engine."""
        try:
            return await work()
        except FaturatError as error:
            self.trace(life.name, what, "", error.code)
        except StoreDown:
            self.trace(life.name, what, "", "store down")
        except Exception as error:
            self.loop.failures.append(Violation(0, f"{what} in {life.name} raised {error!r}"))
        return None

    def crash(self, process: Process, steps: int) -> None:
        """Let a process die within its next steps, wherever they are."""
        process.life.steps_to_crash = steps
        self.faults["crash"] += 1

    def stall(self, life: Life, seconds: float = 0.0) -> None:
        """A process stands still, often for longer than its leases, and wakes."""
        self.loop.pause(life)
        seconds = seconds or self.random.choice((5, 60, 400, 2000)) * self.random.random()
        self.loop.after(seconds, self.loop.wake, life)

    def restart(self) -> None:
        for process in self.processes:
            if process.life.dead:
                process.start()

    def heard_log(self, _logger: Any, _method: str, event: dict[str, Any]) -> Any:
        """The engine's log: into the trace; an exception that it caught is a fault of the engine."""
        name, error = event.get("event"), event.get("error")
        self.trace("log", str(name), str(event.get("payment", event.get("biller", ""))), str(error))
        if name in ("payment_not_driven", "sweep_failed", "worker_pass_failed") and error != "StoreDown":
            self.loop.failures.append(Violation(0, f"{name}: {error} at {event.get('at')}"))
        raise structlog.DropEvent

    def let(self, seconds: float, enough: Callable[[], bool] | None = None) -> None:
        """Let time pass, until it has or `enough` says so, and check what came of it; raises Violation."""
        self.loop.run(self.loop.time() + seconds, enough)
        self.checks.after_step()
        self.raise_failure()

    def digest(self) -> str:
        return hashlib.sha256("\n".join(map(repr, self.traced)).encode()).hexdigest()

    @contextmanager
    def set_up(self) -> Iterator[None]:
        """Ids and logs are the seed's; nothing is collected meanwhile, for what is collected runs code."""
        secrets, configured = faturat.clock.secrets, structlog.get_config()
        faturat.clock.secrets = SimpleNamespace(token_hex=lambda size: f"{self.ids.getrandbits(8 * size):0{2 * size}x}")
        structlog.configure(processors=[self.heard_log], cache_logger_on_first_use=False)
        collecting = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            faturat.clock.secrets = secrets
            structlog.configure(**configured)
            if collecting:
                gc.enable()

    def raise_failure(self) -> None:
        if self.loop.failures:
            first = self.loop.failures[0]
            raise first if isinstance(first, Violation) else Violation(0, repr(first)) from first
