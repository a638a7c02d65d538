"""An account that has less than is to be paid: said before the customer tries, who may try all the same."""

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from pages_kit import WIDTHS, Open, Site

from faturat import PayRange

pytestmark = pytest.mark.browser
ON_THE_CONFIRMATION = "Gjendja e llogarisë është më e vogël se shuma. Mund ta provoni gjithsesi"


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_too_little_money_is_said_before_the_customer_tries(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    world.biller.invoices["AB12"] = [
        make_invoice("F1", 18_14),
        make_invoice("F2", 18_13),
        make_invoice("F3", 300_000_00, payable=PayRange(1_00, 300_000_00)),
    ]
    visit = await open_page(site, size, java_script_enabled=False)
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    ids = {each.invoice.number: each.id for each in await world.faturat.invoices.of("c1")}
    await visit.log_in()
    short = visit.page.locator(".choice .warning")
    await visit.page.goto(f"/faturat/fatura/{ids['F1']}")
    await visit.shows("Nga: main Gjendja e disponueshme: 18,13 ALL Nuk mjafton për 18,14 ALL")
    assert await short.count() == 1, "the other one has enough"
    await visit.screen("too-little-card")
    await visit.page.get_by_label("main").check()
    await visit.click("Paguaj")
    await visit.shows(ON_THE_CONFIRMATION)
    await visit.screen("too-little-confirm")
    await visit.click("Paguaj")
    await visit.shows("Pagesa nuk u krye", "gjendja e disponueshme është 18,13 ALL")

    await visit.page.goto(f"/faturat/fatura/{ids['F2']}")
    assert await short.count() == 0, "it is just enough"
    await visit.page.get_by_label("main").check()
    await visit.click("Paguaj")
    await visit.shows("Konfirmoni pagesën", "18,13 ALL")
    assert await visit.page.locator("form .alert").count() == 0

    await visit.page.goto(f"/faturat/fatura/{ids['F3']}")
    assert await short.all_inner_texts() == ["Nuk mjafton për 300.000,00 ALL"] * 2
    await visit.page.get_by_label("Shuma për t'u paguar").fill("0,50")
    await visit.click("Paguaj")
    assert await short.count() == 0, "as much as was typed is there"
    await visit.page.get_by_role("button", name="English").click()
    await visit.page.goto(f"/faturat/fatura/{ids['F1']}/konfirmo?llogaria=main&shuma=18.14")
    await visit.shows("The account's balance is below the amount. You may try all the same")
