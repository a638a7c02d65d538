"""The points of a delivery: before and after each send of an observer, and each commit that it makes of its own.

A commit is found by what goes to the database while an observer's deliver_notice runs, and is named by its table.
"""

import re
import sys
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Protocol

import asyncpg

from faturat_server.channels import plugin as channels
from faturat_server.push import plugin as push

WRITING = re.compile(r'(?:\bINSERT INTO|\bDELETE FROM|^\s*UPDATE) "?(\w+)')
delivering: ContextVar[str] = ContextVar("delivering", default="")
"""The observer that delivers, then the kind of what it delivers to: each target has a task of its own."""

Call = Callable[..., Awaitable[Any]]


class Points(Protocol):
    def reach(self, name: str, once: bool = False) -> None: ...
    def around(self, name: Callable[..., str], call: Call) -> Call: ...


def plant_deliveries(points: Points) -> None:
    asyncpg.Connection.fetch = _recording(points, asyncpg.Connection.fetch)
    asyncpg.Connection.execute = _recording(points, asyncpg.Connection.execute)
    push.send = _sending(points, lambda *_: "push", push.send)
    channels.send = _sending(points, lambda _, target, *__: target.kind.value, channels.send)
    gate = sys.modules["faturat.gate.observer"]
    gate.call_plugin = _telling(gate.call_plugin)


def _telling(call: Call) -> Call:
    async def telling(plugin: str, hook: str, *arguments: Any) -> Any:
        token = delivering.set(plugin if hook == "deliver_notice" else "")
        try:
            return await call(plugin, hook, *arguments)
        finally:
            delivering.reset(token)

    return telling


def _sending(points: Points, kind: Callable[..., str], send: Call) -> Call:
    around = points.around(lambda *arguments: f"send by {kind(*arguments)}", send)

    async def sending(*arguments: Any) -> Any:
        delivering.set(kind(*arguments))
        return await around(*arguments)

    return sending


def _recording(points: Points, run: Call) -> Call:
    async def recording(connection: asyncpg.Connection, query: str, *arguments: Any, **named: Any) -> Any:
        tables = WRITING.findall(query) if not connection.is_in_transaction() else []
        what = "a transaction" if query.startswith("COMMIT") else tables[-1] if tables else ""
        if not (what and delivering.get()):
            return await run(connection, query, *arguments, **named)
        name = f"commit of {what} by {delivering.get()}"
        points.reach(f"before {name}")
        try:
            return await run(connection, query, *arguments, **named)
        finally:
            points.reach(f"after {name}")

    return recording
