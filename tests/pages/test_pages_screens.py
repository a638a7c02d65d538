"""Every page at every width: nothing stands out of the window, and a picture is kept in build/screens."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.faults import Fault, Script
from fakes.world import World
from pages_kit import WIDTHS, Open, Site, Visit

from faturat import InvoiceLine, PayChoice, PayChoices, PayRange, Text
from faturat.invoices.types import Invoice

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_the_pages_of_a_customer(site: Site, open_page: Open, size: str | tuple[int, int]) -> None:
    visit = await open_page(site, size)
    await visit.page.goto("/hyr")
    await visit.screen("login")
    await visit.log_in()
    await visit.screen("bills-none")
    for name, path in [("menu", "/pagesa"), ("choose", "/faturat/regjistro"), ("look-up", "/paguaj/oshee")]:
        await visit.page.goto(path)
        await visit.screen(name)
    await visit.register("OSHEE", "TR0.A0000000000000", "Apartamenti i prindërve në Rrugën e Kavajës, kati i tretë")
    await visit.screen("registered")
    await visit.page.goto("/faturat")
    await visit.screen("bills")
    if await visit.page.locator("summary").is_visible():
        await visit.page.locator("summary").click()
        await visit.screen("bills-plus")
    await visit.page.goto("/faturat/kompania/oshee")
    await visit.screen("company")
    await visit.page.locator("a", has_text="Shiko detajet").click()
    await visit.screen("contract")
    await visit.click("Hiq kontratën")
    await visit.screen("remove")
    await visit.page.goto("/faturat/kompania/oshee")
    await visit.click("Paguaj faturën 000000001")
    await visit.screen("invoice")
    await visit.page.get_by_label("Llogaria kryesore").check()
    await visit.click("Paguaj")
    await visit.screen("confirm")
    await visit.click("Paguaj")
    await visit.screen("declined")
    await visit.click("Kthehu te fatura")
    await visit.page.get_by_label("Llogaria e kursimeve").check()
    await visit.click("Paguaj")
    await visit.click("Paguaj")
    await visit.screen("paid")
    await visit.click("Mandati")
    await visit.screen("receipt")
    for name, path in [
        ("unpaid", "/faturat/papaguara"),
        ("spending", "/shpenzimet"),
        ("history", "/pagesat"),
        ("notices-none", "/njoftimet"),
        ("not-found", "/faturat/fatura/inv_0"),
        ("add-to-screen", "/ekrani"),
        ("copy", "/faturat/kopja"),
        ("no-connection", "/pa-lidhje"),
    ]:
        await visit.page.goto(path)
        await visit.screen(name)


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_the_pages_of_rarer_cases(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    world.biller.invoices["AB12"] = _invoices()
    visit = await open_page(site, size)
    await visit.log_in()
    await _wrong_input(visit)
    await visit.page.goto("/paguaj/fake")
    await visit.screen("look-up-kinds")
    await visit.look_up("Fake", "AB12")
    await visit.screen("found")
    await visit.click("Paguaj faturën SHUMEGJATENUMERFATURE-2026-0000000001")
    await visit.screen("invoice-with-choices")
    await visit.look_up("Fake", "AB12")
    await visit.click("Paguaj faturën F2")
    await visit.screen("invoice-with-range")
    world.biller.script = Script([Fault.NONE, Fault.SILENT])
    await visit.page.get_by_label("savings").check()
    await visit.click("Paguaj")
    await visit.click("Paguaj")
    await visit.screen("unknown")
    world.biller.script = Script([Fault.LOST] * 500)
    world.clock.advance(timedelta(days=2))
    await world.faturat.run_due()
    await visit.log_in()
    await visit.menu("Historiku")
    await visit.page.locator("main a").first.click()
    await visit.screen("under-review")
    world.biller.script = Script()
    await visit.register("Fake", "AB12", "Zyra")
    world.biller.invoices["AB12"].append(make_invoice("F3"))
    world.clock.advance(timedelta(hours=1))
    await world.faturat.run_due()
    await visit.page.goto("/njoftimet")
    await visit.screen("notices")


async def _wrong_input(visit: Visit) -> None:
    await visit.page.goto("/faturat/regjistro/fake")
    await visit.page.locator("#f-code").fill("123456789")
    await visit.page.locator("#name").fill("Zyra")
    await visit.click("Vazhdo")
    await visit.screen("wrong-input")


def _invoices() -> list[Invoice]:
    """One with lines, penalty, discount and a choice of amounts; one that takes any amount."""
    choices = PayChoices(
        (
            PayChoice(1_234_567_89, Text("Detyrimi dhe kamata", "Principal and late penalty")),
            PayChoice(1_200_000_00, Text("Vetëm detyrimi", "Principal only")),
        )
    )
    lines = (InvoiceLine("Uji i pijshëm", 1_000_000_00), InvoiceLine("Tarifa e pastrimit dhe gjelbërimit", 200_000_00))
    large = make_invoice(
        "SHUMEGJATENUMERFATURE-2026-0000000001",
        1_234_567_89,
        amount=1_200_000_00,
        penalty=40_000_00,
        discount=5_432_11,
        payable=choices,
        lines=lines,
    )
    return [large, make_invoice("F2", payable=PayRange(100_00, 1707_40))]
