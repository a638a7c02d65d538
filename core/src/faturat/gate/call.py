"""One plugin call: deadline, translation of every exception, size of what is logged, metrics."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from prometheus_client import Counter, Histogram

from faturat.errors import BillerError, FaturatError
from faturat.messages import MESSAGES

log = structlog.stdlib.get_logger()

CALLS = Counter("faturat_plugin_calls_total", "Calls to plugins by result", ["plugin", "hook", "result"])
SECONDS = Histogram("faturat_plugin_call_seconds", "Time that plugins took", ["plugin", "hook"])

T = TypeVar("T")

_CODE = re.compile("[a-z][a-z0-9_]{0,39}", re.ASCII)


def code_of(words: str) -> str:
    """A plugin's own code, if it is one; free words may hold a name, and go into logs and events."""
    return words if _CODE.fullmatch(words) else "other"


class CallFailed(Exception):
    """A plugin call that brought no usable answer. `why` is a short code; `cause` what the plugin raised, if it did."""

    def __init__(self, why: str, cause: BaseException | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.cause = cause


async def _within(call: Callable[[], Awaitable[object]], deadline: timedelta) -> object:
    """Await a hook in a task of its own: one that swallows its cancellation, or is cancelled from inside, stops nobody.

    Raises what the hook raised; CallFailed where its time ran out or it was cancelled.
    """

    async def run() -> object:
        return await call()

    task = asyncio.create_task(run())
    try:
        await asyncio.wait({task}, timeout=deadline.total_seconds())
    finally:
        if not task.done():
            task.cancel()
            task.add_done_callback(_forget)
    if not task.done():
        raise CallFailed("timeout")
    if task.cancelled():
        raise CallFailed("cancelled")
    return task.result()


def _forget(task: asyncio.Task[object]) -> None:
    """Nobody waits for this any more; its exception is taken so that nothing complains about it."""
    if not task.cancelled():
        task.exception()


async def call_plugin(
    plugin: str, hook: str, call: Callable[[], Awaitable[object]], deadline: timedelta, check: Callable[[object], T]
) -> T:
    """Call a hook once and check its reply.

    Raises FaturatError as the plugin raised it, CallFailed for everything else: a time-out, any other exception, a
    reply that `check` refuses (by raising ValueError). Only the kind of a failure is logged, never its words: they
    may hold a subscriber's name.
    """
    started = time.perf_counter()
    result = "ok"
    try:
        return check(await _within(call, deadline))
    except FaturatError as error:
        result = error.code if error.code in MESSAGES else "error"
        if isinstance(error, BillerError):
            log.warning("plugin_biller_error", plugin=plugin, hook=hook, why=code_of(error.why))
        raise
    except CallFailed as error:
        result = error.why
        raise
    except ValueError as error:
        result = "bad_reply"
        log.warning("plugin_bad_reply", plugin=plugin, hook=hook, error=type(error).__name__)
        raise CallFailed("bad_reply", error) from error
    except Exception as error:
        result = "exception"
        log.warning("plugin_exception", plugin=plugin, hook=hook, error=type(error).__name__)
        raise CallFailed(type(error).__name__, error) from error
    finally:
        CALLS.labels(plugin, hook, result).inc()
        SECONDS.labels(plugin, hook).observe(time.perf_counter() - started)
