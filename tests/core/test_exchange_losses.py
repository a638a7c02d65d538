"""What a stranger would try against the swap of files: an answer lost, an order held back, money let go too soon."""

from fakes.biller import make_invoice
from fakes.file_biller import EVERY, Content, FileBiller
from fakes.world import World

from faturat import (
    Payment,
    PaymentState,
    Pending,
    verify,
)
from faturat.clock import new_id
from faturat.payments.types import Plan


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


async def test_an_answer_is_not_lost_to_a_worker_that_asks_at_the_same_moment() -> None:
    world = world_of(FileBiller())
    await swap(world)
    payment = await queue(world)
    await swap(world)
    world.biller.offer("ACK-1", Content(outcomes={payment.id: world.biller.settled(payment.order)}))
    commit = world.store.commit

    async def beaten(plan: Plan) -> bool:
        world.store.commit = commit
        assert await world.faturat.payments.recover() == 1, "the other worker is first"
        return await commit(plan)

    world.store.commit = beaten
    await swap(world)
    assert await state(world, payment) is PaymentState.PAID
    assert (await verify(world.faturat)).faults == ()


async def test_of_files_read_one_by_one_a_later_pending_does_not_hide_what_was_settled() -> None:
    world = world_of(FileBiller())
    await swap(world)
    payment = await queue(world)
    await swap(world)
    world.biller.offer("ACK-0", b"{")
    world.biller.offer("ACK-1", Content(outcomes={payment.id: world.biller.settled(payment.order)}))
    world.biller.offer("RECEIVED-1", Content(outcomes={payment.id: Pending()}))
    await swap(world)
    assert await state(world, payment) is PaymentState.PAID
