"""What this process knows of the billers' health: read from the store about once a second, written at once."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from prometheus_client import Gauge

from faturat.clock import Clock
from faturat.health import breaker
from faturat.health.types import Circuit, Health
from faturat.logs import log_failure
from faturat.store.port_health import HealthStore

log = structlog.stdlib.get_logger()

BREAKERS = Gauge("faturat_breaker_state", "Circuit breakers: 0 closed, 1 half-open, 2 open", ["biller"])

FRESH = timedelta(seconds=1)
"""For so long a process goes by what it read: the normal way costs no round trip per call."""
TRIES = 10
"""How often a change is tried again that another process was before."""


class HealthService:
    def __init__(self, store: HealthStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[str, Circuit] = {}
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()
        self._moving: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, biller: str) -> Health:
        """A biller's health, as somebody sees it."""
        return breaker.health_of(await self.circuit(biller), self._clock.now())

    async def circuit(self, biller: str) -> Circuit:
        """What is known, at most a second old; older where the store does not answer, for calls are made then too."""
        async with self._reading:
            if self._read_at is None or abs(self._clock.now() - self._read_at) >= FRESH:
                self._read_at = self._clock.now()
                try:
                    read = await self._store.circuits()
                except Exception as error:
                    log_failure("health_not_read", error)
                else:
                    for circuit in read.values():
                        self._know(circuit)
        return self.known(biller)

    def known(self, biller: str) -> Circuit:
        """What was known when it was last read or written."""
        return self._known.get(biller) or Circuit(biller=biller)

    async def move(self, biller: str, rule: Callable[[Circuit], Circuit]) -> Circuit | None:
        """Change what all processes know; None where the rule left it as it was, or it could not be stored."""
        async with self._moving[biller]:
            try:
                return await self._move(biller, rule)
            except Exception as error:
                # whatever the call brought must not be lost for it
                log_failure("health_not_written", error, biller=biller)
                return None

    async def _move(self, biller: str, rule: Callable[[Circuit], Circuit]) -> Circuit | None:
        for _ in range(TRIES):
            before = (await self._store.circuits()).get(biller) or Circuit(biller=biller)
            after = rule(before)
            if after == before or await self._store.move_circuit(after):
                self._know(after)
                if before.closed is not after.closed:
                    log.warning("breaker_closed" if after.closed else "breaker_opened", biller=biller)
                return None if after == before else after
        log.warning("health_moved_elsewhere", biller=biller)
        return None

    def _know(self, circuit: Circuit) -> None:
        if circuit.version < self.known(circuit.biller).version:
            return  # it was read before this process changed it
        self._known[circuit.biller] = circuit
        state = 0
        if circuit.open_until is not None:
            state = 2 if self._clock.now() < circuit.open_until else 1
        BREAKERS.labels(circuit.biller).set(state)
