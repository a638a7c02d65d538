"""One engine that reaches one company through a proxy, and a payment whose call meets a fault."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import entry_points
from typing import Any
from urllib.parse import urlsplit

from fakes.world import loaded
from msgspec.structs import replace
from proxy import Mode, Proxy

from faturat import (
    EngineSettings,
    Faturat,
    FaturatError,
    KnownInvoice,
    Payment,
    PluginChoice,
    hookimpl,
    open_faturat,
    verify,
)
from faturat.bank import FundsState, HoldReply
from faturat.billers import Capabilities
from faturat.clock import SystemClock
from faturat.hookspecs import BankSpec
from faturat.payments.types import Order
from faturat.plugins.loading import load_plugins
from faturat.store.memory import MemoryStore
from faturat.testing.bank import MemoryBank, MemoryBankSettings
from faturat.testing.books import IssuedInvoice
from faturat.testing.cases import Case
from faturat.testing.company import Company

TIMEOUT = 0.8
"""Seconds that a plugin waits for its company."""
TRIES = 20
PATIENCE = 60
IMPATIENT = {
    "timeout": TIMEOUT,
    "fetch_timeout": TIMEOUT,
    "not_found_final_after": 3,
    "exchange_every": 1,
    "settles_later": 3600,
}
ENGINE = EngineSettings(biller_call=2, look_up_call=2, unknown_limit=60, look_ups_per_hour=100_000)
RICH = 100_000_000_00
FIRST = 700_000
"""The running number of the first invoice: far from those of the demo and of the magic references."""


class MovingClock(SystemClock):
    """The real time, and whatever a test lets pass beside it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


class AlarmedBank(MemoryBank):
    """Calls `held` when money is held: the next thing that happens is the call to the company."""

    held: Callable[[], Awaitable[None]] | None = None

    @hookimpl
    async def hold_funds(self, order: Order) -> HoldReply:
        reply = await super().hold_funds(order)
        if self.held is not None:
            await self.held()
        return reply


@dataclass
class Line:
    faturat: Faturat
    company: Company
    proxy: Proxy
    bank: AlarmedBank
    clock: MovingClock
    able: Capabilities
    customer: str = field(default="c1")

    async def pay(self, number: int, mode: Mode, cut_at: int | None = None) -> Payment:
        """Pay the invoice of a running number, in whose call to the company the network does something wrong."""
        quote = await self._quote(self.company.number(number))

        async def held() -> None:
            await self.proxy.show(mode, cut_at)

        self.bank.held = held
        for key in map(str, range(TRIES)):
            payment = await self.faturat.payments.pay(self.customer, quote.id, "main", quote.invoice.total, key)
            if payment.state != "cancelled":  # because the company was slow already before the network failed
                break
        if self.able.exchange_every is not None:  # the swap of files is the call
            self.clock.advance(2)
            await self.work()
        return payment

    async def _quote(self, number: str) -> KnownInvoice:
        """The invoice; from a company that swaps files, once its register is here."""
        [biller] = self.faturat.billers
        reference = self.company.case_reference(Case.NO_DEBTS)
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(FaturatError):
                    found = await self.faturat.invoices.look_up(self.customer, biller, reference.kind, reference.values)
                    return next(quote for quote in found.quotes if quote.invoice.number == number)
                self.clock.advance(2)
                await self.work()

    async def work(self) -> None:
        """One pass over what is due, and the company's own."""
        await self.faturat.run_due()
        await self.company.close_day()

    async def until_asked(self, payment: Payment) -> None:
        """Let time pass until the company was asked once more, or there is nothing to ask."""
        asked = payment.asked
        for _ in range(TRIES):
            payment = await self.faturat.payments.get(self.customer, payment.id)
            if payment.due_at is None or payment.asked > asked:
                return
            self.clock.advance(2)
            await self.work()
        raise AssertionError(f"{payment.state} is never asked about")

    async def until_it_ended(self, payment: Payment) -> Payment:
        for _ in range(60):
            payment = await self.faturat.payments.get(self.customer, payment.id)
            if payment.due_at is None:
                return payment
            self.clock.advance(4)
            await self.work()
        raise AssertionError(f"{payment.state} does not end")

    async def end_of(self, payment: Payment) -> str:
        """How a payment ends: what we say is what the company says, and the money went the same way."""
        payment = await self.until_it_ended(payment)
        assert (await verify(self.faturat)).faults == ()
        key = payment.order.invoice_key
        booked = [booking for booking in self.company.books.bookings() if booking.invoice_key == key]
        funds = (await self.bank.funds_status(payment.order)).state
        can_be_asked = self.able.status_inquiry or self.able.idempotent_pay or self.able.exchange_every
        if booked:
            assert [(each.order_id, each.amount) for each in booked] == [(payment.id, payment.order.amount)]
            assert (payment.state, funds) == ("paid", FundsState.CAPTURED)
        elif payment.state == "under_review":
            assert not can_be_asked
            assert funds is FundsState.HELD
        else:
            assert (payment.state, funds) == ("failed", FundsState.RELEASED)
        return payment.state


def issue(company: Company, numbers: range) -> None:
    """Invoices for one payment each, on one contract."""
    contract = company.contract_of(company.case_reference(Case.NO_DEBTS))
    today = company.clock.now().date()
    with company.books.batch():
        for number in numbers:
            company.books.add_invoice(
                IssuedInvoice(
                    key=company.number(number),
                    contract=contract,
                    number=company.number(number),
                    issued_on=today - timedelta(days=10),
                    due_on=today + timedelta(days=10),
                    amount=1000_00 + number,
                )
            )


@asynccontextmanager
async def line_to(biller: str, company: Company, reached_by: dict[str, Any], seed: int = 0) -> AsyncIterator[Line]:
    """An engine of its own on a memory store; `reached_by` are the settings by which the company is reached."""
    proxy = Proxy(_port(reached_by), delay=2 * TIMEOUT, seed=seed)
    through = _through(biller, reached_by, await proxy.start())
    plugins = load_plugins(PluginChoice(billers={biller: through}, bank={"memory": {}}))
    bank = AlarmedBank(MemoryBankSettings({"c1": {"main": RICH}}))
    clock = MovingClock()
    plugins = replace(plugins, bank=loaded("memory", bank, BankSpec))
    async with open_faturat(plugins, MemoryStore(), ENGINE, clock) as faturat:
        yield Line(faturat, company, proxy, bank, clock, faturat.billers[biller].capabilities)
    await proxy.stop()


def _port(reached_by: dict[str, Any]) -> int:
    """Where the company listens, whether its settings name an address or a port."""
    port = reached_by.get("port") or urlsplit(reached_by["url"]).port
    assert port is not None
    return port


def _through(biller: str, reached_by: dict[str, Any], port: int) -> dict[str, Any]:
    """The same settings by way of the proxy, and impatient where the plugin can be."""
    [point] = entry_points(group="faturat.billers", name=biller)
    own = {name: value for name, value in IMPATIENT.items() if name in point.load().Settings.__struct_fields__}
    if "port" in reached_by:
        return reached_by | own | {"port": port}
    return reached_by | own | {"url": reached_by["url"].replace(f":{_port(reached_by)}", f":{port}")}
