"""One process of Faturat in the simulation: the engine's real code, on the one store and behind the network."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from faturat import EngineSettings, Faturat, Notice, Order, Payment, Reference
from faturat.exchange.types import ExchangeFile, OutgoingFile
from faturat.hookspecs import BankSpec, BillerSpec
from faturat.plugins.checks import hook_names
from faturat.plugins.loading import LoadedPlugin, Plugins
from simulation.company import Company, moment_of
from simulation.file_company import FileCompany, read_files
from simulation.loop import Life, SimulatedLoop
from simulation.network import call

if TYPE_CHECKING:
    from simulation.world import World


class StoreDown(Exception):
    """The database did not answer; what was asked of it may have happened."""


class LifeClock:
    """The process's own clock, some seconds from the true time."""

    def __init__(self, loop: SimulatedLoop, skew: float) -> None:
        self._loop = loop
        self._skew = skew

    def now(self) -> datetime:
        return moment_of(self._loop.time() + self._skew)


class Process:
    """A place where one life follows another."""

    def __init__(self, world: "World", name: str) -> None:
        self.world = world
        self.name = name
        self.lives = 0
        self.start()

    def start(self) -> None:
        world = self.world
        self.lives += 1
        self.life = Life(f"{self.name}.{self.lives}")
        self.busy: dict[str, asyncio.Task[Any]] = {}
        clock = LifeClock(world.loop, world.swarm.skew * (2 * world.random.random() - 1))
        self.faturat = Faturat(plugins(world, self.life), ProcessStore(world, self.life), SETTINGS, clock)

    def spawn(self, what: str, work: Callable[[], Awaitable[Any]]) -> asyncio.Task[Any]:
        return self.world.loop.spawn(self.life, self.world.guarded(self.life, what, work))

    def one_pass(self, name: str) -> None:
        """What a worker's loop of this name does next, where it is not still at it."""
        passes = {
            "recover": self.faturat.payments.recover,
            "exchange": self.faturat.exchange.run,
            "sweep": self.faturat.invoices.sweep,
            "deliver": self.faturat.outbox.deliver,
            "purge": self.faturat.invoices.purge_quotes,
            "autopay": self.faturat.autopay.run,
        }
        if name not in self.busy or self.busy[name].done():
            self.busy[name] = self.spawn(name, passes[name])


SETTINGS = EngineSettings(look_ups_per_hour=100_000)

WRITES = frozenset({
    "add_contract", "rename_contract", "remove_contract", "restore_contract", "claim_contracts", "add_quotes",
    "commit_reading", "purge_quotes", "commit", "claim_payments", "claim_exchange", "hold_exchange", "commit_swap",
    "files_sent", "claim_deliveries", "delivery_done", "delivery_failed", "move_circuit", "put_off_contracts",
    "save_autopay", "claim_autopays", "purge_look_ups", "open_case", "close_case", "add_audit", "add_checkpoint",
    "add_notices",
})  # fmt: skip


class ProcessStore:
    """The one store as a process reaches it: time passes before and after each step, which itself is atomic."""

    def __init__(self, world: "World", life: Life) -> None:
        self._world = world
        self._life = life
        self.all_payments = world.store.all_payments
        self.names_of = world.store.names_of  # so read for words alone that no time need pass

    def __getattr__(self, name: str) -> Any:
        world, life = self._world, self._life
        writes = name in WRITES

        async def step(*args: Any, **named: Any) -> Any:
            await self._wait()
            if world.chance("store_before"):
                world.disturbed(name, args)
                raise StoreDown
            if writes and world.chance("stall", often=name == "commit_swap"):
                world.stall(life)
                await asyncio.sleep(0.01)
            if writes and world.chance("crash_before"):
                await self._die()
            result = (
                await world.checks.commit(life, name, args, named) if writes else await self._read(name, args, named)
            )
            if writes and world.chance("crash_after"):
                await self._die()
            if world.chance("store_after"):
                world.disturbed(name, args)
                raise StoreDown
            await self._wait()
            return result

        setattr(self, name, step)
        return step

    async def _read(self, name: str, args: Any, named: Any) -> Any:
        return await getattr(self._world.store, name)(*args, **named)

    async def _wait(self) -> None:
        world = self._world
        if world.chance("store_slow"):
            await asyncio.sleep(20 * world.random.random() ** 2)
        elif world.random.random() < 0.5:
            await asyncio.sleep(0)
        else:
            await asyncio.sleep(0.01 * world.random.random())

    async def _die(self) -> None:
        self._world.trace(self._life.name, "crash", "", "")
        self._world.loop.kill(self._life)
        await self._world.loop.create_future()


