"""Removing a contract in the browser: what ends with it is said before and after, and what comes back comes back."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from pages_kit import WIDTHS, Open, Site

from faturat import PaymentState, Terms, verify
from faturat.clock import company_day

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
TERMS = Terms(account="savings", most_per_invoice=300_00, most_per_month=900_00, days_before=3)


async def registered(world: World, numbers: int) -> str:
    """The id of a contract with so many invoices, of 100 ALL, 200 ALL and so on."""
    due = company_day(world.clock.now()) + 9 * DAY
    world.biller.invoices["AB12"] = [make_invoice(f"F{n}", n * 100_00, due_on=due) for n in range(1, numbers + 1)]
    return (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")).contract.id


async def plan(world: World, number: str) -> None:
    """The customer plans an invoice's payment."""
    [row] = [row for row in await world.faturat.invoices.of("c1") if row.invoice.number == number]
    now, total = world.clock.now(), row.invoice.total
    on, key = company_day(now) + 2 * DAY, f"{row.id} {now}"
    await world.faturat.payments.schedule("c1", row.id, "savings", total, key, on, total)


async def planned(world: World) -> set[tuple[str, bool]]:
    """The invoices whose payment is planned, and whether by the standing order."""
    rows = await world.faturat.payments.of("c1")
    return {(row.order.invoice_key, row.autopay is not None) for row in rows if row.state is PaymentState.SCHEDULED}


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_what_ends_with_a_contract_is_said_and_what_comes_back_is_true(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    contract = await registered(world, 5)
    await plan(world, "F4")
    await plan(world, "F5")
    await world.faturat.autopay.set("c1", contract, TERMS)
    await world.faturat.autopay.run()
    assert await planned(world) == {("F1", True), ("F2", True), ("F3", True), ("F4", False), ("F5", False)}
    visit = await open_page(site, size, java_script_enabled=False)
    await visit.log_in()
    await visit.page.goto(f"/faturat/kontrata/{contract}")
    await visit.click("Hiq kontratën")
    ends = "urdhri i përhershëm 3 pagesa të planifikuara nga urdhri i përhershëm 2 pagesa që i keni planifikuar vetë"
    comes_back = (
        "Bashkë me të kthehet edhe urdhri i përhershëm, i cili i planifikon përsëri pagesat e veta. "
        "Ato që keni planifikuar vetë nuk kthehen: ato fatura i paguan urdhri i përhershëm, brenda kufijve të tij, ose "
        "i planifikoni përsëri ju."
    )
    await visit.shows(f"Bashkë me kontratën mbarojnë: {ends} Mund ta ktheni brenda 15 minutash. {comes_back}")
    await visit.screen("remove-with-order")
    await visit.click("Hiq")
    await visit.shows(
        "“Shtëpia” (Fake) u hoq.", f"Bashkë me kontratën mbaruan: {ends}", f"mund ta ktheni. {comes_back}"
    )
    await visit.screen("removed-with-order")
    assert await planned(world) == set()
    world.clock.advance(timedelta(minutes=14))
    await visit.page.reload()
    await visit.click("Zhbëj")
    world.clock.advance(timedelta(minutes=31))
    await world.faturat.autopay.run()
    assert await planned(world) == {("F1", True), ("F2", True), ("F3", True)}, "as it was said"
    assert (await verify(world.faturat)).faults == ()
    await plan(world, "F4")
    await visit.page.goto(f"/faturat/kontrata/{contract}/hiq")
    await visit.click("Hiq")
    await visit.shows("1 pagesë që e keni planifikuar vetë", "Ato që keni planifikuar vetë nuk kthehen")


async def test_what_was_removed_is_taken_back_from_the_first_page_for_a_while(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    contract = await registered(world, 2)
    await plan(world, "F1")
    visit = await open_page(site, (320, 640), java_script_enabled=False)
    await visit.log_in()
    undo = visit.page.get_by_role("button", name="Zhbëj heqjen: Shtëpia")
    assert await undo.count() == 0
    await visit.page.goto(f"/faturat/kontrata/{contract}/hiq")
    await visit.click("Hiq")
    await visit.click("OK")
    await visit.shows("“Shtëpia” (Fake) u hoq. Deri më 22.11.2026 10:15 mund ta ktheni.")
    await visit.shows("Pagesa që e keni planifikuar vetë nuk kthehet", "Nuk keni regjistruar ende asnjë kontratë.")
    await visit.screen("removed-lately")
    world.clock.advance(timedelta(minutes=15))
    await visit.page.reload()
    await undo.click()
    await visit.shows("Shtëpia", "F1", "Kontrolluar së fundi")
    await visit.page.goto("/faturat")
    assert await undo.count() == 0

    await world.faturat.contracts.remove("c1", contract)
    world.clock.advance(timedelta(minutes=15, seconds=1))
    await visit.page.reload()
    await visit.shows("Nuk keni regjistruar ende asnjë kontratë.")
    assert await undo.count() == 0, "it is too late"

    again = await registered(world, 1)
    await world.faturat.contracts.remove("c1", again)
    await registered(world, 1)
    await visit.page.reload()
    assert await undo.count() == 0, "it is registered again"

    twice = [each.id for each in await world.faturat.contracts.of("c1")]
    await world.faturat.contracts.remove("c1", twice[0])
    await visit.page.reload()
    await visit.shows("“Shtëpia” (Fake) u hoq.")
    assert await undo.count() == 1, "of one that was removed twice, the last"


async def test_nothing_is_said_to_end_where_nothing_does(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    contract = await registered(world, 1)
    visit = await open_page(site, java_script_enabled=False)
    await visit.log_in()
    await visit.page.goto(f"/faturat/kontrata/{contract}/hiq")
    await visit.shows("Mund ta ktheni brenda 15 minutash.")
    assert await visit.page.locator(".points").count() == 0
    await visit.click("Hiq")
    await visit.shows("mund ta ktheni.")
    assert await visit.page.locator(".points").count() == 0
    assert await visit.page.get_by_text("planifik").count() == 0
