"""Several engines on one store, and a company that falls silent and comes back."""

import asyncio
from datetime import timedelta
from typing import Any

from fakes.biller import FakeBiller
from fakes.world import World
from faturat import Faturat, FaturatError, hookimpl
from faturat.health import breaker


class Company(FakeBiller):
    """A company that answers, or does not; `calls` are those that reached it, by hook."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.silent = False
        self.calls: list[str] = []

    async def _reached(self, hook: str) -> None:
        self.calls.append(hook)
        await asyncio.sleep(0)  # others come meanwhile
        if self.silent:
            raise ConnectionResetError

    @hookimpl
    async def find_contract(self, reference: Any) -> Any:
        await self._reached("find_contract")
        return await super().find_contract(reference)

    @hookimpl
    async def fetch_invoices(self, references: Any) -> Any:
        await self._reached("fetch_invoices")
        return await super().fetch_invoices(references)

    @hookimpl
    async def pay_invoice(self, order: Any) -> Any:
        await self._reached("pay_invoice")
        return await super().pay_invoice(order)

    @hookimpl
    async def payment_status(self, order: Any) -> Any:
        await self._reached("payment_status")
        return await super().payment_status(order)


def engines(world: World, count: int = 2) -> list[Faturat]:
    """As many processes on the world's store."""
    made = []
    for _ in range(count):
        world.restart()
        made.append(world.faturat)
    return made


async def refused(faturat: Faturat, code: str = "AB12", customer: str = "c1") -> FaturatError:
    """What a look-up is refused with."""
    try:
        await faturat.invoices.look_up(customer, "fake", None, {"code": code})
    except FaturatError as error:
        return error
    raise AssertionError("it was answered")


async def fall_silent(world: World, *asking: Faturat) -> None:
    """The company stops answering, and look-ups, of these engines in turn, open its breaker."""
    world.biller.silent = True
    askers = asking or (world.faturat,)
    for number in range(breaker.FAILURES):
        await refused(askers[number % len(askers)], customer=f"c{number}")
    world.clock.advance(timedelta(seconds=1))  # what the others read is old by then
    world.biller.calls.clear()


async def come_back(world: World) -> None:
    """The company answers again, and the breaker may let somebody try."""
    world.biller.silent = False
    world.clock.advance(breaker.MOST)
