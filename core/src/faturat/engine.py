"""Faturat, put together: plugins behind their gates, the services on one store. What a bank embeds."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from msgspec import Struct

from faturat.autopay.service import AutopayService
from faturat.bank import Account
from faturat.billers import Biller
from faturat.checkpoints.service import CheckpointService
from faturat.checkpoints.types import Signer
from faturat.clock import Clock, SystemClock
from faturat.contracts.removals import Removals
from faturat.contracts.service import ContractService
from faturat.errors import FaturatError, StartError
from faturat.exchange.register import RegisterRelay
from faturat.exchange.service import ExchangeService
from faturat.gate.bank import BankGate, BankSilent
from faturat.gate.biller import BillerGate
from faturat.gate.guard import Guard
from faturat.gate.observer import ObserverGate
from faturat.health.pace import lowered
from faturat.health.service import HealthService
from faturat.hookspecs import Relay
from faturat.invoices.service import InvoiceService
from faturat.invoices.timing import SweepTiming
from faturat.notices.outbox import Outbox
from faturat.notices.reminders import ReminderService
from faturat.notices.types import Notice
from faturat.operators.service import OperatorService
from faturat.payments.asking import Asking
from faturat.payments.driver import Driver
from faturat.payments.service import PaymentService
from faturat.payments.several import SeveralService
from faturat.payments.timing import Timing
from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat.plugins.loading import LoadedPlugin, Plugins
from faturat.reconciliation.service import ReconciliationService
from faturat.store.port import Store


class EngineSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long things may take, in seconds, and how often they may be asked for."""

    bank_call: float = 10
    biller_call: float = 30
    look_up_call: float = 10
    margin: float = 5
    """Between the end of a call and the moment from which a worker takes its process for dead: as long as a commit may
    take, and as far as the clocks of two machines may differ."""
    payment_window: float = 600
    unknown_limit: float = 24 * 3600
    """After so long of not knowing what became of a payment a person is called."""
    sweep_every: float = 900
    retry_after: float = 300
    checkpoint_every: float = 3600
    look_ups_per_hour: int = 30
    """Look-ups and registrations of one customer: whoever tries out numbers reads other people's names."""
    calls_per_minute: dict[str, int] = {}
    """The most calls to a biller, by its id, from all processes together; counts where it is below the plugin's own."""

    def __post_init__(self) -> None:
        for name, kind in self.__annotations__.items():
            if kind is not float:
                continue
            if not 0.1 <= getattr(self, name) <= 7 * 24 * 3600:
                raise ValueError(f"{name} must be from 0.1 to 604800 seconds")
        if not 1 <= self.look_ups_per_hour <= 100_000:
            raise ValueError("look_ups_per_hour must be from 1 to 100000")
        for biller, calls in self.calls_per_minute.items():
            if not 1 <= calls <= 1_000_000:
                raise ValueError(f"calls_per_minute of {biller} must be from 1 to 1000000")

    def payments(self) -> Timing:
        return Timing(
            bank_call=timedelta(seconds=self.bank_call),
            biller_call=timedelta(seconds=self.biller_call),
            margin=timedelta(seconds=self.margin),
            window=timedelta(seconds=self.payment_window),
            unknown_limit=timedelta(seconds=self.unknown_limit),
        )

    def sweep(self) -> SweepTiming:
        return SweepTiming(
            every=timedelta(seconds=self.sweep_every),
            after_failure=timedelta(seconds=self.retry_after),
            look_ups_per_hour=self.look_ups_per_hour,
        )


class Faturat:
    """The services of one process. Made by `open_faturat`, which opens and closes the plugins around it."""

    def __init__(
        self, plugins: Plugins, store: Store, settings: EngineSettings, clock: Clock, signer: Signer | None = None
    ) -> None:
        """Raises StartError where a setting names a biller that is not loaded."""
        look_up, pay = timedelta(seconds=settings.look_up_call), timedelta(seconds=settings.biller_call)
        self.health = HealthService(store, clock)
        gates: dict[str, BillerGate] = {}
        for loaded in plugins.billers.values():
            assert loaded.biller is not None
            limit = lowered(loaded.biller.call_limit, settings.calls_per_minute.get(loaded.biller.id))
            guard = Guard(loaded.biller, self.health, store, clock, limit)
            gates[loaded.biller.id] = BillerGate(loaded.biller, _relay(loaded, store), clock, look_up, pay, guard)
        if unknown := settings.calls_per_minute.keys() - gates.keys():
            raise StartError(
                f"engine.calls_per_minute names {', '.join(sorted(unknown))}, which no plugin is. "
                f"Name one of: {', '.join(sorted(gates))}."
            )
        observers = {each.name: ObserverGate(each.name, each.relay, each.hooks, look_up) for each in plugins.observers}
        timing = self.timing = settings.payments()
        self.plugins = plugins
        self.billers: Mapping[str, Biller] = {name: gate.biller for name, gate in gates.items()}
        self.store = store
        self.clock = clock
        self.bank = BankGate(plugins.bank.name, plugins.bank.relay, timing.bank_call, plugins.bank.hooks)
        self.outbox = Outbox(store, observers, clock)
        self.reminders = ReminderService(store, self.outbox, self.billers, clock)
        self.invoices = InvoiceService(store, gates, self.outbox, clock, settings.sweep())
        self.contracts = ContractService(store, self.invoices, clock)
        asking = Asking(store, gates, self.invoices, clock)
        driver = Driver(store, gates, self.bank, asking, self.outbox, clock, timing)
        self.payments = PaymentService(store, self.invoices, self.bank, driver, clock, timing)
        self.removals = Removals(store, self.payments, clock)
        self.several = SeveralService(self.payments, self.invoices, self.bank, clock, timing)
        self.autopay = AutopayService(
            store, self.contracts, self.invoices, self.payments, self.bank, self.outbox, clock
        )
        self.operators = OperatorService(store, driver, asking, self.billers, clock, timing)
        self.exchange = ExchangeService(store, gates, self.payments, clock)
        self.checkpoints = CheckpointService(store, signer, clock, timedelta(seconds=settings.checkpoint_every))
        self.reconciliation = ReconciliationService(store, gates, clock)

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
        passes = (
            self.payments.recover,
            self.exchange.run,
            self.invoices.sweep,
            self.autopay.run,
            self.reminders.run,
            self.outbox.deliver,
            self.checkpoints.run,
        )
        return sum([await one_pass() for one_pass in passes])


def _relay(loaded: LoadedPlugin, store: Store) -> Relay:
    """How a biller is asked: by its own hooks, or where it works by files, from the register that it sent."""
    assert loaded.biller is not None
    if loaded.biller.capabilities.exchange_every is None:
        return loaded.relay
    return RegisterRelay(loaded.biller.id, loaded.relay, store)


@asynccontextmanager
async def open_faturat(
    plugins: Plugins,
    store: Store,
    settings: EngineSettings | None = None,
    clock: Clock | None = None,
    signer: Signer | None = None,
) -> AsyncIterator[Faturat]:
    """Open the plugins, yield the services, close the plugins. The store is the caller's to open and close.

    `signer` signs checkpoints (faturat.checkpoints.signing.SigningKey); without one this process makes none.
    """
    chosen = clock or SystemClock()
    log = structlog.stdlib.get_logger()
    await plugins.open(lambda name: PluginContext(chosen, log.bind(plugin=name), open_session))
    try:
        yield Faturat(plugins, store, settings or EngineSettings(), chosen, signer)
    finally:
        await plugins.close()
