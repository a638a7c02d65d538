"""Every installed company, whatever it is, through API and pages: several contracts, their invoices, a payment.

No company is named here: what the tests know of each is its own form and its simulator's magic references.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from pages_kit import Open, Site, Visit, free_port, listening

from faturat import Biller, EngineSettings, PluginChoice, Reference, parse_decimal, verify
from faturat.clock import SystemClock
from faturat.host import open_host
from faturat.plugins.simulators import installed_simulators
from faturat.testing.cases import Case
from faturat.testing.company import Company
from faturat.work import work
from faturat_server.access.service import Access
from faturat_server.app import create_app
from faturat_server.bank.seed import open_account, seed_demo
from faturat_server.commands.migrate import run_migrations
from faturat_server.schema import APPS, TABLES
from faturat_server.serving import web_server
from faturat_server.settings import ServerSettings, WebSettings

COMPANIES = sorted(installed_simulators())
ENDS = ("paid", "failed", "declined", "cancelled", "expired", "under_review")
PATIENCE = 60
_keys = count(1)


@dataclass(kw_only=True)
class Town(Site):
    """A server with every company, its worker, and a session of the demo's customer with its API."""

    companies: dict[str, Company]
    api: aiohttp.ClientSession

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Idempotency-Key": f"key {next(_keys)}"} if path == "/payments" else {}
        async with self.api.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers) as reply:
            return reply.status, await reply.json()

    async def register(self, biller: str, reference: Reference, name: str) -> tuple[int, Any]:
        """Register a contract, once the company can be asked: one that works by files sends its register first."""
        body = {"biller": biller, "reference": {"kind": reference.kind, **reference.values}, "name": name}
        async with asyncio.timeout(PATIENCE):
            while True:
                status, said = await self.ask("POST", "/contracts", body)
                if status != 503:
                    return status, said
                await asyncio.sleep(0.1)

    async def open_invoices(self, contract: str) -> list[dict[str, Any]]:
        _, said = await self.ask("GET", f"/contracts/{contract}/invoices?states=open&limit=100")
        items: list[dict[str, Any]] = said["items"]
        return items

    async def ended(self, payment: str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                _, said = await self.ask("GET", f"/payments/{payment}")
                if said["state"] in ENDS:
                    ended: dict[str, Any] = said
                    return ended
                await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
async def town(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("CREATE DATABASE town")
    url = postgres_url.replace("/postgres?", "/town?")
    await run_migrations(url)
    folder = tmp_path_factory.mktemp("town")
    async with AsyncExitStack() as open_now:
        companies, billers = await _start(folder, open_now)
        choice = PluginChoice(billers=billers, bank={"reference": {"database_url": url}})
        web = WebSettings(port=free_port(), secure_cookies=False)
        often = EngineSettings(look_ups_per_hour=10_000)  # whoever waits for a register asks again and again
        settings = ServerSettings(database_url=url, plugins=choice, engine=often, web=web)
        host = await open_now.enter_async_context(open_host(settings, TABLES, APPS))
        await seed_demo()
        await open_account("other-1", "other", "Llogaria kryesore", 100_000_00)
        access = Access(host.database, SystemClock(), settings)
        await access.add_user("api", "faturat-demo", "demo", "sq")
        await access.add_user("demo", "faturat-demo", "other", "sq")
        token, _ = await access.log_in("api", "faturat-demo", "127.0.0.1", "token")
        server, stop = web_server(create_app(host, settings), web), asyncio.Event()
        running = asyncio.gather(server.serve(), work(host.faturat, stop))
        api = aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"})
        await listening(web.port)
        yield Town(f"http://127.0.0.1:{web.port}", host.faturat, companies=companies, api=api)
        await api.close()
        server.stop()
        stop.set()
        await running
    await connection.execute("DROP DATABASE town WITH (FORCE)")
    await connection.close()


async def _start(folder: Path, open_now: AsyncExitStack) -> tuple[dict[str, Company], dict[str, dict[str, Any]]]:
    companies, billers = {}, {}
    for name, kind in installed_simulators().items():
        company = kind(folder / name)
        assert isinstance(company, Company)
        company.demo_seed()
        billers[name] = await company.start()
        open_now.push_async_callback(company.stop)
        companies[name] = company
    return companies, billers


@pytest.mark.parametrize("biller", COMPANIES)
async def test_through_the_api(town: Town, biller: str) -> None:
    company = town.companies[biller]
    one, many = company.case_reference(Case.ONE), company.case_reference(Case.MANY)
    status, first = await town.register(biller, one, "Shtëpia")
    assert status == 201, first
    status, second = await town.register(biller, many, "Zyra")
    assert status == 201, second
    status, again = await town.register(biller, one, "Vila")
    assert (status, again["type"]) == (409, "/problems/already_registered")
    status, unknown = await town.register(biller, company.case_reference(Case.UNKNOWN), "Askush")
    assert (status, unknown["type"]) == (422, "/problems/unknown_reference")

    [invoice] = await town.open_invoices(first["id"])
    assert len(await town.open_invoices(second["id"])) == 12
    payable = invoice["payable"]
    amount = payable["maximum"] if payable["kind"] == "range" else payable["choices"][0]["amount"]
    body = {"invoice": invoice["id"], "account": "demo-2", "amount": amount, "total": invoice["total"]}
    status, payment = await town.ask("POST", "/payments", body)
    assert status == 201, payment
    again, _ = await town.ask("POST", "/payments", body)
    assert again == 409, "while it is under way, and when it is paid"
    assert (await town.ended(payment["id"]))["state"] == "paid"
    _, receipt = await town.ask("GET", f"/payments/{payment['id']}/receipt")
    assert receipt["amount"] == amount
    assert await town.open_invoices(first["id"]) == []
    [booking] = [each for each in company.books.bookings() if each.order_id == payment["id"]]
    assert booking.amount == parse_decimal(amount)
    assert (await verify(town.faturat)).faults == ()


@pytest.mark.browser
@pytest.mark.parametrize("biller", COMPANIES)
async def test_through_the_pages(town: Town, open_page: Open, biller: str) -> None:
    company = town.companies[biller]
    many = company.case_reference(Case.MANY)
    visit = await open_page(town)
    await visit.log_in()
    await _warned_of_other_numbers(visit, town.faturat.billers[biller])
    await _register(visit, town.faturat.billers[biller].name, many)
    await visit.page.goto(f"/faturat/kompania/{biller}")
    await visit.screen(f"company-{biller}")
    first = visit.page.get_by_role("link", name="Paguaj faturën").first
    number = (await first.get_attribute("aria-label") or "").removeprefix("Paguaj faturën ")
    await first.click()
    await visit.screen(f"invoice-{biller}")
    await visit.shows(number, "Llogaria kryesore")
    await visit.click("Paguaj")
    await visit.page.get_by_text("Përfituesi").wait_for()
    await visit.click("Paguaj")
    await visit.page.wait_for_url("**/pagesat/pay_*")
    payment = visit.page.url.rsplit("/", 1)[1]
    async with asyncio.timeout(PATIENCE):
        while (await town.faturat.payments.get("other", payment)).state not in ENDS:
            await asyncio.sleep(0.1)
    await visit.page.reload()
    await visit.shows("Pagesa u krye", number)
    assert visit.complaints == []


async def _warned_of_other_numbers(visit: Visit, biller: Biller) -> None:
    """Where a number of nothing but ones looks like another one: while it is typed, and again when it was sent."""
    kind = next((each for each in biller.reference_kinds if each.registrable), None)
    others = [(field, other) for field in kind.fields for other in field.look_alikes] if kind is not None else []
    for field, other in others:
        number = next((ones for n in range(1, 25) if re.fullmatch(other.pattern, ones := "1" * n)), None)
        if number is None:
            continue
        await visit.page.goto(f"/faturat/regjistro/{biller.id}")
        warning = visit.page.get_by_text(other.warning.sq)
        assert not await warning.is_visible()
        await visit.page.locator(f"#f-{field.id}").fill(number)
        assert await warning.is_visible()
        await visit.click("Vazhdo")
        assert await warning.is_visible()
        assert await visit.page.locator("[aria-invalid]").count()
    visit.complaints.clear()  # the console complains of a form that was refused


async def _register(visit: Visit, company: str, reference: Reference) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            await visit.page.goto("/faturat/regjistro")
            await visit.page.get_by_label(company).check()
            await visit.click("Vazhdo")
            for field, value in reference.values.items():
                await visit.page.locator(f"#f-{field}").fill(value)
            await visit.page.get_by_label("Emri").fill("Zyra")
            async with visit.page.expect_navigation():
                await visit.click("Vazhdo")
            if await visit.page.get_by_text("Regjistrimi është krijuar").count():
                return
