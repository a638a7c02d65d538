"""Sends of one process: a few at the same time, and each one that has begun comes to its end and is recorded."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from faturat.logs import log_failure

AT_ONCE = 20
"""Sends of one observer at the same time."""

Send = Callable[[], Awaitable[bool]]
"""Sends and records; whether it was taken."""


class Turns:
    def __init__(self) -> None:
        self._few = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Future[bool]] = set()

    async def take(self, sends: Iterable[Send], failed: str, notice: str) -> bool:
        """Whether all were taken; the error of one is logged as `failed`, and keeps no other from being sent."""
        reached = await asyncio.gather(*map(self._one, sends), return_exceptions=True)
        for failure in reached:
            if isinstance(failure, BaseException):
                log_failure(failed, failure, notice=notice)
        return all(each is True for each in reached)

    async def close(self) -> None:
        """Waits for what is being sent, so that it is recorded."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _one(self, send: Send) -> bool:
        """Once begun it is also recorded, though the gate's time runs out meanwhile."""
        async with self._few:
            task = asyncio.ensure_future(send())
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            return await asyncio.shield(task)
