"""A window on the pages, and what a visitor does there."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Error, Page

from faturat import Faturat
from faturat_oshee.simulator import Simulator

SCREENS = Path(__file__).parents[2] / "build" / "screens"
SMALL_TARGETS = """() => {
    const sentence = /\\p{L}[.:!?](\\s|$)/u;
    const inText = (link) => link.matches("p > a:not(.button)") && sentence.test(link.parentElement.textContent);
    const touched = (each) => (each.closest(".way") ?? each).getBoundingClientRect();
    const targets = [...document.querySelectorAll(
        "a[href], .button, button, summary, .choice, .pick, .field input, .field select, .field textarea")]
        .filter((each) => each.checkVisibility() && !inText(each) && !each.matches(".skip"));
    const small = ({ width, height }) => height < 43.9 || width < 43.9;
    const within = (one, other, from, to) => Math.min(one[to], other[to]) - Math.max(one[from], other[from]) > 1;
    const over = (one, other) => within(one, other, "left", "right") && within(one, other, "top", "bottom");
    const stuck = (each) => each.closest(".chosen");
    const covers = (each, at) => !stuck(each) && targets.slice(at + 1).some((other) =>
        !stuck(other) && !each.contains(other) && over(touched(each), touched(other)));
    return targets.filter((each, at) => small(touched(each)) || covers(each, at)).map((each) => each.outerHTML);
}"""
"""What is touched and is too small for a finger, or lies over another: 44 pixels, but for links within a sentence."""
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
WIDTHS = [(320, 640), *(pytest.param(size, marks=pytest.mark.soak) for size in ("phone", "desktop"))]
"""Of pages that are only looked at: the narrowest shows first what does not fit; the others are seen in make soak."""

FLOWS = ["phone", pytest.param("desktop", marks=pytest.mark.soak)]
"""Of what a visitor does from page to page: in make soak at a desk too."""


@dataclass
class AheadClock:
    """The real time, and as much later as a test says."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Site:
    """A running server; `company` is the simulator behind it, where there is one."""

    url: str
    faturat: Faturat
    company: Simulator | None = None
    clock: AheadClock = field(default_factory=AheadClock)
    """The server's clock; not that of a World, which has its own."""


@dataclass
class Visit:
    """One browser's window on the site, with what its console complained of."""

    page: Page
    size: str
    complaints: list[str] = field(default_factory=list)

    async def log_in(self, username: str = "demo") -> None:
        """Log in as the customer `demo`, or as `operator`."""
        await self.page.goto("/hyr")
        await self.page.locator("#emri").fill(username)
        await self.page.locator("#fjalekalimi").fill("faturat-demo")
        await self.page.locator("main button").click()
        await self.page.wait_for_url("**/operatori" if username == "operator" else "**/faturat")

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
        await self.choose(company)
        await self.page.locator("input.code").fill(code)
        await self.page.get_by_label("Emri").fill(name)
        await self.click("Vazhdo")

    async def choose(self, company: str) -> None:
        """The company of a registration: on a phone it leads on itself."""
        if self.page.viewport_size is not None and self.page.viewport_size["width"] > SIZES["phone"][0]:
            await self.page.get_by_label(company).check()
            await self.click("Vazhdo")
        else:
            await self.page.get_by_role("main").get_by_role("link", name=company).click()

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
        """Keep a picture; nothing may stand out of the window, and what is touched must be 44 pixels wide and high."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        picture = SCREENS / f"{name}-{self.size}.png"
        try:
            await self.page.screenshot(path=picture, full_page=True)
        except Error:  # now and then Chromium says that it is unable to, and is able to at once after
            await self.page.screenshot(path=picture, full_page=True)
        assert await self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert await self.page.evaluate(SMALL_TARGETS) == [], name


Open = Callable[..., Awaitable[Visit]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def listening(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
