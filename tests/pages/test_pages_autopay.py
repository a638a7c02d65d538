"""A standing order in the browser: its terms, what they would have done, what it schedules, skipped and stopped."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from pages_kit import WIDTHS, Open, Site

from faturat import Terms
from faturat.clock import company_day
from faturat.payments.later import begins_at
from faturat_server.push.message import path_of

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_a_standing_order_is_set_skipped_and_stopped(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    today = company_day(world.clock.now())
    due = today + 9 * DAY
    world.biller.invoices["AB12"] = [
        make_invoice("F1", 900_00, issued_on=today - 3 * DAY, due_on=due),
        make_invoice("F2", 1000_01, issued_on=today - 2 * DAY, due_on=due),
        make_invoice("F3", 1000_00, issued_on=today - 2 * DAY, due_on=due),
        make_invoice("F4", 600_00, issued_on=today - DAY, due_on=due),
    ]
    visit = await open_page(site, size, java_script_enabled=False)
    await visit.log_in()
    made = await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    page = f"/faturat/kontrata/{made.contract.id}"
    await visit.page.goto(page)
    await visit.screen("autopay-none")
    await visit.click("Vendos urdhër të përhershëm")
    await visit.page.get_by_label("savings").check()
    await visit.page.get_by_label("Kufiri për një faturë").fill("1.000")
    await visit.page.get_by_label("Kufiri për një muaj").fill("900,00")
    await visit.click("Vazhdo")
    await visit.shows("Kufiri i muajit duhet të jetë të paktën sa ai i një fature.")
    await visit.screen("autopay-wrong")
    await visit.page.get_by_label("Kufiri për një muaj").fill("2.000,00")
    await visit.click("Vazhdo")
    paid = f"do të paguhet më {due - 3 * DAY:%d.%m.%Y}"
    await visit.shows(
        "Nga savings", "Kufiri për një faturë 1.000,00 ALL", "Kufiri për një muaj 2.000,00 ALL", "3 ditë para afatit"
    )
    await visit.shows(f"{today - 3 * DAY:%d.%m.%Y} · {paid} 900,00 ALL", "mbi kufirin për një faturë 1.000,01 ALL")
    await visit.shows(f"{paid} 1.000,00 ALL", "mbi kufirin për muajin 600,00 ALL")
    await visit.shows("Këtu nuk njihet asnjë faturë e paguar e 12 muajve të fundit.")
    await visit.screen("autopay-preview")
    await visit.click("Kthehu")
    assert await visit.page.get_by_label("Kufiri për një faturë").input_value() == "1.000", "what was typed is kept"
    await visit.click("Vazhdo")
    assert await world.faturat.autopay.get("c1", made.contract.id) is None
    await visit.click("Konfirmo")
    decided = (
        f"F1 Do të paguhet më {due - 3 * DAY:%d.%m.%Y} 900,00 ALL",
        f"F3 Do të paguhet më {due - 3 * DAY:%d.%m.%Y} 1.000,00 ALL",
        "Nuk paguhen automatikisht",
        "F2 nuk paguhet: mbi kufirin për një faturë 1.000,01 ALL",
        "F4 nuk paguhet: mbi kufirin për muajin 600,00 ALL",
    )
    await visit.shows("Urdhri i përhershëm u vendos.", *decided)
    await world.faturat.autopay.run()
    await visit.page.reload()
    await visit.shows(*decided)
    await visit.screen("autopay-set")
    await visit.page.goto("/njoftimet")
    await visit.shows(f"Shtëpia: fatura F1: 900,00 ALL paguhen automatikisht më {due - 3 * DAY:%d.%m.%Y}.")
    await visit.screen("autopay-notices")
    await visit.click("Kapërce faturën F3")
    assert visit.page.url.endswith("/njoftimet"), "one tap, and the list says so"
    await visit.shows(f"më {due - 3 * DAY:%d.%m.%Y}. Deri atëherë mund ta kapërceni. 22.11.2026 10:00 E kapërcyer")
    skip = visit.page.get_by_role("button", name="Kapërce")
    assert await skip.count() == 1, "what was skipped cannot be skipped again"
    await visit.screen("autopay-skipped")
    await visit.page.goto(page)
    assert await visit.page.get_by_role("link", name="Kapërce").count() == 1
    await visit.shows(
        f"F4 Do të paguhet më {due - 3 * DAY:%d.%m.%Y} 600,00 ALL",
        "F3 nuk paguhet: pagesa e saj u kapërcye, ose dështoi më parë",
    )
    balance = world.bank.balances.pop(("c1", "savings"))
    world.clock.advance(timedelta(minutes=31))
    await world.faturat.autopay.run()
    await visit.page.goto("/njoftimet")
    await visit.shows("Shtëpia: fatura F4, 600,00 ALL", "llogaria e urdhrit të përhershëm nuk është më.")
    await visit.click("Urdhri i përhershëm nuk e paguan faturën nga Fake")
    await visit.shows(
        "Llogaria nuk gjendet. Zgjidhni një nga llogaritë tuaja.", "asnjë faturë nuk paguhet automatikisht."
    )
    await visit.screen("autopay-account-gone")
    world.bank.balances["c1", "savings"] = balance
    await visit.click("Ndrysho")
    assert await visit.page.get_by_label("Kufiri për një muaj").input_value() == "2.000,00"
    await visit.page.goto(page)
    await visit.click("Ndal")
    await visit.shows("Urdhri i përhershëm u ndal.", "Vendos urdhër të përhershëm")
    states = [(each.state, each.reason) for each in await world.faturat.payments.of("c1")]
    assert sorted(states) == [("cancelled", "autopay_stopped"), ("cancelled", "cancelled")]


async def test_a_payment_to_come_is_skipped_from_its_own_page_until_it_begins(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    """A pushed notice leads to that page."""
    site, world = fake_site
    due = company_day(world.clock.now()) + 9 * DAY
    world.biller.invoices["AB12"] = [make_invoice("F1", 100_00, due_on=due), make_invoice("F2", 200_00, due_on=due)]
    visit = await open_page(site, (320, 640), java_script_enabled=False)
    await visit.log_in()
    contract = (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")).contract.id
    terms = Terms(account="savings", most_per_invoice=200_00, most_per_month=900_00, days_before=3)
    await world.faturat.autopay.set("c1", contract, terms)
    await world.faturat.autopay.run()
    paths = {each.facts.number: path_of(each) for each in await world.faturat.notices("c1")}
    await visit.page.goto(paths["F1"])
    await visit.shows("Kapërceni këtë pagesë", "Përfituesi Fake", "Numri i faturës F1")
    assert await visit.page.locator("main button").count() == 1
    await visit.screen("autopay-skip")
    await visit.click("Kapërce")
    await visit.shows("Pagesa u anulua", "kapërcyer nga ju", "Urdhër i përhershëm")
    world.clock.advance(begins_at(due - 3 * DAY) - world.clock.now())
    await world.faturat.run_due()
    await visit.log_in()
    await visit.page.goto(paths["F2"])
    await visit.shows("Pagesa u krye")
    await visit.page.goto("/njoftimet")
    await visit.shows("fatura F2: 200,00 ALL paguhen automatikisht", "E paguar", "E kapërcyer")
    assert await visit.page.get_by_role("button", name="Kapërce").count() == 0, "nothing is left to skip"
