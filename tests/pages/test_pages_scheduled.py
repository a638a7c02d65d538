"""Lists say what is planned: no invoice is offered to be paid, alone or with others, whose payment is scheduled."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from pages_kit import Open, Site

from faturat import PaymentState, verify
from faturat.clock import company_day

pytestmark = pytest.mark.browser
S = PaymentState
LEFT = "all => all.map((each) => each.getBoundingClientRect().left)"


async def test_what_is_scheduled_is_marked_in_every_list_and_left_out_of_several(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    on = company_day(world.clock.now()) + timedelta(days=2)
    due = on + timedelta(days=3)
    world.biller.invoices["AB12"] = [make_invoice(f"F{number}", number * 100_00, due_on=due) for number in (1, 2, 3)]
    visit = await open_page(site, "phone", java_script_enabled=False)
    await visit.log_in()
    contract = (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")).contract
    rows = {row.invoice.number: row for row in await world.faturat.invoices.of("c1")}

    async def schedule(number: str) -> str:
        row, key = rows[number], f"later {number}"
        total = row.invoice.total
        return (await world.faturat.payments.schedule("c1", row.id, "savings", total, key, on, total)).id

    payment = await schedule("F1")
    planned = f"Do të paguhet më {on:%d.%m.%Y}"
    lists = ["/faturat", "/faturat/papaguara", "/faturat/kompania/fake", f"/faturat/kontrata/{contract.id}"]
    for number, address in enumerate(lists):
        await visit.page.goto(address)
        await visit.shows(planned)
        see = visit.page.get_by_role("link", name="Shiko pagesën e faturës F1")
        assert await see.get_attribute("href") == f"/pagesat/{payment}"
        assert await visit.page.get_by_role("link", name="Paguaj faturën F1").count() == 0
        assert await visit.page.get_by_role("link", name="Paguaj faturën F2").count() == 1
        await visit.screen(f"scheduled-in-list-{number}")
    await visit.page.goto("/faturat/papaguara")
    assert await visit.page.get_by_label("Zgjidh faturën F1").count() == 0
    await visit.page.goto("/faturat/kopja")
    await visit.shows("3 fatura të papaguara · 600,00 ALL", f"Fake · Shtëpia {planned} F1")
    for width, shown in ((320, ".owed > div"), (1280, ".mark")):
        await visit.page.set_viewport_size({"width": width, "height": 640})
        await visit.page.goto("/faturat/papaguara")
        firsts = await visit.page.locator(f".lines {shown}").evaluate_all(LEFT)
        assert len(firsts) == 3
        assert len(set(firsts)) == 1, "what cannot be chosen stands as far in as what can"
        amounts = await visit.page.locator(".lines .amount").evaluate_all(LEFT)
        assert width != 320 or len(set(amounts)) == 1
        assert await visit.page.locator(".lines .mark:visible").count() == (0 if width == 320 else 3)
    chosen = "&".join(f"fatura={row.id}" for row in rows.values())
    await visit.page.goto(f"/faturat/zgjedhura?{chosen}")
    await visit.shows("2 fatura", "Totali 500,00 ALL", f"F1 {planned}", "Pagesa e saj është planifikuar. Anulojeni")
    await visit.screen("several-one-scheduled")
    await schedule("F3")  # meanwhile
    await visit.page.get_by_label("savings").check()
    await visit.click("Paguaj 500,00 ALL")
    await visit.shows("U krye 1 nga 2 pagesat", "F3 E pafilluar", planned, "Iu la asaj pagese dhe këtu nuk filloi.")
    await visit.screen("several-scheduled-meanwhile")
    states = {each.order.invoice_key: each.state for each in await world.faturat.payments.of("c1")}
    assert states == {"F1": S.SCHEDULED, "F2": S.PAID, "F3": S.SCHEDULED}
    assert (await verify(world.faturat)).faults == ()
