"""What the crash tests share: prepared databases and companies, copied for each trial, and servers on them that die."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import asyncpg
import doomed_server
import msgspec
from doomed_server import ClockAhead
from fakes.forked import PROCESSES

from faturat import Faturat, PluginChoice, verify
from faturat.clock import SystemClock
from faturat.engine import EngineSettings
from faturat.host import Host, open_host
from faturat.settings import write_settings
from faturat.store.postgres import Database
from faturat.testing.company import Company
from faturat_server.access.service import Access
from faturat_server.bank.seed import seed_demo
from faturat_server.schema import APPS, TABLES
from faturat_server.settings import ServerSettings, WebSettings

PASSWORD = "faturat-demo"
SAVINGS = 25_000_000
PATIENCE = 30
SWEEP_EVERY = 7 * 24 * 3600
"""Seconds, so that only the trials of the sweep come to one."""
RARELY = EngineSettings(sweep_every=SWEEP_EVERY, look_ups_per_hour=100_000)


@dataclass
class Heard:
    """Who hears of what happens on a bench: the settings of the observers that tell them."""

    observers: dict[str, Any] = field(default_factory=dict)


@asynccontextmanager
async def nobody(_: Path) -> AsyncIterator[Heard]:
    yield Heard()


@dataclass(frozen=True)
class Side:
    """A company's side of a bench: its simulator, the id of its plugin, and what its settings have beside."""

    biller: str
    open: Callable[[Path], Company]
    settings: dict[str, Any] = field(default_factory=dict)
    listen: Callable[[Path], AbstractAsyncContextManager[Heard]] = nobody
    """Has somebody listen in a bench's folder, so that there is something to deliver."""


@dataclass(frozen=True)
class Prepared:
    """A database and a company's books, to be copied for each bench."""

    side: Side
    database: str
    company: Path
    token: str
    invoice: str
    price: int


