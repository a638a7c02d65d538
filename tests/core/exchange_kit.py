"""Steps of a swap of files in a world in memory."""

from fakes.biller import make_invoice
from fakes.file_biller import EVERY, FileBiller
from fakes.world import World

from faturat import (
    Payment,
    PaymentState,
)
from faturat.clock import new_id


def world_of(biller: FileBiller) -> World:
    world = World(biller=biller)
    biller.offer("OPEN-1", biller.register("AB12", make_invoice(), make_invoice("F2", 500)))
    return world


async def swap(world: World) -> None:
    world.clock.advance(EVERY)
    assert await world.faturat.exchange.run() == 1


async def queue(world: World, index: int = 0) -> Payment:
    found = await world.faturat.invoices.look_up("c1", "fake", None, {"code": "AB12"})
    quote = found.quotes[index]
    payment = await world.faturat.payments.pay(
        "c1", quote.id, "savings", quote.invoice.total, new_id("key", world.clock.now())
    )
    assert payment.state is PaymentState.PENDING
    return payment


async def state(world: World, payment: Payment) -> PaymentState:
    return (await world.faturat.payments.get("c1", payment.id)).state
