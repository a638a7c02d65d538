"""The pages on a real socket, and real browsers that look at them."""

import asyncio
import re
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fakes.world import World
from playwright.async_api import Browser, Page, async_playwright

from faturat import Faturat, PluginChoice
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

SCREENS = Path(__file__).parents[2] / "build" / "screens"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


@dataclass
class Site:
    """A running server; `company` is the simulator behind it, where there is one."""

    url: str
    faturat: Faturat
    company: Simulator | None = None


@dataclass
class Visit:
    """One browser's window on the site, with what its console complained of."""

    page: Page
    size: str
    complaints: list[str] = field(default_factory=list)

    async def log_in(self) -> None:
        await self.page.goto("/hyr")
        await self.page.locator("#emri").fill("demo")
        await self.page.locator("#fjalekalimi").fill("faturat-demo")
        await self.page.locator("main button").click()
        await self.page.wait_for_url("**/faturat")

    async def menu(self, name: str) -> None:
        await self.page.get_by_role("navigation", name="Menuja kryesore").get_by_role("link", name=name).click()

    async def click(self, name: str) -> None:
        """Click the one link or button of this name in the main part."""
        words = re.compile(f"^{re.escape(name)}$", re.IGNORECASE)
        main = self.page.get_by_role("main")
        found = main.get_by_role("link", name=words).or_(main.get_by_role("button", name=words))
        await found.filter(visible=True).click()

    async def register(self, company: str, code: str, name: str) -> None:
        """Register a contract, up to the page that says so or what is wrong."""
        await self.page.goto("/faturat/regjistro")
        await self.page.get_by_label(company).check()
        await self.click("Vazhdo")
        await self.page.locator("input.code").fill(code)
        await self.page.get_by_label("Emri").fill(name)
        await self.click("Vazhdo")

    async def look_up(self, company: str, code: str) -> None:
        """Ask a company for a reference, up to what it answers or what is wrong."""
        await self.page.goto("/faturat")
        await self.click(f"Paguaj {company}")
        await self.page.locator("input.code").fill(code)
        await self.click("Vazhdo")

    async def shows(self, *texts: str) -> None:
        """The main part shows these texts, word for word; how large the letters are is the style's matter."""
        shown = " ".join((await self.page.locator("main").inner_text()).split()).casefold()
        for text in texts:
            assert text.casefold() in shown, f"{text!r} is not in: {shown}"

    async def screen(self, name: str) -> None:
        """Keep a picture, and hold that nothing stands out of the window."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SCREENS / f"{name}-{self.size}.png", full_page=True)
        assert await self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


Open = Callable[..., Awaitable[Visit]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        await browser.close()


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """The demo's customer, accounts and companies on a database of this test alone."""
    await run_migrations(database_url)
    company = Simulator(tmp_path)
    company.demo_seed()
    choice = PluginChoice(billers={"oshee": await company.start()}, bank={"reference": {"database_url": database_url}})
    settings = _settings(database_url, plugins=choice)
    async with open_host(settings, TABLES, APPS) as host:
        await seed_demo()
        async with _serving(host, settings) as url:
            yield Site(url, host.faturat, company)
    await company.stop()


@pytest.fixture
async def fake_site(database_url: str) -> AsyncIterator[tuple[Site, World]]:
    """The pages on a fake company with two kinds of reference; its faults and invoices are the test's to set."""
    await run_migrations(database_url)
    database = await Database.open(database_url, TABLES)
    world = World()
    settings = _settings(database_url)
    async with _serving(Host(world.faturat, database), settings, customer="c1") as url:
        yield Site(url, world.faturat), world
    await database.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[Open]:
    """Opens a window on a site; `size` is of SIZES, or (width, height)."""
    async with AsyncExitStack() as opened:

        async def open_one(site: Site, size: str | tuple[int, int] = "phone", **options: Any) -> Visit:
            width, height = SIZES[size] if isinstance(size, str) else size
            context = await browser.new_context(
                base_url=site.url, viewport={"width": width, "height": height}, locale="sq-AL", **options
            )
            opened.push_async_callback(context.close)
            context.set_default_timeout(5000)
            visit = Visit(await context.new_page(), size if isinstance(size, str) else str(width))
            visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
            visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
            return visit

        yield open_one


def _settings(database_url: str, plugins: PluginChoice | None = None) -> ServerSettings:
    web = WebSettings(port=_free_port(), secure_cookies=False)
    return ServerSettings(database_url=database_url, plugins=plugins or PluginChoice(), web=web)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def _serving(host: Host, settings: ServerSettings, customer: str = "demo") -> AsyncIterator[str]:
    """Serve a host with the user demo / faturat-demo."""
    await Access(host.database, SystemClock(), settings).add_user("demo", "faturat-demo", customer, "sq")
    server = web_server(create_app(host, settings), settings.web.host, settings.web.port)
    serving = asyncio.create_task(server.serve())
    await _listening(settings.web.port)
    yield f"http://127.0.0.1:{settings.web.port}"
    server.stop()
    await serving


async def _listening(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
