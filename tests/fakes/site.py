"""An engine on a real database with two companies in memory and the reference bank, and payments left in each state.

tests/upgrade/make_dump.py runs it with the code of a release; its tests go on with what that left.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, repeat
from typing import Any

import aiohttp
import structlog
from msgspec.structs import replace

from fakes.biller import FakeBiller, make_invoice
from fakes.clock import FakeClock
from fakes.faults import Crash, Fault, Script
from fakes.file_biller import Content, FileBiller
from fakes.world import Listener, loaded
from faturat import Biller, EngineSettings, Faturat, Payment, PaymentState, Receipt, Rejection, hookimpl
from faturat.hookspecs import BankSpec, BillerSpec, ObserverSpec
from faturat.payments.types import Plan
from faturat.plugins.context import PluginContext
from faturat.plugins.loading import Plugins
from faturat.store.postgres import TABLES, Database, PostgresStore
from faturat_server.bank.plugin import ReferenceBank
from faturat_server.bank.settings import Settings as BankSettings

S = PaymentState
CUSTOMER, SAVINGS, MAIN = "demo", "demo-2", "demo-1"
HALTED = (
    (S.CREATED, S.HOLDING),
    (S.HOLDING, S.HELD),
    (S.HELD, S.SUBMITTING),
    (S.SUBMITTING, S.SETTLED),
    (S.SETTLED, S.CAPTURING),
    (S.CAPTURING, S.PAID),
    (S.REJECTED, S.RELEASING),
    (S.RELEASING, S.FAILED),
)
"""Where payments are left, and the state that they did not come to."""
CONTRACTS = {"AB12": ("F1", "F2"), "AB13": ("G1", "G2")}
"""Registered contracts with their invoices; of each the second came later."""
BOOKED = (S.SUBMITTING, S.SETTLED, S.CAPTURING, S.PAID, S.UNKNOWN)
"""In these states of theirs the company has the money."""


class HaltingStore(PostgresStore):
    """The process dies before it stores a payment that has come to `halt`."""

    halt: PaymentState | None = None

    async def commit(self, plan: Plan) -> bool:
        if plan.payment.state is self.halt:
            raise Crash
        return await super().commit(plan)


class Files(FileBiller):
    @hookimpl
    def describe_biller(self) -> Biller:
        return replace(super().describe_biller(), id="files", name="Files")


@dataclass
class Site:
    """One engine with its two companies; another one on the same database is the same bank, started again."""

    faturat: Faturat
    store: HaltingStore
    database: Database
    clock: FakeClock
    company: FakeBiller
    files: Files
    codes: list[str] = field(default_factory=list)

    async def pay(self, key: str, biller: str = "fake", account: str = SAVINGS, halt: S | None = None) -> None:
        """Pay an invoice of its own; `halt` is the state before which the process dies."""
        code = f"C{len(self.codes):03d}"
        self.codes.append(code)
        if biller == "fake":
            self.company.subscribers[code] = "Test Test"
            self.company.invoices[code] = [make_invoice(f"F-{code}")]
        else:
            self.files.offer(f"register-{code}", self.files.register(code, make_invoice(f"F-{code}")))
            await self.swap()
        quote = (await self.faturat.invoices.look_up(CUSTOMER, biller, None, {"code": code})).quotes[0]
        self.store.halt = halt
        try:
            await self.faturat.payments.pay(CUSTOMER, quote.id, account, quote.invoice.total, key)
        except Crash:
            pass
        finally:
            self.store.halt = None

    async def swap(self) -> None:
        self.clock.advance(timedelta(hours=1))
        await self.faturat.exchange.run()

    async def settle(self, days: int) -> None:
        """Let time pass, and the worker run."""
        for _ in range(days * 12):
            while await self.faturat.run_due():
                pass
            self.clock.advance(timedelta(hours=2))

    async def know(self) -> list[Payment]:
        """Both companies as they were when the engine before this one died; returns its payments."""
        for code, keys in CONTRACTS.items():
            self.company.subscribers[code] = "Test Test"
            self.company.invoices[code] = [*map(make_invoice, keys)]
        payments = [payment async for payment, _ in self.store.all_payments()]
        for payment in payments:
            company = self.company if payment.order.biller == "fake" else self.files
            code = payment.order.reference.values["code"]
            self.codes.append(code)
            company.subscribers[code] = "Test Test"
            company.invoices[code] = []
            if payment.state in BOOKED:
                company.booked[payment.id] = (payment.order, Receipt(f"R-{payment.id}", self.clock.now(), 170_740))
            elif company is self.company:
                company.invoices[code] = [make_invoice(f"F-{code}")]
        return payments


@asynccontextmanager
async def open_site(
    url: str, clock: FakeClock, signer: Any = None, bank_url: str = "", like: Site | None = None
) -> AsyncIterator[Site]:
    """`bank_url`: where the bank has a database of its own; `like`: the companies are those of this site."""
    database = await Database.open(url, TABLES)
    bank = ReferenceBank(BankSettings(database_url=bank_url or url))
    company, files = (FakeBiller(), Files()) if like is None else (like.company, like.files)
    store = HaltingStore(database)
    company.clock = files.clock = clock
    plugins = Plugins(
        billers={"fake": loaded("fake", company, BillerSpec), "files": loaded("files", files, BillerSpec)},
        bank=loaded("reference", bank, BankSpec),
        observers=(loaded("listener", Listener(), ObserverSpec),),
    )
    try:
        await bank.open(PluginContext(clock, structlog.get_logger(), aiohttp.ClientSession))
        signing = {} if signer is None else {"signer": signer}  # 0.1.0 knows no checkpoints
        faturat = Faturat(plugins, store, EngineSettings(look_ups_per_hour=1000), clock, **signing)
        yield Site(faturat, store, database, clock, company, files)
        await bank.close()
    finally:
        await database.close()


async def fill(site: Site) -> None:
    """Contracts with invoices and notices, files of both directions, and payments in each state."""
    site.company.script = Script(chain([Fault.NONE, Fault.NONE, Fault.SILENT], repeat(Fault.LOST)))
    await site.pay("reviewed")
    await site.settle(days=2)
    site.company.script = Script()

    for code, (first, _) in CONTRACTS.items():
        site.company.subscribers[code] = "Test Test"
        site.company.invoices[code] = [make_invoice(first)]
        await site.faturat.contracts.register(CUSTOMER, "fake", None, {"code": code}, f"Shtëpia {code}")
    for code, (_, key) in CONTRACTS.items():
        await site.faturat.outbox.deliver()
        site.company.invoices[code].append(make_invoice(key))
        site.clock.advance(timedelta(minutes=20))
        await site.faturat.invoices.sweep()

    await site.pay("paid-by-file", "files")
    await site.swap()
    (row,) = [each for each in await site.faturat.payments.of(CUSTOMER) if each.state is S.PENDING]
    site.files.offer("outcomes-1", Content(outcomes={row.id: site.files.settled(row.order)}))
    await site.swap()
    await site.pay("carried", "files")
    await site.pay("queued", "files")

    await site.pay("paid")
    await site.pay("declined", account=MAIN)
    site.company.reject = Rejection.NOT_ACCEPTED
    await site.pay("failed")
    for left, before in HALTED:
        site.company.reject = Rejection.NOT_ACCEPTED if left in (S.REJECTED, S.RELEASING) else None
        await site.pay(f"left-{left}", halt=before)
    site.company.reject = None
    site.company.script = Script([Fault.NONE, Fault.NONE, Fault.SILENT])
    await site.pay("unknown")
