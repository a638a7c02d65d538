"""Paying later in the browser: a day is chosen, confirmed, cancelled, and paid when it comes; without a script."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from pages_kit import WIDTHS, Open, Site

from faturat import verify
from faturat.clock import company_day
from faturat.payments.later import begins_at

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_an_invoice_is_paid_on_the_day_that_was_chosen(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    today = company_day(world.clock.now())
    on, due = today + 5 * DAY, today + 9 * DAY
    world.biller.invoices["AB12"] = [make_invoice("F1", due_on=due)]
    visit = await open_page(site, size, java_script_enabled=False)
    await visit.log_in()
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    (row,) = await world.faturat.invoices.of("c1")
    card = f"/faturat/fatura/{row.id}"
    await visit.page.goto(card)
    await visit.page.get_by_label("savings").check()
    await visit.screen("later-card")
    await visit.click("Paguaj më vonë")
    day = visit.page.get_by_label("Dita e pagesës")
    assert await day.input_value() == due.isoformat(), "the last day that is in time"
    await visit.screen("later-day")
    wrong = f"{visit.page.url}&dita={due + DAY}"
    await visit.page.goto(wrong)
    await visit.shows(f"Zgjidhni një ditë nga {today + DAY:%d.%m.%Y} deri më {due:%d.%m.%Y}.")
    await visit.screen("later-wrong-day")
    await day.fill(on.isoformat())
    await visit.click("Vazhdo")
    await visit.shows(f"Do të paguhet më {on:%d.%m.%Y}", "Përfituesi Fake", "Nga savings", "1.707,40 ALL")
    await visit.screen("later-confirm")
    confirmation = visit.page.url
    await visit.click("Konfirmo")
    await visit.shows(f"Do të paguhet më {on:%d.%m.%Y}", "Atë mëngjes kompania Fake pyetet edhe një herë")
    await visit.screen("later-scheduled")
    await visit.page.goto("/pagesat")
    await visit.shows("Pagesat e planifikuara", f"Do të paguhet më {on:%d.%m.%Y}")
    await visit.screen("later-payments")
    await visit.page.goto(confirmation)
    await visit.shows(f"1.707,40 ALL do të paguhen më {on:%d.%m.%Y}.")
    assert await visit.page.get_by_role("button", name="Paguaj").count() == 0, "never two payments of one invoice"
    await visit.screen("later-card-scheduled")
    await visit.click("Anulo pagesën")
    await visit.shows("Pagesën e anuluat ju. Nuk është lëvizur asnjë para.")
    # again, to its day
    await visit.page.goto(confirmation)
    await visit.click("Konfirmo")
    world.clock.advance(begins_at(on) - world.clock.now())
    await world.faturat.run_due()
    payment = visit.page.url
    await visit.log_in()
    await visit.page.goto(payment)
    await visit.shows("Pagesa u krye")
    assert (await verify(world.faturat)).faults == ()


async def test_an_invoice_whose_last_day_has_come_says_why_it_is_not_paid_later(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    today = company_day(world.clock.now())
    days = {"F1": today - DAY, "F2": today, "F3": today + DAY}
    world.biller.invoices["AB12"] = [make_invoice(number, due_on=due) for number, due in days.items()]
    visit = await open_page(site, java_script_enabled=False)
    await visit.log_in()
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    said = {"F1": "Afati ka kaluar, prandaj paguhet vetëm tani.", "F2": "Afati është sot, prandaj paguhet vetëm tani."}
    for row in await world.faturat.invoices.of("c1"):
        await visit.page.goto(f"/faturat/fatura/{row.id}")
        await visit.shows(said.get(row.invoice.number, "Paguaj më vonë"))
        assert await visit.page.get_by_text("vetëm tani").count() == (row.invoice.number in said)
        await visit.screen(f"later-or-now-{row.invoice.number}")