@dataclass
class Bench:
    """A database, a company and settings, on which one server after another is started."""

    settings: ServerSettings
    folder: Path
    company: Company
    start: Prepared
    heard: Heard
    servers: int = 0
    ahead: float = 0
    """Hours by which the clock of the newest server is ahead."""

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.settings.web.port}/api/v1"

    @property
    def now(self) -> datetime:
        return ClockAhead(self.ahead).now()

    @asynccontextmanager
    async def server(self, deadly: str = "", ahead: float = 0) -> AsyncIterator[tuple[BaseProcess, Path]]:
        """A server that dies at the point `deadly`, by a clock that is `ahead` some hours; the trace is whole after."""
        self.servers, self.ahead = self.servers + 1, ahead
        trace = self.folder / f"trace-{self.servers}"
        trace.touch()
        file = self.folder / "faturat.toml"
        process = PROCESSES.Process(target=doomed_server.run, args=(file, trace, deadly, ahead))
        process.start()
        try:
            await self._ready(process)
            yield process, trace
        finally:
            process.terminate()
            await asyncio.to_thread(process.join, PATIENCE)

    async def _ready(self, process: BaseProcess) -> None:
        """Until the port answers, or the process is gone: a server may die before anybody could ask it."""
        async with asyncio.timeout(PATIENCE):
            while process.is_alive():
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.settings.web.port)
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    return

    async def post(
        self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> tuple[int | None, dict[str, Any] | None]:
        """The status and the answer; None where the server died under it, or was dead."""
        token = {"Authorization": f"Bearer {self.start.token}"}
        async with aiohttp.ClientSession(headers=token | (headers or {})) as session:
            try:
                async with session.post(f"{self.api}/{path}", json=body) as reply:
                    return reply.status, await reply.json()
            except aiohttp.ClientError:
                return None, None

    async def pay(self, account: str = "demo-2") -> dict[str, Any] | None:
        """What a client does, the same each time; None where the server died under it."""
        price = f"{self.start.price // 100}.{self.start.price % 100:02d}"
        body = {"invoice": self.start.invoice, "account": account, "amount": price}
        status, answer = await self.post("payments", body, {"Idempotency-Key": "one"})
        assert status in (None, 200, 201), answer
        return answer

    async def rows(self, statement: str, *parameters: object) -> list[Any]:
        connection = await asyncpg.connect(self.settings.database_url)
        try:
            return await connection.fetch(statement, *parameters)
        finally:
            await connection.close()

    @asynccontextmanager
    async def opened(self, ahead: float = 0) -> AsyncIterator[Faturat]:
        """The services in this process, without observers, by a clock that is ahead some hours."""
        plugins = msgspec.structs.replace(self.settings.plugins, observers={})
        settings = msgspec.structs.replace(self.settings, plugins=plugins)
        async with one_host, open_host(settings, TABLES, APPS, ClockAhead(ahead)) as host:
            yield host.faturat

    async def check(self, *ways: tuple[str, int, bool], state: str) -> None:
        """Every invariant holds, and `ways` has how it is: state, bookings at the company, whether money is gone."""
        async with self.opened() as faturat:
            assert (await verify(faturat)).faults == ()
            savings = (await faturat.accounts("demo"))[1].available
        assert savings in (SAVINGS, SAVINGS - self.start.price)
        assert self.company.debits_asked <= 1, "a company that is not idempotent is called once, ever"
        ours = [booking for booking in self.company.books.bookings() if booking.order_id.startswith("pay_")]
        assert (state, len(ours), savings < SAVINGS) in ways


Benches = Callable[[str], AbstractAsyncContextManager[Bench]]
"""A bench by the name of what it begins with."""

one_host = asyncio.Lock()
"""Piccolo's tables are bound to one database at a time in this process; the servers have their own."""


def settings_for(
    database_url: str, side: Side, company: dict[str, Any], observers: dict[str, Any], port: int, engine: EngineSettings
) -> ServerSettings:
    return ServerSettings(
        database_url=database_url,
        database_pool=4,
        plugins=PluginChoice(
            billers={side.biller: company | side.settings},
            bank={"reference": {"database_url": database_url}},
            observers=observers,
        ),
        engine=engine,
        web=WebSettings(port=port, secure_cookies=False, session_hours=720),
    )


@asynccontextmanager
async def preparing(side: Side, database_url: str, folder: Path) -> AsyncIterator[tuple[Host, Company, str]]:
    """A host on a database and a seeded company, to put there what benches begin with; and the client's token."""
    company = side.open(folder)
    reached_by = await company.start()
    company.demo_seed()
    database = await Database.open(database_url)
    await database.migrate(APPS)
    await database.close()
    settings = settings_for(database_url, side, reached_by, {}, 1, RARELY)
    async with one_host, open_host(settings, TABLES, APPS) as host:
        await seed_demo()
        access = Access(host.database, SystemClock(), settings)
        await access.add_user("demo", PASSWORD, "demo", "sq")
        token, _ = await access.log_in("demo", PASSWORD, "127.0.0.1", "token")
        yield host, company, token
    await company.stop()


@asynccontextmanager
async def bench_from(
    prepared: Prepared, database_url: str, folder: Path, engine: EngineSettings = RARELY
) -> AsyncIterator[Bench]:
    shutil.copytree(prepared.company, folder / "company")
    company = prepared.side.open(folder / "company")
    company.books.durable = False
    reached_by = await company.start()
    try:
        async with prepared.side.listen(folder) as heard:
            with reserved_port() as port:
                settings = settings_for(database_url, prepared.side, reached_by, heard.observers, port, engine)
                write_settings(folder / "faturat.toml", msgspec.to_builtins(settings))
                yield Bench(settings, folder, company, prepared, heard)
    finally:
        await company.stop()


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port that nobody else is given meanwhile. The server shares it, for it listens with SO_REUSEPORT.

    Without it two servers came to share one by chance, each with some of the other's requests.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def database_name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def hours(**span: float) -> float:
    return timedelta(**span).total_seconds() / 3600
