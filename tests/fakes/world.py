"""A whole engine in memory: fake bank, fake biller, fake clock, the memory store."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pluggy

from fakes.bank import FakeBank
from fakes.biller import FakeBiller
from fakes.clock import FakeClock
from fakes.faults import Crash, Script
from faturat import EngineSettings, Faturat, Notice, Payment, hookimpl
from faturat.exchange.types import Swap
from faturat.hookspecs import BankSpec, BillerSpec, ObserverSpec
from faturat.payments.types import Plan
from faturat.plugins.loading import LoadedPlugin, Plugins
from faturat.store.memory import MemoryStore


class Listener:
    """An observer that keeps what it heard, and fails as often as it is told."""

    def __init__(self) -> None:
        self.heard: list[Notice] = []
        self.failures = 0
        self.put_off: datetime | None = None
        """Until when it wants to hear nothing."""

    @hookimpl
    async def deliver_notice(self, notice: Notice) -> datetime | None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        if self.put_off is None:
            self.heard.append(notice)
        return self.put_off


class CrashingStore(MemoryStore):
    """The memory store, with a crash before or after a commit where the script says so."""

    script = Script()

    async def commit(self, plan: Plan) -> bool:
        fault = self.script.before()
        done = await super().commit(plan)
        self.script.after(fault)
        return done

    async def commit_swap(self, swap: Swap) -> bool:
        fault = self.script.before()
        done = await super().commit_swap(swap)
        self.script.after(fault)
        return done


def loaded(name: str, plugin: Any, spec: Any) -> LoadedPlugin:
    manager = pluggy.PluginManager("faturat")
    manager.add_hookspecs(spec)
    manager.register(plugin)
    hooks = frozenset(hook for hook in vars(spec) if manager.parse_hookimpl_opts(plugin, hook) is not None)
    biller = plugin.describe_biller() if spec is BillerSpec else None
    return LoadedPlugin(name, "0", plugin, manager.hook, hooks, biller)


@dataclass
class World:
    """One engine with everything around it; `restart` is a new process on the same store."""

    clock: FakeClock = field(default_factory=FakeClock)
    bank: FakeBank = field(default_factory=FakeBank)
    biller: FakeBiller = field(default_factory=FakeBiller)
    listener: Listener = field(default_factory=Listener)
    store: CrashingStore = field(default_factory=CrashingStore)
    observers: tuple[LoadedPlugin, ...] = ()
    settings: EngineSettings = field(default_factory=EngineSettings)

    def __post_init__(self) -> None:
        self.bank.clock = self.biller.clock = self.clock
        self.restart()

    def restart(self) -> None:
        plugins = Plugins(
            billers={"fake": loaded("fake", self.biller, BillerSpec)},
            bank=loaded("bank", self.bank, BankSpec),
            observers=(loaded("listener", self.listener, ObserverSpec), *self.observers),
        )
        self.faturat = Faturat(plugins, self.store, self.settings, self.clock)

    async def quote(self, customer: str = "c1") -> str:
        """The id of a quote of the one invoice."""
        return (await self.faturat.invoices.look_up(customer, "fake", None, {"code": "AB12"})).quotes[0].id

    async def pay(self, account: str = "savings", amount: int = 170_740, key: str = "k1") -> Payment:
        return await self.faturat.payments.pay("c1", await self.quote(), account, amount, key)

    async def settle(self, limit: int = 400) -> None:
        """Let time pass and the worker run until nothing is due within a week."""
        for _ in range(limit):
            try:
                while await self.faturat.run_due():
                    pass
            except Crash:
                self.restart()
            self.clock.advance(timedelta(minutes=30))
