"""Making checkpoints: by the worker from time to time, or when somebody asks for one."""

from datetime import datetime, timedelta

import structlog

from faturat.checkpoints.types import Checkpoint, Signer, make_checkpoint
from faturat.clock import Clock
from faturat.store.port import Store

log = structlog.stdlib.get_logger()

MOST_HEADS = 10_000
"""The most payments of one checkpoint; what is left over goes into the next one, made at once."""


class CheckpointService:
    """Without a signer (no checkpoint_key here) it makes none, and still reads what others made."""

    def __init__(self, store: Store, signer: Signer | None, clock: Clock, every: timedelta) -> None:
        self._store = store
        self._signer = signer
        self._clock = clock
        self._every = every
        self._look_at: datetime | None = None

    @property
    def can_sign(self) -> bool:
        return self._signer is not None

    async def newest(self) -> Checkpoint | None:
        return await self._store.newest_checkpoint()

    async def make(self) -> int:
        """Cover every payment whose head moved since it was last covered; returns how many checkpoints that took.

        Where another process does the same at this moment, its checkpoints count: numbers are given once.
        """
        assert self._signer is not None, "asked of a process that cannot sign"
        made = 0
        while True:
            # the newest one first: heads that are read before somebody else's checkpoint would be covered twice
            before = await self._store.newest_checkpoint()
            heads = await self._store.uncovered_heads(MOST_HEADS)
            if not heads:
                return made
            checkpoint = make_checkpoint(before, heads, self._clock.now(), self._signer)
            if await self._store.add_checkpoint(checkpoint, heads):
                made += 1
                log.info("checkpoint_made", number=checkpoint.number, payments=len(heads))
            if len(heads) < MOST_HEADS:
                return made

    async def run(self) -> int:
        """One pass of a worker: make what is due. There is never more to do at once, so it returns 0."""
        if self._signer is None or (self._look_at is not None and self._clock.now() < self._look_at):
            return 0
        newest = await self._store.newest_checkpoint()
        if newest is None or newest.made_at + self._every <= self._clock.now():
            await self.make()
            self._look_at = self._clock.now() + self._every
        else:
            self._look_at = newest.made_at + self._every
        return 0
