"""A real server process is killed at every point and started again: paid once, or returned in full; registered once."""

import asyncio
import multiprocessing
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
import doomed_server
import msgspec
import pytest

from faturat import PluginChoice, verify
from faturat.clock import SystemClock
from faturat.host import open_host
from faturat.settings import write_settings
from faturat.store.postgres import Database
from faturat_oshee.simulator import Simulator
from faturat_server.access.service import Access
from faturat_server.bank.seed import seed_demo
from faturat_server.schema import APPS, TABLES
from faturat_server.settings import ServerSettings, WebSettings

# each server is a process of its own, forked from one that has imported everything already
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["doomed_server"])
PASSWORD = "faturat-demo"
OTHER_CODE = "TR0.B0000000000000"
PRICE, SAVINGS = 170_740, 25_000_000
ENDS = ("paid", "failed", "cancelled", "expired", "declined", "under_review")
AHEAD = 0.1
"""Hours by which the clock of a restarted server is ahead, so that all that is due is due at once."""
PATIENCE = 30

T = TypeVar("T")


@dataclass
class Bench:
    """A database, a company and settings, on which one server after another is started."""

    settings: ServerSettings
    file: Path
    company: Simulator
    token: str
    invoice: str
    traces: Path
    restarts: int = field(default=0)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.settings.web.port}/api/v1"

    @asynccontextmanager
    async def server(self, deadly: int, ahead: float = 0) -> AsyncIterator[tuple[BaseProcess, Path]]:
        """A server that dies at its point number `deadly` (0: never), by a clock that is `ahead` some hours."""
        self.restarts += 1
        trace = self.traces / str(self.restarts)
        trace.touch()
        process = PROCESSES.Process(target=doomed_server.run, args=(self.file, trace, deadly, ahead))
        process.start()
        try:
            await self._ready(process)
            yield process, trace
        finally:
            process.terminate()
            await ended(process)

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

    async def pay(self) -> dict[str, Any] | None:
        """What a client does, the same each time; None where the server died under it."""
        body = {"invoice": self.invoice, "account": "demo-2", "amount": "1707.40"}
        status, answer = await self._post("payments", body, {"Idempotency-Key": "one"})
        assert status in (None, 200, 201), answer
        return answer

    async def register(self) -> int | None:
        """Register a contract of two invoices; the status, or None where the server died under it."""
        body = {"biller": "oshee", "reference": {"customer_code": OTHER_CODE}, "name": "Vila"}
        return (await self._post("contracts", body))[0]

    async def _post(
        self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> tuple[int | None, dict[str, Any] | None]:
        async with aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {self.token}"} | (headers or {})
        ) as session:
            try:
                async with session.post(f"{self.api}/{path}", json=body) as reply:
                    return reply.status, await reply.json()
            except aiohttp.ClientConnectionError:
                return None, None

    async def until_it_ended(self, ends: Sequence[str] = ENDS) -> str:
        async with asyncio.timeout(PATIENCE):
            while (payment := await self.pay()) is None or payment["state"] not in ends:
                await asyncio.sleep(0.05)
        return str(payment["state"])


async def ended(process: BaseProcess) -> int | None:
    await asyncio.to_thread(process.join, PATIENCE)
    return process.exitcode


@dataclass
class Prepared:
    """A registered contract with its open invoice: database and company, to be copied for each bench."""

    database: str
    company: Path
    token: str
    invoice: str


one_host = asyncio.Lock()
"""Piccolo's tables are bound to one database at a time in this process; the servers have their own."""


async def prepare(database_url: str, folder: Path) -> Prepared:
    company = Simulator(folder / "oshee")
    reached_by = await company.start()
    company.demo_seed()
    database = await Database.open(database_url)
    await database.migrate(APPS)
    await database.close()
    settings = settings_for(database_url, reached_by, port=1)
    async with open_host(settings, TABLES, APPS) as host:
        await seed_demo()
        access = Access(host.database, SystemClock(), settings)
        await access.add_user("demo", PASSWORD, "demo", "sq")
        token, _ = await access.log_in("demo", PASSWORD, "127.0.0.1", "token")
        code = {"customer_code": "TR0.A0000000000000"}
        await host.faturat.contracts.register("demo", "oshee", None, code, "Test Test")
        (row,) = await host.faturat.store.invoices("demo")
    await company.stop()
    return Prepared(database_name(database_url), folder / "oshee", token, row.id)


def settings_for(database_url: str, company: dict[str, Any], port: int) -> ServerSettings:
    return ServerSettings(
        database_url=database_url,
        database_pool=4,
        plugins=PluginChoice(billers={"oshee": company}, bank={"reference": {"database_url": database_url}}),
        web=WebSettings(port=port, secure_cookies=False),
    )


def database_name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


@asynccontextmanager
async def bench_from(prepared: Prepared, database_url: str, folder: Path) -> AsyncIterator[Bench]:
    shutil.copytree(prepared.company, folder / "oshee")
    company = Simulator(folder / "oshee")
    reached_by = await company.start()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings = settings_for(database_url, reached_by, free.getsockname()[1])
    file = folder / "faturat.toml"
    write_settings(file, msgspec.to_builtins(settings))
    try:
        yield Bench(settings, file, company, prepared.token, prepared.invoice, folder)
    finally:
        await company.stop()


