"""Ways of a server through its work, and trials: killed at points of a way, started again, and looked at in the end."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from crash_kit import PATIENCE, Bench, Benches

T = TypeVar("T")

MOST_SERVERS = 5
AT_ONCE = 4
TRIED_ONCE = "purge_quotes"
"""What each server does at its start; it shares nothing with the rest, so one way has its points."""


async def nothing(_: Bench) -> None:
    return


@dataclass(frozen=True, kw_only=True)
class Way:
    """What happens on a prepared bench, while servers that are killed follow one another.

    `over` is asked again and again how the way ended, and does what a client does; empty: it goes on, `rest`: only a
    server whose clock is further ahead goes on. `begin` is done before the first server, `meanwhile` after the first
    kill where the way has one of its own (`first`), `mend` after the first kill at a point.
    """

    name: str
    start: str
    over: Callable[[Bench], Awaitable[str]]
    check: Callable[[Bench, str], Awaitable[None]]
    begin: Callable[[Bench], Awaitable[None]] = nothing
    first: str = ""
    meanwhile: Callable[[Bench], Awaitable[None]] = nothing
    mend: Callable[[Bench], Awaitable[None]] | None = None
    rest: str = ""
    ahead: float = 0
    """Hours by which the first server's clock is ahead."""
    step: float = 0.1
    """Hours from one server's clock to the next one's, so that all that is due is due at once."""


class Trials:
    """Runs ways, each time on a bench of its own."""

    def __init__(self, benches: Benches) -> None:
        self._benches = benches
        self.missed: list[tuple[str, ...]] = []
        """Kills after the first one that were not needed: the way had come to its end."""

    async def killed(self, way: Way, *points: str) -> str:
        """Kill a server at each point in turn, then let servers bring the way to its end; returns that, checked."""
        return (await self._run(way, points))[0]

    async def points(self, way: Way, *before: str) -> list[str]:
        """What the next servers pass, after those that were killed, when nothing more goes wrong."""
        trace = (await self._run(way, before))[1]
        # a claim that takes nothing is a point of no way
        claims = {point.removeprefix("after ") for point in trace if point.startswith("after claim_")}
        return [
            point
            for point in trace
            if not point.startswith("before claim_") or point.removeprefix("before ") in claims
            if TRIED_ONCE not in point
        ]

    async def _run(self, way: Way, points: Sequence[str]) -> tuple[str, list[str]]:
        async with self._benches(way.start) as bench:
            await way.begin(bench)
            ahead = (way.ahead + way.step * number for number in count())
            if way.first:
                await self._die(bench, way, way.first, ahead)
            await way.meanwhile(bench)
            for number, point in enumerate(points):
                if not await self._die(bench, way, point, ahead):
                    # of two things done side by side either may be first: what the kill left over then is less
                    needless = number > 0 and await way.over(bench) not in ("", way.rest)
                    assert needless, f"{way.name}: {point} was not reached"
                    self.missed.append(tuple(points))
                # as it was when the points of what follows were seen
                if way.mend is not None and number == 0:
                    await way.mend(bench)
            trace: list[str] = []
            for _ in range(MOST_SERVERS):
                end, passed = await self._live(bench, way, next(ahead))
                trace += [point for point in passed if point not in trace]
                if end != way.rest:
                    await way.check(bench, end)
                    return end, trace
            raise AssertionError(f"{way.name}: still {way.rest} after {MOST_SERVERS} servers")

    async def _die(self, bench: Bench, way: Way, point: str, ahead: Iterator[float]) -> bool:
        """See a server killed at a point; where one comes to rest before it, a later one is to reach it.

        False where none reaches it.
        """
        for _ in range(MOST_SERVERS):
            async with bench.server(point, next(ahead)) as (process, _):
                try:
                    async with asyncio.timeout(PATIENCE):
                        while process.is_alive() and (await way.over(bench) or "?") != way.rest:
                            await asyncio.sleep(0.02)
                except TimeoutError:
                    break
            if process.exitcode == -signal.SIGKILL:
                return True
            assert process.exitcode == 0, f"{way.name}: the server failed before {point}"
        return False

    async def _live(self, bench: Bench, way: Way, ahead: float) -> tuple[str, list[str]]:
        async with bench.server(ahead=ahead) as (process, trace):
            try:
                async with asyncio.timeout(PATIENCE):
                    while not (end := await way.over(bench)):
                        assert process.is_alive(), f"{way.name}: the server failed, see {trace}.log"
                        await asyncio.sleep(0.02)
            except TimeoutError:
                raise AssertionError(f"{way.name}: it came to no end") from None
        return end, trace.read_text().splitlines()


async def at_once(trials: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run trials side by side, a few at a time."""
    few = asyncio.Semaphore(AT_ONCE)

    async def one(trial: Coroutine[Any, Any, T]) -> T:
        async with few:
            return await trial

    return list(await asyncio.gather(*map(one, trials)))
