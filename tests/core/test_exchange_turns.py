"""Who has the turn of an exchange, however long it takes, and that no company waits for another."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from exchange_kit import queue, state, swap, world_of
from fakes.bank import FakeBank
from fakes.clock import FakeClock
from fakes.file_biller import EVERY, Content, FileBiller
from fakes.world import loaded

from faturat import (
    Biller,
    CaptureReply,
    EngineSettings,
    ExchangeFile,
    ExchangeReply,
    Faturat,
    Order,
    Outcome,
    PaymentState,
    Rejected,
    Rejection,
    hookimpl,
    work,
)
from faturat.hookspecs import BankSpec, BillerSpec
from faturat.plugins.loading import Plugins
from faturat.store.memory import MemoryStore


class Slow(FileBiller):
    """Needs four minutes for each reading, within its time; meanwhile another worker wants the turn."""

    other: Faturat | None = None
    turns_taken = 0

    @hookimpl
    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        await self.pause()
        return await super().exchange(inbox, queued_orders)

    async def pause(self) -> None:
        other, self.other = self.other, None
        if other is not None:
            self.clock.advance(timedelta(minutes=4))
            self.turns_taken += await other.exchange.run()
            self.other = other


async def test_a_long_reading_keeps_its_turn() -> None:
    world = world_of(Slow())
    await swap(world)
    await queue(world)
    for number in range(5):
        world.biller.offer(f"BAD-{number}", b"{")
    world.restart()
    world.biller.other, worker = world.faturat, world.faturat
    world.restart()
    assert world.faturat is not worker
    await swap(world)
    assert world.biller.turns_taken == 0
    assert len(world.biller.received) == 1


async def test_a_long_telling_keeps_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faturat.exchange.service.TOLD_AT_ONCE", 1)
    world = world_of(Slow())
    await swap(world)
    payments = [await queue(world, index) for index in range(2)]
    await swap(world)
    answers = {payment.id: world.biller.settled(payment.order) for payment in payments}
    world.biller.offer("ACK-1", Content(outcomes=answers))
    worker = world.faturat
    world.restart()
    told = world.faturat.payments.told

    async def slowly(biller: str, order_id: str, outcome: Outcome) -> None:
        world.biller.other = worker
        await world.biller.pause()
        world.biller.other = None
        await told(biller, order_id, outcome)

    world.faturat.payments.told = slowly
    await swap(world)
    assert world.biller.turns_taken == 0
    assert [await state(world, payment) for payment in payments] == [PaymentState.PAID] * 2


async def test_a_silent_bank_keeps_a_file_no_longer_than_one_answer() -> None:
    world = world_of(FileBiller())
    await swap(world)
    payments = [await queue(world, index) for index in range(2)]
    await swap(world)
    answers = {payment.id: world.biller.settled(payment.order) for payment in payments}
    world.biller.offer("ACK-1", Content(outcomes=answers))
    both = asyncio.Barrier(2)
    capture = world.bank.capture_funds

    async def together(order: Order) -> CaptureReply:
        async with asyncio.timeout(5):
            await both.wait()
        return await capture(order=order)

    world.faturat.bank.capture_funds = together
    await swap(world)
    assert [await state(world, payment) for payment in payments] == [PaymentState.PAID] * 2


async def test_a_worker_that_lost_its_turn_tells_nothing() -> None:
    """What it read may be long out of date; who has the turn reads the same files."""
    world = world_of(FileBiller())
    await swap(world)
    payment = await queue(world)
    await swap(world)
    world.biller.offer("ACK-1", Content(outcomes={payment.id: Rejected(Rejection.NOT_ACCEPTED)}))
    gate = world.faturat.exchange._gates[0]
    exchange = gate.exchange

    async def asleep(inbox: tuple[ExchangeFile, ...], queued: tuple[Order, ...]) -> ExchangeReply:
        reply = await exchange(inbox, queued)
        now = world.clock.now() + timedelta(hours=2)
        assert await world.store.claim_exchange("fake", now, now + EVERY) is not None
        return reply

    gate.exchange = asleep
    await swap(world)
    assert await state(world, payment) is PaymentState.PENDING


class Named(FileBiller):
    """One of two companies; its collecting may hang."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.may_go = asyncio.Event()
        self.turns = 0

    @hookimpl
    def describe_biller(self) -> Biller:
        return msgspec.structs.replace(super().describe_biller(), id=self.name)

    @hookimpl
    async def collect_files(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        self.turns += 1
        await self.may_go.wait()
        return ()


async def test_a_company_that_hangs_keeps_no_other_company_waiting() -> None:
    clock = FakeClock()
    hanging, quick = Named("hanging"), Named("quick")
    quick.may_go.set()
    bank = FakeBank()
    bank.clock = clock
    billers = {each.name: loaded(each.name, each, BillerSpec) for each in (hanging, quick)}
    plugins = Plugins(billers=billers, bank=loaded("bank", bank, BankSpec), observers=())
    faturat = Faturat(plugins, MemoryStore(), EngineSettings(), clock)
    stop = asyncio.Event()
    working = asyncio.create_task(work(faturat, stop))
    try:
        async with asyncio.timeout(10):
            for turn in (1, 2):
                while quick.turns < turn:
                    await asyncio.sleep(0.01)
                clock.advance(EVERY)
        assert hanging.turns == 1
    finally:
        hanging.may_go.set()
        stop.set()
        await working
