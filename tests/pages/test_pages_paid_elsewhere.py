"""What a customer reads of an invoice that is no longer to be paid, on a phone, in both languages."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from pages_kit import Open, Site, Visit

pytestmark = pytest.mark.browser

CODE = {"code": "AB12"}


async def later(world: World, by: timedelta = timedelta(minutes=16)) -> None:
    world.clock.advance(by)
    while await world.faturat.run_due():
        pass


async def english(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="English").click()


async def test_an_invoice_that_was_paid_elsewhere_stays_in_sight(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    world.biller.invoices["AB12"] = [make_invoice("F1"), make_invoice("F2", 500), make_invoice("F3", 700)]
    await world.faturat.contracts.register("c1", "fake", None, CODE, "Shtëpia")
    world.biller.invoices["AB12"] = [
        make_invoice("F2", 450, paid_by_order="another-channel-1"),
        make_invoice("F3", 700),
    ]
    await later(world)
    visit = await open_page(site, "phone")
    await visit.log_in()
    await visit.page.goto("/faturat/kompania/fake")
    await visit.shows(
        "Faturat e papaguara F3",
        "Nuk kërkohen më për pagesë",
        "F1 Nuk kërkohet më",
        "Kompania Fake nuk e kërkon më këtë faturë; ndoshta është paguar gjetkë. E mësuam më 22.11.2026.",
        "F2 E paguar gjetkë",
        "Kompania Fake thotë se kjo faturë është paguar gjetkë. E mësuam më 22.11.2026.",
    )
    await visit.screen("company-gone")
    await visit.page.get_by_role("link", name="F1").click()
    await visit.shows("Kompania Fake nuk e kërkon më këtë faturë; ndoshta është paguar gjetkë.")
    await visit.screen("invoice-gone")
    await english(visit)
    await visit.shows(
        "Fake no longer asks for this invoice; perhaps it was paid elsewhere. We learnt it on 22.11.2026."
    )
    await visit.page.goto("/faturat/kompania/fake")
    await visit.shows("No longer to be paid", "Fake says that this invoice was paid elsewhere.")
    await visit.screen("company-gone-english")
    await later(world, timedelta(days=31))
    await visit.log_in()
    await visit.page.goto("/faturat/kompania/fake")
    assert "No longer to be paid" not in await visit.page.locator("main").inner_text()
    await visit.click("See details of Shtëpia")
    await visit.shows("F1 No longer asked for", "F2 Paid elsewhere")
    await visit.screen("contract-gone")
    assert visit.complaints == []


async def test_a_paid_invoice_that_is_listed_with_another_total(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    await world.faturat.contracts.register("c1", "fake", None, CODE, "Shtëpia")
    (row,) = await world.faturat.invoices.of("c1")
    await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k1")
    visit = await open_page(site, "phone")
    await visit.log_in()
    await visit.page.goto(f"/faturat/fatura/{row.id}")
    await visit.shows("Kjo faturë është e paguar. Shiko pagesat")
    world.biller.invoices["AB12"] = [make_invoice(total=180_740)]
    await later(world)
    await visit.page.goto(f"/faturat/fatura/{row.id}")
    await visit.shows(
        "Kjo faturë është e paguar. Më 22.11.2026 kompania Fake e kishte ende në listë, me totalin 1.807,40 ALL.",
        "Këtu nuk paguhet më; nëse mendoni se keni ende për të paguar, pyesni kompaninë.",
    )
    await visit.screen("invoice-listed-again")
    await english(visit)
    await visit.shows(
        "This invoice is paid. On 22.11.2026 Fake still had it in its list, with a total of 1,807.40 ALL."
    )
    assert visit.complaints == []
