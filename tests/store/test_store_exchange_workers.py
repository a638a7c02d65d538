"""Several workers on one PostgreSQL swap files with one company: each order goes out once, whoever comes first."""

import asyncio
from datetime import timedelta

from fakes.biller import make_invoice
from fakes.faults import Fault, Script
from fakes.file_biller import FileBiller
from fakes.world import World
from msgspec.structs import replace

from faturat import PaymentState
from faturat.store.postgres import Database, PostgresStore

ORDERS, AT_ONCE, WORKERS = 30, 3, 4
EVERY = timedelta(seconds=1)
"""Short, so that no payment grows too old while the clock moves on."""


async def test_each_order_goes_out_once(database: Database) -> None:
    store = PostgresStore(database)
    world = World(biller=FileBiller(), store=store)
    world.biller.capabilities = replace(world.biller.capabilities, exchange_every=EVERY)
    invoices = [make_invoice(f"F{n}", 1000 + n) for n in range(ORDERS)]
    world.biller.offer("OPEN-1", world.biller.register("AB12", *invoices))
    workers = []
    for _ in range(WORKERS):
        world.restart()
        workers.append(world.faturat)
    world.clock.advance(EVERY)
    assert sum([await worker.exchange.run() for worker in workers]) == 1
    quotes = (await workers[0].invoices.look_up("c1", "fake", None, {"code": "AB12"})).quotes

    # every third time a file is put there, the worker does not learn that it was
    world.biller.sending = Script([Fault.SILENT, Fault.NONE, Fault.LOST] * ORDERS)

    async def pay(number: int) -> None:
        pay = workers[number % WORKERS].payments.pay
        payment = await pay("c1", quotes[number].id, "savings", quotes[number].invoice.total, f"k{number}")
        assert payment.state is PaymentState.PENDING

    for first in range(0, ORDERS, AT_ONCE):
        # while some pay, all workers want the turn; the clock stands meanwhile
        paying = (pay(number) for number in range(first, first + AT_ONCE))
        await asyncio.gather(*paying, *(worker.exchange.run() for worker in workers))
        world.clock.advance(EVERY)
    world.biller.sending = Script()
    for worker in workers:
        world.clock.advance(EVERY)
        await worker.exchange.run()

    assert await store.unsent_files("fake", world.clock.now()) == []
    sent = [order for file in world.biller.received for order in file.orders]
    assert len(sent) == len(set(sent)) == ORDERS
    assert len({file.name for file in world.biller.received}) == len(world.biller.received) > 1
