"""A server with every installed company behind it, whatever they are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from pages_kit import Site, free_port, listening

from faturat import EngineSettings, PluginChoice, Reference
from faturat.clock import SystemClock
from faturat.host import open_host
from faturat.plugins.simulators import installed_simulators
from faturat.testing.company import Company
from faturat.work import work
from faturat_server.access.service import Access
from faturat_server.app import create_app
from faturat_server.bank.seed import open_account, seed_demo
from faturat_server.schema import APPS, TABLES
from faturat_server.serving import web_server
from faturat_server.settings import ServerSettings, WebSettings

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


@asynccontextmanager
async def open_town(url: str, folder: Path) -> AsyncIterator[Town]:
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
