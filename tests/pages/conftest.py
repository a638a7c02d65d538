"""The pages on a real socket, and real browsers that look at them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from fakes.world import World
from pages_kit import SIZES, AheadClock, Open, Site, Visit, free_port, listening
from playwright.async_api import Browser
from town import Town, open_town

from faturat import PluginChoice
from faturat.clock import SystemClock
from faturat.host import Host, open_host
from faturat.store.postgres import Database
from faturat_oshee.simulator import Simulator
from faturat_server.access.service import Access
from faturat_server.app import create_app
from faturat_server.bank.seed import seed_demo
from faturat_server.commands.migrate import run_migrations
from faturat_server.schema import APPS, TABLES
from faturat_server.serving import web_server
from faturat_server.settings import ServerSettings, WebSettings

MAIL = {"host": "mail.bank.example", "sender": "notices@bank.example"}
SMS = {"gateway": "smseagles://token@sms.bank.example"}
TELEGRAM = {"bot": "bank_bills_bot", "token": "123456:token", "secret": "a-secret-of-20-letters"}
"""Offered, and written to by no test here."""


@pytest.fixture
async def site(server_database_url: str, quick_passwords: None, tmp_path: Path) -> AsyncIterator[Site]:
    """The demo's customer, accounts and companies on a database of this test alone."""
    company = Simulator(tmp_path)
    company.demo_seed()
    choice = PluginChoice(
        billers={"oshee": await company.start()},
        bank={"reference": {"database_url": server_database_url}},
        observers={
            "channels": {
                "local_webhooks": True,
                "ntfy": ["ntfy.bank.example"],
                "mail": MAIL,
                "sms": SMS,
                "telegram": TELEGRAM,
            }
        },
    )
    settings = _settings(server_database_url, plugins=choice)
    clock = AheadClock()
    async with open_host(settings, TABLES, APPS, clock) as host:
        await seed_demo()
        async with _serving(host, settings) as url:
            yield Site(url, host.faturat, company, clock)
    await company.stop()


@pytest.fixture
async def fake_site(
    server_database_url: str, quick_passwords: None, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Site, World]]:
    """The pages on a fake company with two kinds of reference; its faults and invoices are the test's to set.

    A test may give another way to make the world as its parameter.
    """
    database = await Database.open(server_database_url, TABLES)
    world: World = getattr(request, "param", World)()
    settings = _settings(server_database_url)
    async with _serving(Host(world.faturat, database), settings, customer="c1") as url:
        yield Site(url, world.faturat), world
    await database.close()


@pytest.fixture(scope="module")
async def town(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Every installed company, on a database that the tests of one file share."""
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("CREATE DATABASE town")
    url = postgres_url.replace("/postgres?", "/town?")
    await run_migrations(url)
    async with open_town(url, tmp_path_factory.mktemp("town")) as town:
        yield town
    await connection.execute("DROP DATABASE town WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[Open]:
    """Opens a window on a site; `size` is of SIZES, or (width, height)."""
    async with AsyncExitStack() as opened:

        async def open_one(site: Site, size: str | tuple[int, int] = "phone", **options: Any) -> Visit:
            width, height = SIZES[size] if isinstance(size, str) else size
            usual = {"locale": "sq-AL", "service_workers": "block"}  # a worker costs each window some requests
            context = await browser.new_context(
                base_url=site.url, viewport={"width": width, "height": height}, **(usual | options)
            )
            opened.push_async_callback(context.close)
            context.set_default_timeout(5000)
            visit = Visit(await context.new_page(), size if isinstance(size, str) else str(width))
            visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
            visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
            return visit

        yield open_one


def _settings(database_url: str, plugins: PluginChoice | None = None) -> ServerSettings:
    port = free_port()
    web = WebSettings(port=port, secure_cookies=False, public_url=f"http://127.0.0.1:{port}")
    return ServerSettings(database_url=database_url, plugins=plugins or PluginChoice(), web=web)


@asynccontextmanager
async def _serving(host: Host, settings: ServerSettings, customer: str = "demo") -> AsyncIterator[str]:
    """Serve a host with the users demo and operator, both with the password faturat-demo."""
    access = Access(host.database, SystemClock(), settings)
    await access.add_user("demo", "faturat-demo", customer, "sq")
    await access.add_operator("operator", "faturat-demo", "sq")
    server = web_server(create_app(host, settings), settings.web)
    serving = asyncio.create_task(server.serve())
    await listening(settings.web.port)
    yield f"http://127.0.0.1:{settings.web.port}"
    server.stop()
    await serving
