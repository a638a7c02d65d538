"""An asyncio event loop without sockets, threads and real time: one seed draws the order in which it runs things.

Time is a number that jumps to the next timer when nothing is ready. What belongs to a process (a Life) carries it in
its context, so that a crash drops it wherever it stands, and a pause keeps it until the process wakes.
"""

import asyncio
import heapq
from asyncio import events
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from itertools import count
from random import Random
from typing import Any


class Life:
    """One run of a process, from its start to its crash; after a crash nothing of it ever runs again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dead = False
        self.died_at: float | None = None
        self.pausing = False
        self.paused = False
        self.parked: list[asyncio.Handle] = []
        self.steps_to_crash: int | None = None
        self.context = copy_context()
        self.context.run(LIFE.set, self)


LIFE: ContextVar[Life | None] = ContextVar("life", default=None)


class SimulatedLoop(asyncio.BaseEventLoop):
    def __init__(self, random: Random) -> None:
        super().__init__()
        self._draw = random.random
        self._now = 0.0
        self._ready: list[asyncio.Handle] = []
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count()
        self._tasks: list[tuple[asyncio.Task[Any], Context]] = []
        self._world = copy_context()
        self._pausing: list[Life] = []
        self.failures: list[BaseException] = []

    # what asyncio asks of a loop
    def time(self) -> float:
        return self._now

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._numbers), handle))
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """A cancelled timer is passed over when its time comes."""

    def create_task(
        self, coro: Coroutine[Any, Any, Any], *, name: str | None = None, context: Context | None = None
    ) -> asyncio.Task[Any]:
        own = context or copy_context()
        task = asyncio.Task(coro, loop=self, name=name or "task", context=own)
        task._log_destroy_pending = False
        # kept, for a task that nobody refers to any more would run its `finally` when it is collected
        self._tasks.append((task, own))
        if len(self._tasks) > 4000:
            self._tasks = [(task, own) for task, own in self._tasks if not task.done()]
        return task

    def run_in_executor(self, executor: None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """Runs at once; the caller goes on when its turn comes, as it would after a thread."""
        future = self.create_future()
        try:
            result = func(*args)
        except Exception as error:
            self.call_soon(future.set_exception, error)
        else:
            self.call_soon(future.set_result, result)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.failures.append(context.get("exception") or RuntimeError(context["message"]))

    # what the simulation asks of it
    def after(self, delay: float, callback: Callable[..., object], *args: Any) -> None:
        """Let something of the world around, which no crash or pause of a process touches, happen later."""
        self.call_at(self._now + delay, callback, *args, context=self._world)

    def spawn(self, life: Life, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        return self.create_task(coro, context=life.context.copy())

    def kill(self, life: Life) -> None:
        life.dead, life.died_at = True, self._now

    def pause(self, life: Life) -> None:
        """Stop a process as soon as nothing of it is ready: what needs no time, as from a check of the clock to the
        first byte of a call, is not torn apart."""
        life.pausing = True
        self._pausing.append(life)

    def wake(self, life: Life) -> None:
        life.pausing = life.paused = False
        self._ready += life.parked
        life.parked = []

    def run(self, until: float, enough: Callable[[], bool] | None = None) -> None:
        """Run what is ready and let time pass, until `until` or until `enough` says so."""
        events._set_running_loop(self)
        try:
            while not self.failures and (enough is None or not enough()):
                if self._ready:
                    self._run_one()
                elif self._pausing:
                    for life in self._pausing:
                        life.paused, life.pausing = life.pausing, False
                    self._pausing = []
                elif not self._timers or self._timers[0][0] > until:
                    self._now = max(self._now, until)
                    return
                else:
                    self._jump()
        finally:
            events._set_running_loop(None)

    def close(self) -> None:
        """Put an end to what crashes left behind, each in its own context."""
        for task, context in self._tasks:
            if not task.done():
                context.run(task.get_coro().close)
        super().close()

    def _jump(self) -> None:
        self._now = max(self._now, self._timers[0][0])
        while self._timers and self._timers[0][0] <= self._now:
            handle = heapq.heappop(self._timers)[2]
            if not handle._cancelled:
                self._ready.append(handle)

    def _run_one(self) -> None:
        ready = self._ready
        if len(ready) > 1:
            place = int(self._draw() * len(ready))
            ready[place], ready[-1] = ready[-1], ready[place]
        handle = ready.pop()
        if handle._cancelled:
            return
        life = handle._context.get(LIFE)
        if life is not None:
            if life.dead:
                return
            if life.paused:
                life.parked.append(handle)
                return
            if life.steps_to_crash is not None:
                life.steps_to_crash -= 1
                if life.steps_to_crash <= 0:
                    self.kill(life)
                    return
        try:
            handle._context.run(handle._callback, *handle._args)
        except Exception as error:
            self.failures.append(error)
