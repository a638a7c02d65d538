"""How fast `faturat verify` and checkpoints are, and what memory they take: python tests/bench/verifying.py [PAYMENTS].

The payments are paid ones of seven events each, made by the rules and put into the tables in bulk, with their money at
the reference bank in the same database.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import asdict

from faturat import Captured, Hold, Order, Receipt, Reference, Settled
from faturat.billers import Biller, Capabilities
from faturat.checkpoints.service import CheckpointService
from faturat.checkpoints.signing import SigningKey, new_secret
from faturat.clock import SystemClock, new_id
from faturat.payments import rules
from faturat.payments.timing import Timing
from faturat.payments.types import IdempotencyKey, Plan
from faturat.payments.types import PaymentState as S
from faturat.store.postgres import APP, TABLES, Database, PostgresStore
from faturat.store.postgres import statements as sql
from faturat.store.postgres.embedded import EmbeddedPostgres
from faturat.store.postgres.rows import Row, payment_row
from faturat_server.bank.seed import open_account
from faturat_server.bank.tables import TABLES as BANK_TABLES
from faturat_server.schema import APPS

AT_ONCE = 1000
TIMING = Timing()
BILLER = Biller("bench", "Bench", (), Capabilities())
BANK = (
    "INSERT INTO bank_hold SELECT id, customer, account, biller, amount, fee, currency, 'captured', hold_expires_at"
    " FROM payment",
    "INSERT INTO bank_entry (subject, kind, account, amount) SELECT id, kind, entry.account, entry.amount FROM payment,"
    " LATERAL (VALUES ('hold', payment.account, -amount), ('hold', 'held:ALL', amount),"
    " ('capture', 'held:ALL', -amount), ('capture', 'suspense:bench:ALL', amount)) AS entry (kind, account, amount)",
    "UPDATE bank_account SET balance = balance - (SELECT sum(amount) FROM payment)",
    "ANALYZE",
)


def paid(number: int) -> list[Plan]:
    """The plans of one payment, from created to paid."""
    now = datetime.now(UTC)
    order = Order(
        id=new_id("pay", now),
        customer="c",
        account="a",
        biller="bench",
        reference=Reference("contract", {"code": str(number)}),
        invoice_key=str(number),
        amount=100,
        currency="ALL",
        created_at=now,
    )
    key = IdempotencyKey(customer="c", key=order.id, body_hash="")
    plans = [rules.create(order, "none", 100, key, TIMING)]
    plans.append(rules.move(plans[-1].payment, S.HOLDING, now, timedelta(seconds=30)))
    hold = Hold(order.id, 100, "ALL", now + timedelta(days=7))
    plans.append(rules.hold_answered(plans[-1].payment, hold, now, TIMING))
    plans.append(rules.submit(plans[-1].payment, BILLER, now, TIMING))
    settled = Settled(Receipt(f"R-{number}", now, 100))
    plans.append(rules.paid_answered(plans[-1].payment, settled, now, TIMING))
    plans.append(rules.capture(plans[-1].payment, now, TIMING))
    plans.append(rules.capture_answered(plans[-1].payment, Captured(order.id, 100), now))
    return plans


async def put(database: Database, columns: sql.Columns, rows: list[Row]) -> None:
    statement = f"INSERT INTO {columns.table} ({columns.names}) SELECT * FROM {columns.rows('new', 1)}"
    await database.fetch(statement, *columns.arrays(rows))


async def fill(database: Database, payments: int) -> None:
    await open_account("a", "c", "Bench", 100 * payments)
    for start in range(0, payments, AT_ONCE):
        histories = [paid(number) for number in range(start, min(start + AT_ONCE, payments))]
        await put(database, sql.PAYMENT, [payment_row(plans[-1].payment) for plans in histories])
        await put(database, sql.EVENT, [asdict(plan.event) for plans in histories for plan in plans])
        keys = [(plans[0].key, plans[0].payment.id) for plans in histories]
        await put(database, sql.KEY, [asdict(key) | {"payment": payment} for key, payment in keys if key is not None])
    for statement in BANK:
        await database.fetch(statement)


def verify(url: str) -> tuple[float, int]:
    """The command in a process of its own: seconds, and the most memory that it had, in MB."""
    environment = {"FATURAT_DATABASE_URL": url, "FATURAT_PLUGINS__BANK__REFERENCE__DATABASE_URL": url}
    began = time.perf_counter()
    command = Path(sys.executable).parent / "faturat"
    process = subprocess.Popen([command, "verify"], cwd=tempfile.gettempdir(), env=os.environ | environment)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - began, usage.ru_maxrss // 1024


async def main(payments: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="fat-"))
    server = EmbeddedPostgres(folder / "pg")
    try:
        url = await server.start()
        database = await Database.open(url, [*TABLES, *BANK_TABLES])
        await database.migrate([APP, *APPS])
        await fill(database, payments)
        service = CheckpointService(
            PostgresStore(database), SigningKey(new_secret()), SystemClock(), timedelta(hours=1)
        )
        began = time.perf_counter()
        made = await service.make()
        seconds = time.perf_counter() - began
        print(f"{made} checkpoints over {payments:,} payments: {seconds:.1f} s, {payments / seconds:,.0f} payments/s")
        began = time.perf_counter()
        assert await service.make() == 0
        print(f"one that has nothing to cover: {1000 * (time.perf_counter() - began):.1f} ms")
        seconds, memory = await asyncio.to_thread(verify, url)
        print(f"verify: {seconds:.1f} s, {payments / seconds:,.0f} payments/s, at most {memory} MB")
        await database.close()
    finally:
        await server.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
