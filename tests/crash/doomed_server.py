"""`faturat serve` as a process that kills itself with SIGKILL at one point of its work.

The points are not listed anywhere: before and after each call of a plugin's hook and of each method of the store that
writes, named as they are passed, counted where a name comes again, and written to a file.
"""

import asyncio
import inspect
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import asyncpg
from doomed_deliveries import plant_deliveries
from fakes.trusted import BUNDLE
from msgspec import Struct

from faturat import KnownInvoice, Notice, PluginContext, hookimpl, host
from faturat.clock import SystemClock
from faturat.plugins import loading
from faturat.settings import read_settings
from faturat.store.postgres import PostgresStore
from faturat.store.postgres import statements as sql
from faturat_server.logs import configure_logs
from faturat_server.schema import APPS, TABLES
from faturat_server.serving import serve, stop_signals
from faturat_server.settings import ServerSettings

STATEMENT, WRITING = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE)\b"), re.compile(r"\b(INSERT|UPDATE|DELETE)\b")


def only_reads(store: type, method: Callable[..., Any]) -> bool:
    """Whether it can be seen that a method reads, and nothing else: by its own SQL, Piccolo's words, its helpers."""
    code = method.__code__
    names = set(code.co_names)
    known = [getattr(sql, name, method.__globals__.get(name)) for name in names]
    texts = [each for each in (*code.co_consts, *known) if isinstance(each, str) and STATEMENT.search(each)]
    inner = [getattr(store, name, None) for name in names if name.startswith("_")]
    parts = [each for each in inner if inspect.iscoroutinefunction(each)]
    if names & {"insert", "update", "delete"} or any(map(WRITING.search, texts)):
        return False
    reads = bool(texts or parts or names & {"select", "count"})
    return reads and all(only_reads(store, part) for part in parts)


def writes(store: type) -> list[str]:
    """The public methods of a store that write; one of which that cannot be seen counts as one that does."""
    methods = inspect.getmembers(store, inspect.iscoroutinefunction)
    return [name for name, method in methods if not name.startswith("_") and not only_reads(store, method)]


class Points:
    """`deadly` is the name of the point at which the process kills itself; empty: none."""

    def __init__(self, trace: Path, deadly: str) -> None:
        self._trace = trace
        self._deadly = deadly
        self._passed: Counter[str] = Counter()

    def reach(self, name: str, once: bool = False) -> None:
        self._passed[name] += 1
        times = self._passed[name]
        if once and times > 1:
            return
        point = name if times == 1 else f"{name} {times}"
        with self._trace.open("a") as trace:
            trace.write(f"{point}\n")
        if point == self._deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: Callable[..., str], call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def doomed(*arguments: Any) -> Any:
            self.reach(f"before {name(*arguments)}")
            try:
                return await call(*arguments)
            finally:
                self.reach(f"after {name(*arguments)}")

        return doomed

    def around_claim(self, name: str, claim: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """A worker claims again and again: one that takes nothing is a point before the first one alone."""

        async def doomed(*arguments: Any) -> Any:
            self.reach(f"before {name}", once=True)
            if taken := await claim(*arguments):
                self.reach(f"after {name}")
            return taken

        return doomed


@dataclass
class Commits:
    """How many commits a method of the store has made: it should be one, for between two there is a point as well."""

    method: str
    made: int = 0


commits: ContextVar[Commits | None] = ContextVar("commits", default=None)


def counted(name: str, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def counting(*arguments: Any) -> Any:
        token = commits.set(Commits(name))
        try:
            return await method(*arguments)
        finally:
            commits.reset(token)

    return counting


def between(points: Points, run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def running(connection: asyncpg.Connection, query: str, *arguments: Any, **named: Any) -> Any:
        alone = WRITING.search(query) is not None and not connection.is_in_transaction()
        if (here := commits.get()) is not None and (alone or query.startswith("COMMIT")):
            if here.made:
                points.reach(f"between commits of {here.method}")
            here.made += 1
        return await run(connection, query, *arguments, **named)

    return running


def plant(points: Points) -> None:
    asyncpg.Connection.fetch = between(points, asyncpg.Connection.fetch)
    asyncpg.Connection.execute = between(points, asyncpg.Connection.execute)
    for name in writes(PostgresStore):
        method = counted(name, getattr(PostgresStore, name))
        if name == "commit":
            doomed = points.around(lambda _, plan: f"commit of {plan.payment.state}", method)
        elif name.startswith("claim_"):
            doomed = points.around_claim(name, method)
        else:
            doomed = points.around(lambda *_, name=name: name, method)
        setattr(PostgresStore, name, doomed)
    gates = [module for name, module in sys.modules.items() if name.startswith("faturat.gate.")]
    call = points.around(lambda plugin, hook, *_: hook, sys.modules["faturat.gate.call"].call_plugin)
    for gate in gates:
        if hasattr(gate, "call_plugin"):
            gate.call_plugin = call
    plant_deliveries(points)


def hurry() -> None:
    """What takes time and is not tried here: a second of idling."""
    sys.modules["faturat.work"].IDLE = 0.05


class ClockAhead(SystemClock):
    def __init__(self, hours: float) -> None:
        self._ahead = timedelta(hours=hours)

    def now(self) -> datetime:
        return super().now() + self._ahead


class Diary:
    """An observer: what it hears is a line in a file, there before its hook returns."""

    class Settings(Struct):
        file: str

    api = 1

    def __init__(self, settings: Settings) -> None:
        self._file = Path(settings.file)

    async def open(self, context: PluginContext) -> None:
        return

    async def close(self) -> None:
        return

    @hookimpl
    async def deliver_notice(self, notice: Notice) -> None:
        self._write(f"notice {notice.id}")

    @hookimpl
    async def invoice_changed(self, invoice: KnownInvoice) -> None:
        self._write(f"invoice {invoice.id}")

    def _write(self, line: str) -> None:
        with self._file.open("a") as file:
            file.write(f"{line}\n")


def installed_and_diary(group: str) -> list[EntryPoint]:
    return [*loading.installed(group), EntryPoint("diary", "doomed_server:Diary", "faturat.observers")]


async def main(settings_file: Path, trace: Path, deadly: str, ahead: float) -> None:
    configure_logs()
    hurry()
    plant(Points(trace, deadly))
    host.load_plugins = lambda choice: loading.load_plugins(choice, installed_and_diary)
    settings = read_settings(ServerSettings, {}, settings_file)
    stop = stop_signals()
    async with host.open_host(settings, TABLES, APPS, ClockAhead(ahead)) as opened:
        await serve(opened, settings, stop, lambda: None, worker=True)


def run(settings_file: Path, trace: Path, deadly: str, ahead: float) -> None:
    """What a new process runs; its log goes beside the trace."""
    if (bundle := settings_file.with_name(BUNDLE)).exists():
        os.environ |= {"REQUESTS_CA_BUNDLE": str(bundle), "NO_PROXY": "127.0.0.1"}
    log = os.open(f"{trace}.log", os.O_CREAT | os.O_WRONLY)
    os.dup2(log, 2)
    asyncio.run(main(settings_file, trace, deadly, ahead))
