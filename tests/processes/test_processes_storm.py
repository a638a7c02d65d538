"""Fifty equal requests at the same moment over two web processes are one payment, under one key and under fifty."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from herd_kit import COMPANIES, INVOICES, PATIENT, Bill, Herd, herd_of, until_all_is_known

REQUESTS = 50
Answer = tuple[int, dict[str, Any]]


async def storm(herd: Herd, bill: Bill, keys: list[str]) -> list[Answer]:
    """What each of as many requests as there are keys was answered, every other one by the other process."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        begin = asyncio.Event()

        async def ask(number: int, key: str) -> Answer:
            headers = {"Authorization": f"Bearer {bill.token}", "Idempotency-Key": key}
            await begin.wait()
            address = herd.addresses[number % len(herd.addresses)]
            async with session.post(address, json=bill.body, headers=headers) as reply:
                return reply.status, await reply.json()

        asked = [asyncio.create_task(ask(*each)) for each in enumerate(keys)]
        begin.set()
        return await asyncio.gather(*asked)


@pytest.mark.parametrize("contracts", [2, pytest.param(len(COMPANIES), marks=pytest.mark.soak)])
async def test_a_storm_is_one_payment(database_url: str, tmp_path: Path, contracts: int) -> None:
    """Two bills of each of so many companies: one for a storm with one key, one for a storm with fifty."""
    bills = contracts * INVOICES
    async with herd_of(database_url, tmp_path, webs=2, workers=1, bills=bills, times=PATIENT) as herd:
        database = await asyncpg.connect(database_url)
        first, last = ({bill.biller: bill for bill in bills} for bills in (herd.bills[::-1], herd.bills))
        for biller in first:
            check_one_key(await storm(herd, first[biller], [first[biller].key] * REQUESTS))
            check_fifty_keys(await storm(herd, last[biller], [f"{last[biller].key} {n}" for n in range(REQUESTS)]))
        await until_all_is_known(herd, database)
        for bill in [*first.values(), *last.values()]:
            await check_one_payment(herd, bill, database)
        await database.close()


def check_one_key(answers: list[Answer]) -> None:
    """One pays; the others are told of the same payment, or to ask again."""
    statuses = Counter(status for status, _ in answers)
    assert statuses[201] == 1
    assert statuses[200] + statuses[409] == REQUESTS - 1
    assert {said["type"] for status, said in answers if status == 409} <= {"/problems/key_in_use"}
    assert len({said["id"] for status, said in answers if status != 409}) == 1


def check_fifty_keys(answers: list[Answer]) -> None:
    """One pays; the others are refused, or cancelled before any money is held."""
    refused = {said["type"] for status, said in answers if status != 201}
    assert refused <= {"/problems/already_paying", "/problems/invoice_not_open"}
    made = [said for status, said in answers if status == 201]
    others = {said["reason"] for said in made if said["state"] == "cancelled"}
    assert others <= {"already_paying", "already_paid", "invoice_gone"}
    assert len([said for said in made if said["state"] != "cancelled"]) == 1


async def check_one_payment(herd: Herd, bill: Bill, database: asyncpg.Connection) -> None:
    """The company booked it once, one hold was captured and none stands, and the account was debited once."""
    payments = await database.fetch("SELECT id, state FROM payment WHERE invoice = $1", bill.invoice)
    [paid] = [row["id"] for row in payments if row["state"] != "cancelled"]
    bookings = herd.companies[bill.biller].books.bookings()
    booked = [each.order_id for each in bookings if each.order_id in {row["id"] for row in payments}]
    assert booked == [paid]
    holds = await database.fetch("SELECT * FROM bank_hold WHERE order_id = ANY($1)", [row["id"] for row in payments])
    assert [(hold["order_id"], hold["state"], hold["amount"]) for hold in holds] == [(paid, "captured", bill.amount)]