def plugins(world: "World", life: Life) -> Plugins:
    billers = {}
    for company in world.companies.values():
        line = FileLine(world, life, company) if isinstance(company, FileCompany) else CompanyLine(world, life, company)
        billers[company.name] = LoadedPlugin(company.name, "0", line, line, hook_names(BillerSpec), company.biller)
    bank, notifier = BankLine(world, life), NotifierLine(world, life)
    return Plugins(
        billers=billers,
        bank=LoadedPlugin("bank", "0", bank, bank, hook_names(BankSpec)),
        observers=(LoadedPlugin("notifier", "0", notifier, notifier, world.swarm.listens),),
    )


class CompanyLine:
    """A company's plugin in one process."""

    def __init__(self, world: "World", life: Life, company: Company) -> None:
        self.world, self.life, self.company = world, life, company

    def _call(self, hook: str, effect: Callable[[], Any], **how: Any) -> Awaitable[Any]:
        return call(self.world, self.life, self.company.name, hook, effect, **how)

    async def find_contract(self, reference: Reference) -> Any:
        return await self._call("find", lambda: self.company.find(reference))

    async def fetch_invoices(self, references: tuple[Reference, ...]) -> Any:
        reply = await self._call("fetch", lambda: self.company.invoices(references))
        self.world.checks.said(self.company.name, reply)
        return reply

    async def pay_invoice(self, order: Order) -> Any:
        self.world.checks.sends_pay(self.life, self.company, order)
        traits = self.company.traits
        reply = await self._call(
            "pay",
            lambda: self.company.pay(order),
            order=order,
            may_repeat=traits.able.idempotent_pay and not traits.says_already_paid,
            latest_arrival=traits.latest_arrival,
        )
        self.world.checks.answered(self.life, order, reply)
        return reply

    async def payment_status(self, order: Order) -> Any:
        return await self._call("status", lambda: self.company.status(order), order=order)


class FileLine(CompanyLine):
    """The plugin of a company that works by files."""

    company: FileCompany

    async def pay_invoice(self, order: Order) -> Any:
        return await self._call("queue", lambda: self.company.queue(order))

    async def collect_files(self, known: frozenset[str]) -> Any:
        return await self._call("collect", lambda: self.company.collect(known))

    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> Any:
        return read_files(inbox, queued_orders)

    async def send_files(self, files: tuple[OutgoingFile, ...]) -> Any:
        self.world.checks.sends_files(self.company, files)
        return await self._call("send", lambda: self.company.take(files))


class BankLine:
    """The bank's plugin in one process."""

    def __init__(self, world: "World", life: Life) -> None:
        self.world, self.life, self.bank = world, life, world.bank

    async def _order(self, hook: str, order: Order, effect: Callable[[Order], Any]) -> Any:
        return await call(self.world, self.life, "bank", hook, lambda: effect(order), order=order)

    async def list_accounts(self, customer: str) -> Any:
        return await call(self.world, self.life, "bank", "accounts", lambda: self.bank.list_accounts(customer))

    async def hold_funds(self, order: Order) -> Any:
        self.world.checks.moves_money("hold", order)
        return await self._order("hold", order, self.bank.hold)

    async def capture_funds(self, order: Order) -> Any:
        self.world.checks.moves_money("capture", order)
        return await self._order("capture", order, self.bank.capture)

    async def release_funds(self, order: Order) -> Any:
        self.world.checks.moves_money("release", order)
        return await self._order("release", order, self.bank.release)

    async def funds_status(self, order: Order) -> Any:
        return await self._order("funds", order, self.bank.status)

    async def list_orders(self, after: str, limit: int) -> Any:
        return self.bank.list_orders(after, limit)

    async def check_books(self) -> Any:
        return self.bank.check_books()


class NotifierLine:
    """An observer's plugin in one process; what it hears is heard by one customer's devices."""

    def __init__(self, world: "World", life: Life) -> None:
        self.world, self.life = world, life

    async def _tell(self, hook: str, effect: Callable[[], None]) -> None:
        await call(self.world, self.life, "notifier", hook, effect)

    async def payment_changed(self, payment: Payment) -> None:
        await self._tell("payment", lambda: self.world.checks.heard_payment(payment))

    async def invoice_changed(self, invoice: Any) -> None:
        await self._tell("invoice", lambda: None)

    async def deliver_notice(self, notice: Notice) -> None:
        await self._tell("notice", lambda: self.world.checks.heard_notice(notice))
