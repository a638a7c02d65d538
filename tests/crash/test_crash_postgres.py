"""PostgreSQL is killed under load and started again: the server comes back by itself, and each payment is made once."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import asyncpg
import pytest
from crash_kit import PATIENCE, SAVINGS, Bench, Prepared, bench_from, preparing
from crash_starts import OSHEE

from faturat import to_decimal, verify
from faturat.clock import SystemClock
from faturat.engine import EngineSettings
from faturat.store.postgres import APP, Database
from faturat.store.postgres.embedded import EmbeddedPostgres
from faturat.testing.books import CompanyContract, IssuedInvoice

CLIENTS = 8
SOON = EngineSettings(biller_call=2, bank_call=2, look_ups_per_hour=100_000)
"""Seconds: what was cut off is gone on with soon."""
FINAL_SOON = {"timeout": 1, "not_found_final_after": 2}
BEFORE_ITS_END = "SELECT count(*) FROM payment WHERE state <> ALL($1::text[])"
ENDS = ["paid", "failed", "cancelled", "expired", "declined"]


@dataclass
class Load:
    """Clients who each pay one quote after the other, and repeat a request with its key until it is answered."""

    bench: Bench
    quotes: list[tuple[str, int]]
    answers: Counter[str] = field(default_factory=Counter)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self) -> None:
        token = {"Authorization": f"Bearer {self.bench.start.token}"}
        async with aiohttp.ClientSession(headers=token) as session, asyncio.TaskGroup() as clients:
            for _ in range(CLIENTS):
                clients.create_task(self._client(session))

    async def until(self, answer: str, times: int) -> None:
        """Until so many had this answer; however slow the machine is, something must go on."""
        async with self.changed:
            while self.answers[answer] < times:
                async with asyncio.timeout(PATIENCE):
                    await self.changed.wait()

    async def _client(self, session: aiohttp.ClientSession) -> None:
        while self.quotes:
            quote, amount = self.quotes.pop()
            while not await self._pay(session, quote, amount):
                await asyncio.sleep(0.1)

    async def _pay(self, session: aiohttp.ClientSession, quote: str, amount: int) -> bool:
        body = {"invoice": quote, "account": "demo-2", "amount": to_decimal(amount)}
        async with session.post(f"{self.bench.api}/payments", json=body, headers={"Idempotency-Key": quote}) as reply:
            said = await reply.json()
            async with self.changed:
                self.answers[said["state"] if reply.ok else f"{reply.status} {said['type']}"] += 1
                self.changed.notify_all()
            assert reply.ok or (reply.status == 503 and reply.headers["Retry-After"]), said
            return reply.ok


@pytest.fixture
async def server() -> AsyncIterator[EmbeddedPostgres]:
    """One of this test's own."""
    folder = Path(tempfile.mkdtemp(prefix="fat-"))
    server = EmbeddedPostgres(folder / "pg")
    await server.start()
    yield server
    await server.stop()
    shutil.rmtree(folder)


async def prepare(server: EmbeddedPostgres, folder: Path, number: int) -> tuple[Prepared, list[tuple[str, int]]]:
    """A database with that many quotes, each of a contract of its own."""
    connection = await asyncpg.connect(server.url())
    await connection.execute("CREATE DATABASE load")
    await connection.close()
    database = await Database.open(server.url("load"))
    await database.migrate([APP])
    await database.close()
    quotes = []
    async with preparing(OSHEE, server.url("load"), folder) as (host, company, token):
        with company.books.batch():
            for n in range(number):
                code = f"TR0.L{n:013d}"
                company.books.add_contract(CompanyContract(code, "Test Test"))
                today = SystemClock().now().date()
                company.books.add_invoice(
                    IssuedInvoice(key=f"7{n:08d}", contract=code, number=f"7{n:08d}", issued_on=today, amount=1000 + n)
                )
        for n in range(number):
            found = await host.faturat.invoices.look_up("demo", "oshee", None, {"customer_code": f"TR0.L{n:013d}"})
            quotes.append((found.quotes[0].id, found.quotes[0].invoice.total))
    side = replace(OSHEE, settings=FINAL_SOON)
    return Prepared(side, "load", folder, token, "", 0), quotes


async def ready(bench: Bench) -> int:
    address = f"http://127.0.0.1:{bench.settings.web.port}/health/ready"
    async with aiohttp.ClientSession() as session, session.get(address) as reply:
        return reply.status


async def until_ready_says(bench: Bench, status: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while await ready(bench) != status:
            await asyncio.sleep(0.02)


async def kill(server: EmbeddedPostgres, how: signal.Signals) -> None:
    """SIGQUIT is what `pg_ctl stop -m immediate` sends."""
    os.kill(int((server.folder / "postmaster.pid").read_text().splitlines()[0]), how)
    async with asyncio.timeout(PATIENCE):
        while server.running:
            await asyncio.sleep(0.01)


async def paid_once_though_killed(
    server: EmbeddedPostgres, folder: Path, number: int, kills: list[signal.Signals]
) -> None:
    start, quotes = await prepare(server, folder / "start", number)
    owed = sum(amount for _, amount in quotes)
    (folder / "bench").mkdir()
    async with bench_from(start, server.url("load"), folder / "bench", SOON) as bench, bench.server() as (process, _):
        load = Load(bench, quotes)
        running = asyncio.create_task(load.run())
        for n, how in enumerate(kills, start=1):
            await load.until("paid", n * number // (len(kills) + 1))
            refused = load.answers["503 /problems/database_unavailable"]
            await kill(server, how)
            await until_ready_says(bench, 503)
            await load.until("503 /problems/database_unavailable", refused + CLIENTS)
            await server.start()
            await until_ready_says(bench, 200)
        await running
        async with asyncio.timeout(PATIENCE):
            while (await bench.rows(BEFORE_ITS_END, ENDS))[0]["count"]:
                await asyncio.sleep(0.1)
        assert process.is_alive(), "it came back by itself"
    states = Counter(row["state"] for row in await bench.rows("SELECT state FROM payment"))
    print(dict(states), dict(load.answers))
    assert states["paid"] + states["failed"] == number == states.total()
    bookings = bench.company.books.bookings()
    assert len(bookings) == states["paid"] == len({booking.invoice_key for booking in bookings})
    async with bench.opened() as faturat:
        assert (await verify(faturat)).faults == ()
        savings = (await faturat.accounts("demo"))[1].available
    assert SAVINGS - savings == sum(booking.amount for booking in bookings) <= owed


async def test_postgres_is_stopped_at_once_under_load(server: EmbeddedPostgres, tmp_path: Path) -> None:
    await paid_once_though_killed(server, tmp_path, 200, [signal.SIGQUIT])


@pytest.mark.soak
async def test_postgres_is_killed_again_and_again_under_load(server: EmbeddedPostgres, tmp_path: Path) -> None:
    await paid_once_though_killed(server, tmp_path, 1000, [signal.SIGQUIT, signal.SIGKILL] * 4)
