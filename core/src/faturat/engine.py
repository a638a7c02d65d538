"""Faturat, put together: plugins behind their gates, the services on one store. What a bank embeds."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from msgspec import Struct

from faturat.bank import Account
from faturat.billers import Biller
from faturat.clock import Clock, SystemClock
from faturat.contracts.service import ContractService
from faturat.errors import FaturatError
from faturat.exchange.register import RegisterRelay
from faturat.exchange.service import ExchangeService
from faturat.gate.bank import BankGate, BankSilent
from faturat.gate.biller import BillerGate
from faturat.gate.observer import ObserverGate
from faturat.hookspecs import Relay
from faturat.invoices.service import InvoiceService, SweepTiming
from faturat.notices.outbox import Outbox
from faturat.notices.types import Notice
from faturat.payments.driver import Driver
from faturat.payments.service import PaymentService
from faturat.payments.timing import Timing
from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat.plugins.loading import LoadedPlugin, Plugins
from faturat.reconciliation.service import ReconciliationService
from faturat.store.port import Store


class EngineSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long things may take, in seconds."""

    bank_call: float = 10
    biller_call: float = 30
    look_up_call: float = 10
    payment_window: float = 600
    sweep_every: float = 900
    retry_after: float = 300

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if not 0.1 <= getattr(self, name) <= 7 * 24 * 3600:
                raise ValueError(f"{name} must be from 0.1 to 604800 seconds")

    def payments(self) -> Timing:
        return Timing(
            bank_call=timedelta(seconds=self.bank_call),
            biller_call=timedelta(seconds=self.biller_call),
            window=timedelta(seconds=self.payment_window),
        )

    def sweep(self) -> SweepTiming:
        return SweepTiming(every=timedelta(seconds=self.sweep_every), after_failure=timedelta(seconds=self.retry_after))


class Faturat:
    """The services of one process. Made by `open_faturat`, which opens and closes the plugins around it."""

    def __init__(self, plugins: Plugins, store: Store, settings: EngineSettings, clock: Clock) -> None:
        look_up, pay = timedelta(seconds=settings.look_up_call), timedelta(seconds=settings.biller_call)
        gates: dict[str, BillerGate] = {}
        for loaded in plugins.billers.values():
            assert loaded.biller is not None
            gates[loaded.biller.id] = BillerGate(loaded.biller, _relay(loaded, store), clock, look_up, pay)
        observers = {each.name: ObserverGate(each.name, each.relay, each.hooks, look_up) for each in plugins.observers}
        timing = settings.payments()
        self.plugins = plugins
        self.store = store
        self.clock = clock
        self.bank = BankGate(plugins.bank.name, plugins.bank.relay, timing.bank_call)
        self.outbox = Outbox(store, observers, clock)
        self.invoices = InvoiceService(store, gates, self.outbox, clock, settings.sweep())
        self.contracts = ContractService(store, self.invoices, clock)
        driver = Driver(store, gates, self.bank, self.invoices, self.outbox, clock, timing)
        self.payments = PaymentService(store, self.invoices, self.bank, driver, clock, timing)
        self.exchange = ExchangeService(store, gates, self.payments, clock)
        self.reconciliation = ReconciliationService(store, gates, clock)
        self.billers: Mapping[str, Biller] = {name: gate.biller for name, gate in gates.items()}

    async def accounts(self, customer: str) -> tuple[Account, ...]:
        """The customer's accounts, the main one first; raises FaturatError bank_unavailable."""
        try:
            return await self.bank.list_accounts(customer)
        except BankSilent as error:
            raise FaturatError("bank_unavailable") from error

    async def notices(self, customer: str, before: str = "", limit: int = 100) -> list[Notice]:
        """The customer's notices, newest first; `before` is the last id of the page before."""
        return await self.store.notices(customer, before, limit)

    async def run_due(self) -> int:
        """One pass over all durable work: payments to go on with, files to swap, contracts to check, deliveries.

        Returns how much there was; 0 means that nothing is due.
        """
        passes = (self.payments.recover, self.exchange.run, self.invoices.sweep, self.outbox.deliver)
        return sum([await one_pass() for one_pass in passes])


def _relay(loaded: LoadedPlugin, store: Store) -> Relay:
    """How a biller is asked: by its own hooks, or where it works by files, from the register that it sent."""
    assert loaded.biller is not None
    if loaded.biller.capabilities.exchange_every is None:
        return loaded.relay
    return RegisterRelay(loaded.biller.id, loaded.relay, store)


@asynccontextmanager
async def open_faturat(
    plugins: Plugins, store: Store, settings: EngineSettings | None = None, clock: Clock | None = None
) -> AsyncIterator[Faturat]:
    """Open the plugins, yield the services, close the plugins. The store is the caller's to open and close."""
    chosen = clock or SystemClock()
    log = structlog.stdlib.get_logger()
    await plugins.open(lambda name: PluginContext(chosen, log.bind(plugin=name), open_session))
    try:
        yield Faturat(plugins, store, settings or EngineSettings(), chosen)
    finally:
        await plugins.close()
