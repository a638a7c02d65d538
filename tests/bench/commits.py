"""`make bench`: the store's commits beside a baseline in the same run; only the ratio means something.

The baseline is what one would write by hand: a transaction of two statements (update the payment, insert the event) on
the same pool, the same tables and the same server.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faturat import Order, Reference
from faturat.clock import new_id
from faturat.payments import rules
from faturat.payments.timing import Timing
from faturat.payments.types import IdempotencyKey, Payment
from faturat.payments.types import PaymentState as S
from faturat.store.postgres import APP, TABLES, Database, PostgresStore
from faturat.store.postgres.embedded import EmbeddedPostgres

PAYMENTS, TASKS, COMMITS = 1000, 16, 4
UPDATE = (
    "UPDATE payment SET state = $2, version = version + 1, due_at = $3, chain_head = $4 WHERE id = $1 AND version = $5"
)
INSERT = """INSERT INTO payment_event (payment, version, at, before, after, reason, evidence, previous_hash, hash)
VALUES ($1, $2, $3, '', $4, '', '', '', '')"""


def new_payment(number: int) -> tuple[Payment, IdempotencyKey]:
    now = datetime.now(UTC)
    order = Order(
        id=new_id("pay", now),
        customer=f"c{number % 100}",
        account="a",
        biller="bench",
        reference=Reference("contract", {"code": str(number)}),
        invoice_key=new_id("key", now),
        amount=100,
        currency="ALL",
        created_at=now,
    )
    key = IdempotencyKey(customer=order.customer, key=order.id, body_hash="")
    return rules.create(order, "none", 100, key, Timing()).payment, key


async def by_plans(store: PostgresStore, number: int) -> None:
    payment, key = new_payment(number)
    now = payment.order.created_at
    await store.commit(rules.create(payment.order, "none", 100, key, Timing()))
    for state in (S.HOLDING, S.HELD, S.SUBMITTING):
        plan = rules.move(payment, state, now, timedelta(seconds=30))
        assert await store.commit(plan)
        payment = plan.payment


async def by_hand(database: Database, store: PostgresStore, number: int) -> None:
    payment, key = new_payment(number)
    now = payment.order.created_at
    await store.commit(rules.create(payment.order, "none", 100, key, Timing()))
    for version, state in enumerate((S.HOLDING, S.HELD, S.SUBMITTING), start=1):
        async with database.engine.pool.acquire() as connection, connection.transaction():
            await connection.execute(UPDATE, payment.id, state, now, "", version)
            await connection.execute(INSERT, payment.id, version + 1, now, state)


async def rate(work: Callable[[int], Awaitable[None]]) -> float:
    """Payments per second with TASKS at once."""
    numbers = iter(range(PAYMENTS))

    async def one() -> None:
        for number in numbers:
            await work(number)

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(TASKS)))
    return PAYMENTS / (time.perf_counter() - began)


async def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="fat-"))
    server = EmbeddedPostgres(folder / "pg")
    try:
        database = await Database.open(await server.start(), TABLES)
        await database.migrate([APP])
        store = PostgresStore(database)
        print(f"{PAYMENTS} payments of {COMMITS} commits, {TASKS} tasks")
        ratios = []
        for turn in range(1, 4):
            hand = await rate(lambda number: by_hand(database, store, number))
            plans = await rate(lambda number: by_plans(store, number))
            ratios.append(plans / hand)
            print(
                f"turn {turn}: by hand {hand:,.0f}/s, one statement per plan {plans:,.0f}/s, ratio {plans / hand:.2f}"
            )
        print(f"ratio, median: {sorted(ratios)[1]:.2f}")
        await database.close()
    finally:
        await server.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    asyncio.run(main())
