"""Two web and three worker processes on one database, killed one after the other: paid once, or returned in full."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from herd_kit import PATIENCE, RICH, Bill, Herd, Member, herd_of, until_all_is_known, verified

CLIENTS = 12
"""Who pay at the same time."""


@dataclass
class Crowd:
    """Clients that pay one bill each after the other, and try again with the same key until they are answered."""

    herd: Herd
    bills: list[Bill]
    answered: dict[str, str] = field(default_factory=dict)
    """The payment that each key led to."""
    again: int = 0
    """How often a connection broke, or nobody was there."""

    async def pay_all(self) -> None:
        waiting = iter(self.bills)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session:
            await asyncio.gather(*(self._client(session, waiting) for _ in range(CLIENTS)))

    async def until_answered(self, number: float) -> None:
        while len(self.answered) < number:
            await asyncio.sleep(0.005)

    async def _client(self, session: aiohttp.ClientSession, waiting: Any) -> None:
        for bill in waiting:
            async with asyncio.timeout(PATIENCE):
                await self._pay(session, bill)

    async def _pay(self, session: aiohttp.ClientSession, bill: Bill) -> None:
        headers = {"Authorization": f"Bearer {bill.token}", "Idempotency-Key": bill.key}
        while True:
            address = self.herd.addresses[(len(self.answered) + self.again) % len(self.herd.webs)]
            try:
                async with session.post(address, json=bill.body, headers=headers) as reply:
                    said = await reply.json()
            except (aiohttp.ClientError, TimeoutError):
                self.again += 1
                await asyncio.sleep(0.05)  # as a client would, that finds nobody there
                continue
            if said.get("type") == "/problems/key_in_use":
                continue
            assert reply.status in (200, 201), said
            self.answered[bill.key] = said["id"]
            return


async def kill(herd: Herd, crowd: Crowd, kills: int, seed: int) -> Counter[str]:
    """SIGKILL one process after the other, spread over the payments, and start it again.

    Companies fail too, each once for each kill.
    """
    drawn, killed = random.Random(seed), Counter[str]()
    victims: list[Member] = []
    for number in range(1, kills + 1):
        victims = victims or drawn.sample(herd.members, len(herd.members))
        await crowd.until_answered(number * len(crowd.bills) / (kills + 1))
        for company in herd.companies.values():
            company.fault(drawn.choice(("hang_up_after_debit", "hang_up_before_debit", "error_500_after_debit")))
        victim = victims.pop()
        await victim.kill()
        killed[victim.name] += 1
        await victim.start()
    return killed


async def check(herd: Herd, crowd: Crowd, database: asyncpg.Connection) -> Counter[str]:
    """Each key led to one payment; what we say of it, the company's books and the bank's ledger agree.

    Returns how many payments ended in which state, for which reason.
    """
    payments = {row["id"]: row for row in await database.fetch("SELECT * FROM payment")}
    assert sorted(payments) == sorted(crowd.answered.values()), "one payment for each key, and no other"
    keys = {row["key"]: row["payment"] for row in await database.fetch("SELECT key, payment FROM idempotency")}
    assert keys == crowd.answered
    funds = {row["order_id"]: row["state"] for row in await database.fetch("SELECT * FROM bank_hold")}
    spent = Counter[str]()
    booked = {
        name: {each.order_id: each for each in company.books.bookings()} for name, company in herd.companies.items()
    }
    for bill in crowd.bills:
        payment = payments[crowd.answered[bill.key]]
        booking = booked[bill.biller].pop(payment["id"], None)
        if payment["state"] == "paid":
            assert booking is not None
            assert (booking.amount, payment["amount"], funds[payment["id"]]) == (bill.amount, bill.amount, "captured")
            spent[bill.customer] += bill.amount
        elif payment["state"] == "unknown":
            assert not herd.can_be_asked(bill.biller)
            assert (booking, funds[payment["id"]]) == (None, "held")
            spent[bill.customer] += bill.amount
        else:
            assert payment["state"] in ("failed", "cancelled", "expired")
            assert (booking, funds.get(payment["id"], "released")) == (None, "released")
    assert not any(booked.values()), "a company booked what nobody paid"
    balances = {row["customer"]: row["balance"] for row in await database.fetch("SELECT * FROM bank_account")}
    assert balances == {customer: RICH - spent[customer] for customer in balances}
    return Counter(" ".join((row["state"], row["reason"])).strip() for row in payments.values())


@pytest.mark.parametrize(("bills", "kills"), [(90, 5), pytest.param(3000, 25, marks=pytest.mark.soak)])
async def test_a_herd_that_loses_processes(database_url: str, tmp_path: Path, bills: int, kills: int) -> None:
    async with herd_of(database_url, tmp_path, webs=2, workers=3, bills=bills) as herd:
        database = await asyncpg.connect(database_url)
        crowd = Crowd(herd, herd.bills)
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(crowd.pay_all())
            killing = tasks.create_task(kill(herd, crowd, kills, seed=bills))
            await crowd.until_answered(bills / 2)
            await verified(herd)
        seconds = time.monotonic() - began
        await until_all_is_known(herd, database)
        recovered = time.monotonic() - began - seconds
        ends = await check(herd, crowd, database)
        unknown = await database.fetchval("SELECT count(DISTINCT payment) FROM payment_event WHERE after = 'unknown'")
        await database.close()
        await verified(herd)
    print(
        f"{bills} payments in {seconds:.1f} s ({bills / seconds:.0f}/s), {kills} kills {dict(killing.result())}, "
        f"{crowd.again} tries again; everything ended {recovered:.1f} s later: {dict(ends)}, {unknown} were unknown"
    )
