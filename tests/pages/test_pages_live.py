"""What JavaScript adds, and what stays without it: a payment that is followed, and a warning while one types."""

from datetime import timedelta

import pytest
from fakes.faults import Fault, Script
from fakes.world import World
from operators_kit import unknown_in
from pages_kit import Open, Site
from playwright.async_api import expect

from faturat.payments.several import Chosen

pytestmark = pytest.mark.browser


async def test_a_payment_is_followed_until_it_ends(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    payment = await unknown_in(world)
    visit = await open_page(site)
    page = visit.page
    await visit.log_in()
    await page.clock.install()
    await page.goto(f"/pagesat/{payment.id}")
    await visit.shows("Rezultati nuk dihet ende", "Kontrolluar ende jo", "Rifresko")
    live = page.get_by_role("status")
    assert await live.get_attribute("aria-live") == "polite"
    await page.evaluate("window.loaded = 'once'")

    world.clock.advance(timedelta(minutes=5))
    await world.faturat.run_due()
    await page.clock.run_for(1000)
    await expect(page.get_by_role("heading", name="Pagesa u krye")).to_be_visible()
    await expect(live).to_contain_text("Pagesa u krye")
    await visit.shows("Numri i mandatit", "Mandati")
    assert await page.get_by_role("link", name="Rifresko").count() == 0
    assert await page.evaluate("window.loaded") == "once", "without loading the page again"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.clock.run_for(60_000)
    await page.evaluate("fetch('/health/live')")
    assert asked == [f"{site.url}/health/live"], "it has ended"
    assert visit.complaints == []


async def test_several_payments_are_followed_too(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    quote = await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.SILENT])
    await world.faturat.several.pay("c1", [Chosen(quote, 1_707_40)], "savings", "key")
    visit = await open_page(site)
    page = visit.page
    await visit.log_in()
    await page.clock.install()
    await page.goto(f"/pagesat/bashke?celesi=key&fatura={quote}")
    await visit.shows("U kryen 0 nga 1 pagesat", "Në pritje të konfirmimit")
    await page.evaluate("window.loaded = 'once'")
    world.clock.advance(timedelta(minutes=5))
    await world.faturat.run_due()
    await page.clock.run_for(1000)
    await expect(page.get_by_role("heading", name="Të gjitha pagesat u kryen")).to_be_visible()
    assert await page.evaluate("window.loaded") == "once", "without loading the page again"
    assert await page.locator("[data-again]").count() == 0
    assert visit.complaints == []


async def test_without_javascript_a_payment_is_loaded_again(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    payment = await unknown_in(world)
    visit = await open_page(site, java_script_enabled=False)
    await visit.log_in()
    await visit.page.goto(f"/pagesat/{payment.id}")
    assert await visit.page.locator("meta[http-equiv=refresh]").get_attribute("content") == "15"
    world.clock.advance(timedelta(minutes=5))
    await world.faturat.run_due()
    await visit.click("Rifresko")
    await visit.shows("Pagesa u krye")
    await visit.page.goto("/paguaj/fake")
    await visit.page.locator("input.code").fill("123 456 789")
    warning = visit.page.get_by_text("Duket si numri i faturës.")
    assert not await warning.is_visible()
    await visit.click("Vazhdo")
    await visit.shows("Kompania Fake nuk e njeh këtë numër", "Duket si numri i faturës.")


async def test_another_number_is_warned_of_while_it_is_typed(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, _ = fake_site
    visit = await open_page(site)
    page = visit.page
    await visit.log_in()
    warning = page.get_by_text("Duket si numri i faturës.")
    for path in ("/paguaj/fake", "/faturat/regjistro/fake"):
        await page.goto(path)
        field = page.locator("input.code")
        await field.press_sequentially("123 456 78")
        assert not await warning.is_visible()
        await field.press_sequentially("9")
        assert await warning.is_visible()
        await field.press_sequentially("0")
        assert not await warning.is_visible()
    assert visit.complaints == []
