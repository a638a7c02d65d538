"""Faturat as an app: what a device keeps, what it shows without a connection, and for whom."""

import asyncio
import json
import struct
from datetime import timedelta

import pytest
from pages_kit import FLOWS, Open, Site, Visit

pytestmark = pytest.mark.browser

GUIDE = "TR0.A0000000000000"
KEPT = """async () => {
    const kept = [];
    for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys()) kept.push(new URL(url).pathname);
    return kept.sort();
}"""
FILES = ["/pa-lidhje", "/static/app.js", "/static/faturat.css", "/static/icon.svg"]
COPY = "/faturat/kopja"


async def kept(visit: Visit, *paths: str) -> None:
    """Until the device keeps these paths beside the files, and no other."""
    async with asyncio.timeout(5):
        while await visit.page.evaluate(KEPT) != sorted([*paths, *FILES]):
            await asyncio.sleep(0.02)


async def copied(visit: Visit) -> None:
    """Until this page, or one before it since something was sent, has made the copy."""
    async with asyncio.timeout(5):
        while await visit.page.evaluate("sessionStorage.getItem('copied')") is None:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("size", FLOWS)
async def test_the_copy_is_gone_for_whoever_comes_next(site: Site, open_page: Open, size: str) -> None:
    visit = await open_page(site, size, service_workers="allow")
    page = visit.page
    await visit.log_in()
    await kept(visit, COPY)
    await page.route("**/dil", lambda route: route.abort())
    async with page.expect_event("requestfailed"):
        await page.get_by_role("button", name="Dil").click()
    await page.unroute("**/dil")
    await page.context.set_offline(True)
    await page.goto("/faturat")
    await visit.shows("Faturat cannot be reached now.")
    await page.context.set_offline(False)
    await page.goto("/faturat")
    await kept(visit, COPY)
    await page.get_by_role("button", name="Dil").click()
    await kept(visit)
    await page.context.set_offline(True)
    await page.goto("/faturat")
    await visit.shows("Pa lidhje", "Nëse sapo paguat, mos paguani përsëri", "do not pay again")
    assert await page.locator("form, button, input").count() == 0
    await visit.screen("no-connection")
    await page.context.set_offline(False)

    site.clock.ahead = -timedelta(hours=13)
    await visit.log_in()
    await kept(visit, COPY)
    await page.context.set_offline(True)
    await page.goto("/faturat")
    await visit.shows("Faturat cannot be reached now.")
    await kept(visit)
    await page.context.set_offline(False)

    await page.goto("/faturat")
    await kept(visit, COPY)
    site.clock.ahead = timedelta()
    await page.goto("/faturat")
    assert "/hyr" in page.url, "the session is over"
    await kept(visit)
    await visit.log_in()
    await kept(visit, COPY)
    other = await page.context.new_page()
    await other.goto("/faturat")
    await page.context.clear_cookies(name="faturat_session")
    await Visit(other, size).log_in("operator")
    await kept(visit)
    assert visit.complaints == [each for each in visit.complaints if "ERR_INTERNET_DISCONNECTED" in each]


@pytest.mark.parametrize("size", FLOWS)
async def test_the_app_can_be_installed(site: Site, open_page: Open, size: str) -> None:
    visit = await open_page(site, size)
    page = visit.page
    await page.goto("/hyr")
    for language, name in (("sq", "Faturat e mia"), ("en", "My bills")):
        address = await page.locator("link[rel=manifest]").get_attribute("href") or ""
        answer = await page.request.get(address)
        manifest = json.loads(await answer.text())
        assert answer.headers["content-type"] == "application/manifest+json"
        assert (manifest["name"], manifest["lang"]) == (name, language)
        assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/faturat", "/", "standalone")
        await page.get_by_role("button", name="English").or_(page.get_by_role("button", name="Shqip")).click()
    apple = await page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    wanted = [(each["src"], each["sizes"]) for each in manifest["icons"] if each["sizes"] != "any"]
    assert {each["purpose"] for each in manifest["icons"]} == {"any", "maskable"}
    for src, sizes in [*wanted, (apple, "180x180")]:
        answer = await page.request.get(src)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        width, height = struct.unpack(">II", (await answer.body())[16:24])
        assert f"{width}x{height}" == sizes
    answer = await page.request.get("/static/faturat.css?v=another")
    assert answer.headers["cache-control"] == "no-cache", "of another content than the page's"
    session = await page.context.new_cdp_session(page)
    said = await session.send("Page.getAppManifest")
    assert said["errors"] == []
    await visit.log_in()
    await visit.menu("Pagesa")
    await visit.click("Si ta shtoni në ekranin bazë")
    await visit.shows("iPhone", "Safari", "Android", "Chrome")
    await visit.screen("add-to-screen")


@pytest.mark.parametrize("size", FLOWS)
async def test_without_a_connection_the_bills_are_read_and_nothing_is_sent(
    site: Site, open_page: Open, size: str
) -> None:
    visit = await open_page(site, size, service_workers="allow")
    page = visit.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(COPY) else None)
    await visit.log_in()
    await copied(visit)
    await visit.register("OSHEE", GUIDE, "Shtëpia")
    await copied(visit)
    await visit.click("OK")
    await page.goto("/faturat/kompania/oshee")
    assert len(asked) == 2, "once, and again after something was sent"
    await kept(visit, COPY)
    await page.goto("/faturat/kompania/oshee")
    await visit.click("Paguaj faturën 000000001")
    await page.get_by_label("Llogaria e kursimeve").check()
    await visit.click("Paguaj")

    await page.context.set_offline(True)
    await visit.click("Paguaj")
    await visit.shows("Konfirmoni pagesën", "Nuk ka lidhje. Asgjë nuk u dërgua")
    for path in ("/faturat", "/pagesat", "/faturat/kompania/oshee"):
        await page.goto(path)
        await visit.shows("Pa lidhje, gjendja e orës", "Shtëpia", "OSHEE", "000000001", "1.707,40 ALL")
        await visit.shows("Nëse sapo paguat, mos paguani përsëri")
        assert await page.locator("form, button, input, a[href*='/fatura/']").count() == 0, "nothing to send"
        assert GUIDE not in await page.content()
    await visit.screen("offline")
    assert await site.faturat.payments.of("demo") == []

    await page.context.set_offline(False)
    async with page.expect_navigation():
        await visit.click("Provo përsëri")
    await visit.click("Paguaj faturën 000000001")
    await page.get_by_label("Llogaria e kursimeve").check()
    await visit.click("Paguaj")
    await visit.click("Paguaj")
    await visit.click("Mandati")
    await page.goto("/pagesat")
    await kept(visit, COPY)
