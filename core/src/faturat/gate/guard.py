"""What stands before a call to a biller: its circuit breaker, and its limit of calls. After it, what the call tells."""

import asyncio
import re
from collections import deque
from datetime import datetime, timedelta

import aiohttp
from prometheus_client import Counter

from faturat.billers import Biller, CallLimit
from faturat.clock import Clock
from faturat.errors import BillerError, FaturatError, NotAsked, UnknownReference
from faturat.gate.call import CallFailed
from faturat.health import breaker
from faturat.health.pace import Pace, pace_of
from faturat.health.service import HealthService
from faturat.health.types import Circuit, Lane, Sign
from faturat.logs import log_failure
from faturat.payments.types import NotFound, Outcome, Unknown
from faturat.store.port_health import HealthStore

NOT_MADE = Counter("faturat_calls_not_made_total", "Calls to billers that were not made", ["biller", "why"])

MARGIN = timedelta(seconds=5)
PATIENCE = timedelta(seconds=2)
"""How far off a slot may be that a call that nobody waits for waits for."""
LOOKS = 3
"""How often it looks whether nobody else wants one."""
NO_ANSWER = re.compile(r"timeout|no_connection|connection_lost|(token_)?http_5[0-9]{2}", re.ASCII)
"""The `why` of an Unknown that says that no answer came; any other may be the company's own words."""


def sign_of(told: CallFailed | FaturatError | Outcome | NotFound) -> Sign:
    """What the end of a call tells of the biller's health."""
    match told:
        case (
            CallFailed(why="timeout")
            | CallFailed(cause=OSError() | aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError())
        ):
            return Sign.SILENT
        case BillerError(code="biller_unavailable"):
            return Sign.SILENT
        case Unknown(why) if NO_ANSWER.fullmatch(why):
            return Sign.SILENT
        case UnknownReference():
            return Sign.ANSWERED
        case CallFailed() | FaturatError() | Unknown():
            return Sign.UNCLEAR
    return Sign.ANSWERED


class Guard:
    """Whether one biller may be called now. Where it may not, nothing left for it."""

    def __init__(
        self, biller: Biller, health: HealthService, store: HealthStore, clock: Clock, limit: CallLimit | None
    ) -> None:
        self._biller = biller
        self._health = health
        self._store = store
        self._clock = clock
        self._pace = None if limit is None else pace_of(limit)
        self._slots: deque[datetime] = deque()
        self._taking = asyncio.Lock()

    async def closed(self) -> bool:
        """Whether the biller is called as ever."""
        return (await self._health.circuit(self._biller.id)).closed

    async def refusal(self) -> NotAsked | None:
        """Why the breaker lets nobody call now, not even one to try; None where it does."""
        circuit = await self._health.circuit(self._biller.id)
        if circuit.closed or breaker.may_try_at(circuit) <= self._clock.now():
            return None
        return self._shut(circuit)

    async def admit(self, lane: Lane, lasting: timedelta, *, trying: bool = True, anyway: bool = False) -> int | None:
        """Let a call of up to `lasting` begin; raises NotAsked where none may. A short wait for a slot happens here.

        Where the breaker is half-open, one call is let through to try, and its number is returned for `heard`; none
        where not `trying`. `anyway` calls whatever the breaker says.
        """
        circuit = await self._health.circuit(self._biller.id)
        if not anyway and not circuit.closed and (not trying or breaker.may_try_at(circuit) > self._clock.now()):
            raise self._shut(circuit)
        if self._pace is not None:
            await self._wait(self._pace, lane)
        if anyway or circuit.closed:
            return None
        now = self._clock.now()
        moved = await self._health.move(
            self._biller.id, lambda circuit: breaker.probed(circuit, now, now + lasting + MARGIN)
        )
        if moved is not None:
            return moved.version
        # somebody else tries at this moment, or has tried already
        if (circuit := self._health.known(self._biller.id)).closed:
            return None
        raise self._shut(circuit)

    async def heard(self, sign: Sign, probe: int | None = None) -> None:
        """What a call told. Never raises; costs nothing where all was well and is."""
        known, now = self._health.known(self._biller.id), self._clock.now()
        if sign is Sign.SILENT:
            await self._health.move(self._biller.id, lambda circuit: breaker.failed(circuit, now, probe))
        elif sign is Sign.ANSWERED and (known.failures or not known.closed):
            await self._health.move(self._biller.id, breaker.answered)
        elif sign is Sign.UNCLEAR and probe is not None:
            await self._health.move(self._biller.id, lambda circuit: breaker.unclear(circuit, probe))

    def no_answer(self) -> NotAsked:
        """For what is not asked any more because the call before it was not answered just now."""
        now = self._clock.now()
        return self._not_asked("no_answer", now + breaker.FIRST, now)

    def _shut(self, circuit: Circuit) -> NotAsked:
        return self._not_asked("breaker_open", breaker.may_try_at(circuit), circuit.failing_since)

    def _not_asked(self, why: str, until: datetime, since: datetime | None) -> NotAsked:
        NOT_MADE.labels(self._biller.id, why).inc()
        return NotAsked(why, self._biller.name, self._clock.now(), until, since)

    async def _wait(self, pace: Pace, lane: Lane) -> None:
        """Wait for a slot; raises NotAsked where the next one is too far off.

        Whom nobody waits for takes none in advance, so it stands in nobody's way, and looks again a few times.
        """
        begin = self._clock.now()
        for _ in range(LOOKS if lane is Lane.BACKGROUND else 1):
            taken, slot = await self._take(pace, lane)
            now, begin = self._clock.now(), slot - pace.early(lane)
            if not taken and begin > now + PATIENCE:
                break
            if taken or lane is Lane.BACKGROUND:
                await asyncio.sleep((begin - now).total_seconds())
            if taken:
                return
        raise self._not_asked("rate_limited", begin, None)

    async def _take(self, pace: Pace, lane: Lane) -> tuple[bool, datetime]:
        """A slot for this call; or False, and the next one, which is too far off."""
        async with self._taking:
            now = self._clock.now()
            while self._slots and self._slots[0] + pace.interval <= now:
                self._slots.popleft()
            latest = pace.latest(lane, now)
            if self._slots:
                return (True, self._slots.popleft()) if self._slots[0] <= latest else (False, self._slots[0])
            try:
                first = await self._store.take_slots(self._biller.id, now, latest, pace.interval, pace.batch)
            except Exception as error:
                log_failure("slots_not_taken", error, biller=self._biller.id)
                return True, now
            if first <= latest:
                self._slots.extend(first + pace.interval * n for n in range(1, pace.batch))
            return first <= latest, first
