"""A herd of real processes on one database, with every installed company: the commands `serve` and `worker`."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from importlib.metadata import entry_points
from itertools import cycle
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from fakes.forked import PROCESSES
from fakes.preloaded import run_logged

from faturat import EngineSettings, PluginChoice, Reference, to_decimal
from faturat.billers import Biller, Capabilities
from faturat.clock import SystemClock
from faturat.host import Host, open_host
from faturat.plugins.loading import load_plugins
from faturat.plugins.simulators import installed_simulators
from faturat.settings import write_settings
from faturat.store.postgres import Database
from faturat.testing.books import CompanyContract, IssuedInvoice
from faturat.testing.company import Company
from faturat_server.access.service import Access
from faturat_server.bank.seed import open_account
from faturat_server.schema import APPS, TABLES
from faturat_server.settings import ServerSettings, WebSettings

PATIENCE = 60
COMPANIES = sorted(installed_simulators())
CUSTOMERS = 4
RICH = 100_000_000_00
INVOICES = 10
"""Of one contract."""
FIRST = 500
"""The running number of the first contract and invoice: far from those of the magic references."""
PATIENT = EngineSettings(look_ups_per_hour=100_000), {"exchange_every": 1, "settles_later": 3600}
"""The engine's settings, and those of the plugins that have them."""
IMPATIENT = (
    EngineSettings(bank_call=2, biller_call=2.5, look_up_call=5, margin=1, sweep_every=5, look_ups_per_hour=100_000),
    PATIENT[1] | {"timeout": 2.0, "not_found_final_after": 3},
)


@dataclass(frozen=True)
class Bill:
    """An invoice to pay, and who pays it."""

    customer: str
    token: str
    invoice: str
    biller: str
    key: str
    amount: int

    @property
    def account(self) -> str:
        return f"{self.customer}-1"

    @property
    def body(self) -> dict[str, str]:
        return {"invoice": self.invoice, "account": self.account, "amount": to_decimal(self.amount)}


class Member:
    """One process of the herd, by the command that an installation runs."""

    def __init__(self, name: str, herd: "Herd", *command: str, port: int = 0) -> None:
        self.name = name
        self.port = port
        self._command = command
        self._herd = herd

    async def start(self, target: Callable[..., None] = run_logged, *more: Any) -> None:
        """Run `target` in a new process; `more` are arguments of it beside those of run_logged."""
        command = (*self._command, "--config", str(self._herd.file))
        environment = {"FATURAT_WEB__PORT": str(self.port)} if self.port else {}
        self.process = PROCESSES.Process(target=target, args=(command, environment, self.log, *more))
        # a thread, for the first start imports everything
        await asyncio.to_thread(self.process.start)

    async def ready(self) -> None:
        """Until the port answers; of a worker nobody hears, and nobody waits."""
        async with asyncio.timeout(PATIENCE):
            while self.port:
                assert self.process.is_alive(), self.log.read_text()
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    return

    async def kill(self) -> None:
        self.process.kill()
        await self.ended()

    async def ended(self) -> int | None:
        """The exit code, once there is one."""
        await asyncio.to_thread(self.process.join, PATIENCE)
        return self.process.exitcode

    @property
    def log(self) -> Path:
        return self._herd.folder / f"{self.name}.log"


@dataclass
class Herd:
    folder: Path
    settings: ServerSettings
    companies: dict[str, Company]
    bills: list[Bill]
    webs: list[Member] = field(default_factory=list)
    workers: list[Member] = field(default_factory=list)

    @cached_property
    def capabilities(self) -> dict[str, Capabilities]:
        return {name: each.biller.capabilities for name, each in load_plugins(self.settings.plugins).billers.items()}

    def can_be_asked(self, biller: str) -> bool:
        """Whether it can be learnt of a company that it never saw an order."""
        able = self.capabilities[biller]
        return able.status_inquiry or able.idempotent_pay or able.exchange_every is not None

    @property
    def members(self) -> list[Member]:
        return [*self.webs, *self.workers]

    @property
    def file(self) -> Path:
        return self.folder / "faturat.toml"

    @property
    def addresses(self) -> list[str]:
        return [f"http://127.0.0.1:{web.port}/api/v1/payments" for web in self.webs]


async def verified(herd: Herd) -> None:
    verify = Member("verify", herd, "verify")
    await verify.start()
    assert await verify.ended() == 0, verify.log.read_text()