async def check(bench: Bench, state: str) -> None:
    """Paid once, or returned in full; and every invariant holds."""
    async with one_host, open_host(bench.settings, TABLES, APPS) as host:
        assert (await verify(host.faturat)).faults == ()
        savings = (await host.faturat.accounts("demo"))[1].available
    booked = len(bench.company.books.bookings())
    assert (state, booked, savings) in [("paid", 1, SAVINGS - PRICE), ("failed", 0, SAVINGS), ("cancelled", 0, SAVINGS)]


FreshDatabase = Callable[..., AbstractAsyncContextManager[str]]
Benches = Callable[[], AbstractAsyncContextManager[Bench]]


@pytest.fixture
async def benches(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[Benches]:
    numbers = count(1)
    async with fresh_database() as first:
        prepared = await prepare(first, tmp_path)

        @asynccontextmanager
        async def fresh() -> AsyncIterator[Bench]:
            folder = tmp_path / str(next(numbers))
            folder.mkdir()
            async with fresh_database(prepared.database) as url, bench_from(prepared, url, folder) as bench:
                yield bench

        yield fresh


async def points_of_a_payment(benches: Benches) -> list[str]:
    """What a payment passes when nothing goes wrong."""
    async with benches() as bench:
        async with bench.server(deadly=0) as (_, trace):
            assert await bench.until_it_ended() == "paid"
        await check(bench, "paid")
        return trace.read_text().splitlines()


async def die(bench: Bench, point: int) -> None:
    """Start a server, pay, and see it killed at one point."""
    async with bench.server(deadly=point) as (process, _):
        await bench.pay()
        assert await ended(process) == -signal.SIGKILL


async def recover(bench: Bench) -> str:
    """Start a server later, and where the company has to be asked again, one more still later."""
    async with bench.server(deadly=0, ahead=AHEAD):
        state = await bench.until_it_ended((*ENDS, "unknown"))
    if state != "unknown":
        return state
    async with bench.server(deadly=0, ahead=2 * AHEAD):
        return await bench.until_it_ended()


async def at_once(trials: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run trials side by side, a few at a time."""
    few = asyncio.Semaphore(3)

    async def one(trial: Coroutine[Any, Any, T]) -> T:
        async with few:
            return await trial

    return list(await asyncio.gather(*map(one, trials)))


async def test_killed_at_every_point_of_a_payment(benches: Benches) -> None:
    points = await points_of_a_payment(benches)
    assert {"before pay_invoice", "after pay_invoice", "after commit of paid", "before hold_funds"} <= set(points)

    async def trial(number: int) -> str:
        async with benches() as bench:
            await die(bench, number)
            state = await recover(bench)
            await check(bench, state)
            return state

    ends = dict(zip(points, await at_once(trial(number) for number in range(1, len(points) + 1)), strict=True))
    assert ends["after pay_invoice"] == "paid", "what the company booked is learnt by asking it"
    assert ends["before pay_invoice"] == "failed", "what the company never saw is returned"
    assert ends["before hold_funds"] == "paid", "a hold that may have happened is asked for again"


async def test_killed_at_every_point_of_a_registration(benches: Benches) -> None:
    async with benches() as bench, bench.server(deadly=0) as (_, trace):
        assert await bench.register() == 201
        points = trace.read_text().splitlines()
    assert points[-2:] == ["before commit of the contract", "after commit of the contract"]
    assert "before fetch_invoices" in points

    async def trial(number: int) -> int | None:
        async with benches() as bench:
            async with bench.server(deadly=number) as (process, _):
                assert await bench.register() is None
                assert await ended(process) == -signal.SIGKILL
            async with bench.server(deadly=0):
                status = await bench.register()
                assert await bench.register() == 409, "it is registered now"
            async with one_host, open_host(bench.settings, TABLES, APPS) as host:
                contracts = [row for row in await host.faturat.contracts.of("demo") if row.name == "Vila"]
                assert len(contracts) == 1
                open_now = await host.faturat.invoices.of("demo", contract=contracts[0].id)
                assert {row.invoice.number for row in open_now} == {"000000003", "000000004"}
                assert await host.faturat.notices("demo") == [], "what was there at registration sends none"
            return status

    statuses = dict(zip(points, await at_once(trial(n) for n in range(1, len(points) + 1)), strict=True))
    assert statuses.pop("after commit of the contract") == 409, "it was stored whole, before the answer was lost"
    assert set(statuses.values()) == {201}, "nothing was stored, and it can be registered again"


@pytest.mark.soak
async def test_killed_a_second_time_at_every_point_of_recovery(benches: Benches) -> None:
    first = (await points_of_a_payment(benches)).index("after pay_invoice") + 1
    async with benches() as bench:
        await die(bench, first)
        async with bench.server(deadly=0, ahead=AHEAD) as (_, trace):
            assert await bench.until_it_ended() == "paid"
        recovery = trace.read_text().splitlines()
    assert "before payment_status" in recovery

    async def trial(number: int) -> None:
        async with benches() as bench:
            await die(bench, first)
            async with bench.server(deadly=number, ahead=AHEAD) as (process, _):
                await bench.pay()
                assert await ended(process) == -signal.SIGKILL
            async with bench.server(deadly=0, ahead=2 * AHEAD):
                assert await bench.until_it_ended() == "paid"
            await check(bench, "paid")

    await at_once(trial(number) for number in range(1, len(recovery) + 1))
