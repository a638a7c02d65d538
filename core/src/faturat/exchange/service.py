"""Swapping files: one worker at a time, on each biller's schedule.

Collect what the biller sent, let the plugin read it and write what is queued, tell the payments, commit all of it,
send. What is told is told before its file counts as taken in: after a crash in between, the file is collected again and
says the same again. A file is stored before it is sent, and sent again until it is known to lie at the biller.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from faturat.clock import Clock
from faturat.errors import FaturatError
from faturat.exchange.types import ExchangeFile, ExchangeReply, Swap
from faturat.gate.biller import BillerGate
from faturat.gate.call import CallFailed
from faturat.payments.service import PaymentService
from faturat.payments.types import Order
from faturat.store.port import Store

log = structlog.stdlib.get_logger()

MOST_QUEUED = 10_000
"""The most orders that one exchange writes into files."""
TOLD_AT_ONCE = 20
"""The most answers that one file gives to payments at the same time."""
MOST_UNWRITABLE = 10
"""After so many orders that cannot be written it is the plugin that fails."""
MARGIN = timedelta(seconds=5)


class _TurnLost(Exception):
    """Somebody else has the turn by now: nothing more of this one may be told, stored or sent."""


class ExchangeService:
    def __init__(self, store: Store, gates: Mapping[str, BillerGate], payments: PaymentService, clock: Clock) -> None:
        self._store = store
        self._gates = [gate for gate in gates.values() if gate.biller.capabilities.exchange_every is not None]
        self._payments = payments
        self._clock = clock

    async def run(self) -> int:
        """Swap with every biller whose time has come and whom nobody else has; returns with how many."""
        return sum([await one_pass() for one_pass in self.passes()])

    def passes(self) -> tuple[Callable[[], Awaitable[int]], ...]:
        """The same biller by biller, so that one that is slow keeps no other waiting."""
        return tuple(partial(self._pass, gate) for gate in self._gates)

    async def _pass(self, gate: BillerGate) -> int:
        now = self._clock.now()
        fence = await self._store.claim_exchange(gate.biller.id, now, now + self._lease(gate))
        if fence is None:
            return 0
        await self._turn(gate, fence)
        return 1

    async def _turn(self, gate: BillerGate, fence: int) -> None:
        """One swap; where the biller or its plugin fails, the next turn comes as if it had not."""
        biller, every = gate.biller.id, gate.biller.capabilities.exchange_every
        assert every is not None
        try:
            await self._swap(gate, fence)
        except (CallFailed, FaturatError, _TurnLost) as error:
            log.warning("exchange_failed", biller=biller, error=type(error).__name__.strip("_"))
        await self._store.hold_exchange(biller, fence, self._clock.now() + every)

    async def _swap(self, gate: BillerGate, fence: int) -> None:
        biller = gate.biller.id
        collected = await self._collect(gate)
        queued = tuple(await self._store.queued_orders(biller, self._held_until(gate), MOST_QUEUED))
        replies = await self._read(gate, fence, collected, queued)
        for reply in replies:
            await self._tell(gate, fence, reply)
        incomplete = {name for reply in replies for name in reply.incomplete}
        swap = Swap(
            biller=biller,
            fence=fence,
            at=self._clock.now(),
            taken=tuple(file for file in collected if file.name not in incomplete),
            register=tuple(entry for reply in replies for entry in reply.register),
            files=tuple(file for reply in replies for file in reply.files),
        )
        if not await self._store.commit_swap(swap):
            log.warning("exchange_not_stored", biller=biller)
            return
        await self._send(gate, fence)

    async def _tell(self, gate: BillerGate, fence: int, reply: ExchangeReply) -> None:
        """Some at once: each may have to wait for the bank, and a silent one must not keep the turn for hours."""
        answers = list(reply.outcomes.items())
        for start in range(0, len(answers), TOLD_AT_ONCE):
            await self._keep(gate, fence)
            some = answers[start : start + TOLD_AT_ONCE]
            tellings = (self._payments.told(gate.biller.id, order, outcome) for order, outcome in some)
            told = await asyncio.gather(*tellings, return_exceptions=True)
            if failed := next((each for each in told if each is not None), None):
                raise failed

    async def _collect(self, gate: BillerGate) -> tuple[ExchangeFile, ...]:
        """What cannot be collected now comes with a later turn, and keeps no order back meanwhile."""
        try:
            return await gate.collect_files(await self._store.known_files(gate.biller.id))
        except (CallFailed, FaturatError) as error:
            log.warning("files_not_collected", biller=gate.biller.id, error=type(error).__name__)
            return ()

    async def _read(
        self, gate: BillerGate, fence: int, inbox: tuple[ExchangeFile, ...], queued: tuple[Order, ...]
    ) -> list[ExchangeReply]:
        """One call for all; where it fails, file by file: a bad one keeps neither the others nor orders back."""
        try:
            return [await self._exchange(gate, fence, inbox, queued)]
        except (CallFailed, FaturatError):
            pass
        replies = await self._write(gate, fence, queued)
        bad = []
        for file in inbox:
            try:
                replies.append(await self._exchange(gate, fence, (file,), ()))
            except (CallFailed, FaturatError):
                bad.append(file.name)
        if bad:
            log.warning("exchange_files_unreadable", biller=gate.biller.id, files=bad)
        return [*replies, ExchangeReply(incomplete=tuple(bad))]

    async def _write(self, gate: BillerGate, fence: int, queued: tuple[Order, ...]) -> list[ExchangeReply]:
        """Half by half, until those that cannot be written stand alone: they keep no others back, and no answers."""
        replies: list[ExchangeReply] = []
        unwritable: list[str] = []
        parts = [queued] if queued else []
        while parts and len(unwritable) < MOST_UNWRITABLE:
            part = parts.pop()
            try:
                replies.append(await self._exchange(gate, fence, (), part))
            except (CallFailed, FaturatError):
                half = len(part) // 2
                if half:
                    parts += [part[half:], part[:half]]
                else:
                    unwritable.append(part[0].id)
        if unwritable:
            log.error("orders_not_written", biller=gate.biller.id, orders=unwritable)
        return replies

    async def _send(self, gate: BillerGate, fence: int) -> None:
        """Each file by itself: one that is refused keeps no others back. Who does not answer is not asked for all."""
        biller = gate.biller.id
        for file in await self._store.unsent_files(biller, self._held_until(gate)):
            await self._keep(gate, fence)
            if file not in await self._store.unsent_files(biller, self._held_until(gate)):
                continue  # while others were sent, an order in it was decided, or its hold came near its end
            try:
                await gate.send_files((file,))
            except (CallFailed, FaturatError) as error:
                log.warning("file_not_sent", biller=biller, file=file.name, error=type(error).__name__)
                if isinstance(error, CallFailed) and error.why == "timeout":
                    return
            else:
                await self._store.files_sent(biller, [file.name], self._clock.now())

    async def _exchange(
        self, gate: BillerGate, fence: int, inbox: tuple[ExchangeFile, ...], queued: tuple[Order, ...]
    ) -> ExchangeReply:
        await self._keep(gate, fence)
        return await gate.exchange(inbox, queued)

    async def _keep(self, gate: BillerGate, fence: int) -> None:
        """Renew the lease before whatever may take long; raises _TurnLost where somebody else has the turn by now."""
        if not await self._store.hold_exchange(gate.biller.id, fence, self._clock.now() + self._lease(gate)):
            raise _TurnLost

    def _held_until(self, gate: BillerGate) -> datetime:
        """What the company may settle only after the hold has ended is not sent any more: a person looks at it."""
        return self._clock.now() + (gate.biller.capabilities.settles_later or timedelta())

    @staticmethod
    def _lease(gate: BillerGate) -> timedelta:
        return gate.swapping + MARGIN