async def until_all_is_known(herd: Herd, database: asyncpg.Connection) -> None:
    """Until nothing is due but the questions about what never reached a company that cannot say so."""
    async with asyncio.timeout(2 * PATIENCE):
        while any(
            herd.can_be_asked(row["biller"]) or herd.companies[row["biller"]].books.booking(row["id"])
            for row in await database.fetch("SELECT id, biller FROM payment WHERE due_at IS NOT NULL")
        ):
            await asyncio.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def herd_of(
    database_url: str,
    folder: Path,
    *,
    webs: int,
    workers: int,
    bills: int,
    times: tuple[EngineSettings, dict[str, float]] = IMPATIENT,
) -> AsyncIterator[Herd]:
    """So many processes, started and answering, and so many invoices to pay: INVOICES of one company, then the next."""
    async with AsyncExitStack() as open_now:
        companies, billers = await _start_companies(folder, open_now, times[1])
        choice = PluginChoice(billers=billers, bank={"reference": {"database_url": database_url}})
        web = WebSettings(secure_cookies=False)
        settings = ServerSettings(database_url=database_url, database_pool=4, plugins=choice, engine=times[0], web=web)
        database = await Database.open(database_url)
        await database.migrate(APPS)
        await database.close()
        async with open_host(settings, TABLES, APPS) as host:
            seeded = await _seed(host, settings, companies, bills)
        herd = Herd(folder, settings, companies, seeded)
        write_settings(herd.file, msgspec.to_builtins(settings))
        herd.webs = [Member(f"web{n}", herd, "serve", "--no-worker", port=free_port()) for n in range(webs)]
        herd.workers = [Member(f"worker{n}", herd, "worker") for n in range(workers)]
        for member in herd.members:
            await member.start()
            open_now.push_async_callback(member.kill)
        await asyncio.gather(*(member.ready() for member in herd.members))
        yield herd


async def _start_companies(
    folder: Path, open_now: AsyncExitStack, times: dict[str, float]
) -> tuple[dict[str, Company], dict[str, dict[str, Any]]]:
    companies, billers = {}, {}
    for name, kind in installed_simulators().items():
        company = kind(folder / name)
        assert isinstance(company, Company)
        company.books.durable = False
        [point] = entry_points(group="faturat.billers", name=name)
        known = point.load().Settings.__struct_fields__
        billers[name] = await company.start() | {each: times[each] for each in times if each in known}
        open_now.push_async_callback(company.stop)
        companies[name] = company
    return companies, billers


async def _seed(host: Host, settings: ServerSettings, companies: dict[str, Company], bills: int) -> list[Bill]:
    """Contracts of some invoices each, registered, and customers with money."""
    access, seeded = Access(host.database, SystemClock(), settings), []
    contracts = -(-bills // INVOICES)
    customers = {f"customer{number}": "" for number in range(min(CUSTOMERS, contracts))}
    for customer in customers:
        await open_account(f"{customer}-1", customer, "Llogaria kryesore", RICH)
        await access.add_user(customer, "faturat-demo", customer, "sq")
        customers[customer], _ = await access.log_in(customer, "faturat-demo", "127.0.0.1", "token")
    registered = []
    for number, customer in zip(range(contracts), cycle(customers), strict=False):
        biller = COMPANIES[number % len(COMPANIES)]
        reference = _reference(host.faturat.billers[biller], FIRST + number)
        _issue(companies[biller], reference, FIRST + number * INVOICES)
        registered.append((customer, biller, reference))
    for company in companies.values():
        await company.close_day()
    await host.faturat.run_due()  # the registers of those that swap files
    for number, (customer, biller, reference) in enumerate(registered):
        made = await host.faturat.contracts.register(
            customer, biller, reference.kind, reference.values, f"Kontrata {number}"
        )
        for row in await host.faturat.invoices.of(customer, contract=made.contract.id):
            key = f"key {len(seeded)}"
            seeded.append(Bill(customer, customers[customer], row.id, biller, key, row.invoice.total))
    return seeded[:bills]


def _reference(biller: Biller, number: int) -> Reference:
    """The number in place of the last digits of each field's example."""
    kind = next(kind for kind in biller.reference_kinds if kind.registrable)
    last = re.compile(r"[0-9]+(?=[^0-9]*$)")
    return Reference(
        kind.id,
        {each.id: last.sub(lambda digits: f"{number:0{len(digits[0])}d}", each.example) for each in kind.fields},
    )


def _issue(company: Company, reference: Reference, first: int) -> None:
    contract, today = company.contract_of(reference), company.clock.now().date()
    with company.books.batch():
        company.books.add_contract(CompanyContract(contract, "Test Test"))
        for running in range(first, first + INVOICES):
            company.books.add_invoice(
                IssuedInvoice(
                    key=company.number(running),
                    contract=contract,
                    number=company.number(running),
                    issued_on=today - timedelta(days=10),
                    due_on=today + timedelta(days=10),
                    amount=1000_00 + running,
                )
            )
