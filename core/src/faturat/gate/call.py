"""One plugin call: deadline, translation of every exception, size of what is logged, metrics."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from prometheus_client import Counter, Histogram

from faturat.errors import FaturatError

log = structlog.stdlib.get_logger()

CALLS = Counter("faturat_plugin_calls_total", "Calls to plugins by result", ["plugin", "hook", "result"])
SECONDS = Histogram("faturat_plugin_call_seconds", "Time that plugins took", ["plugin", "hook"])

T = TypeVar("T")


class CallFailed(Exception):
    """A plugin call that brought no usable answer. `why` is a short code; `cause` what the plugin raised, if it did."""

    def __init__(self, why: str, cause: BaseException | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.cause = cause


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
        async with asyncio.timeout(deadline.total_seconds()):
            reply = await call()
        return check(reply)
    except FaturatError as error:
        result = error.code
        raise
    except TimeoutError as error:
        result = "timeout"
        raise CallFailed("timeout", error) from error
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
