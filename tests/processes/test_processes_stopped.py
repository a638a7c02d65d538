"""A web process is stopped just before it calls a company; a worker goes on; the process wakes and must not pay."""

import asyncio
import os
import signal
from pathlib import Path

import aiohttp
import asyncpg
import psutil
import pytest
from herd_kit import COMPANIES, INVOICES, PATIENCE, Bill, Herd, Member, free_port, herd_of, verified
from stopped_server import POINTS, run_stopping

from faturat.billers import Capabilities


async def stopped(web: Member) -> None:
    async with asyncio.timeout(PATIENCE):
        while psutil.Process(web.process.pid).status() != psutil.STATUS_STOPPED:
            await asyncio.sleep(0.02)


async def state_at_rest(herd: Herd, bill: Bill, database: asyncpg.Pool) -> str:
    """The state of the bill's payment, once it ended, or was asked about where nothing can be learnt."""
    async with asyncio.timeout(PATIENCE):
        while True:
            [row] = await database.fetch("SELECT state, due_at, asked FROM payment WHERE invoice = $1", bill.invoice)
            if row["due_at"] is None or (row["asked"] and not herd.can_be_asked(bill.biller)):
                return str(row["state"])
            await asyncio.sleep(0.05)


async def pay(web: Member, bill: Bill) -> str:
    headers = {"Authorization": f"Bearer {bill.token}", "Idempotency-Key": bill.key}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{web.port}/api/v1/payments", json=bill.body, headers=headers) as reply,
    ):
        return str((await reply.json())["state"])


async def stop_and_wake(herd: Herd, bill: Bill, point: str, database: asyncpg.Pool) -> str:
    """The state in which a worker left the payment, as the process that was stopped says too when it wakes."""
    web = Member(f"stopping-{bill.biller}", herd, "serve", "--no-worker", port=free_port())
    await web.start(run_stopping, point)
    try:
        await web.ready()
        paying = asyncio.create_task(pay(web, bill))
        await stopped(web)
        state = await state_at_rest(herd, bill, database)
        before = herd.companies[bill.biller].debits_asked
        assert web.process.pid is not None
        os.kill(web.process.pid, signal.SIGCONT)
        assert await paying == state
        assert herd.companies[bill.biller].debits_asked == before, "the process that woke called the company"
        return state
    finally:
        await web.kill()


def expected(able: Capabilities) -> tuple[str, int]:
    """How a payment ends that was interrupted before the company saw it, and how often it is booked."""
    if able.idempotent_pay:
        return "paid", 1
    return ("failed" if able.status_inquiry else "unknown"), 0


@pytest.mark.parametrize("point", [POINTS[-1], *(pytest.param(each, marks=pytest.mark.soak) for each in POINTS[:-1])])
async def test_a_process_that_wakes_late_pays_nothing(database_url: str, tmp_path: Path, point: str) -> None:
    async with herd_of(database_url, tmp_path, webs=0, workers=1, bills=len(COMPANIES) * INVOICES) as herd:
        able = herd.capabilities
        bills = {bill.biller: bill for bill in herd.bills if able[bill.biller].exchange_every is None}
        async with asyncpg.create_pool(database_url, min_size=1, max_size=4) as database:
            states = await asyncio.gather(*(stop_and_wake(herd, bill, point, database) for bill in bills.values()))
        booked = {name: len(herd.companies[name].books.bookings()) for name in bills}
        assert {name: (state, booked[name]) for name, state in zip(bills, states, strict=True)} == {
            name: expected(able[name]) for name in bills
        }
        await verified(herd)
