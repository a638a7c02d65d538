"""What is to pay, over all companies: its order and sums, how it is searched, and the pages that show it."""

from datetime import date, timedelta

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from pages_kit import Open, Site

from faturat import Category, InvoiceState, KnownInvoice, Reference
from faturat.clock import company_day
from faturat_server.pages.owed import Due, OwedInvoice, Sum, owed_invoices, owed_sums

TODAY = date(2026, 11, 22)


def known(number: str, due: int | None = None, **changes: object) -> KnownInvoice:
    """An invoice to pay that is due in some days."""
    due_on = None if due is None else TODAY + timedelta(days=due)
    state = changes.pop("state", InvoiceState.OPEN)
    return KnownInvoice(
        id=f"inv_{number}",
        customer="c1",
        biller="fake",
        reference=Reference("contract", {"code": "AB12"}),
        contract=None,
        invoice=make_invoice(number, due_on=due_on, **changes),
        state=state,
        version=1,
        read_at=World().clock.now(),
    )


def test_what_is_due_first_comes_first_and_what_has_no_day_last() -> None:
    rows = [
        known("undated-new"),
        known("later", 30),
        known("undated-old", issued_on=date(2017, 1, 1)),
        known("today", 0),
        known("overdue", -1),
        known("week", 7),
        known("paying", -9, state=InvoiceState.PAYING),
    ]
    owed = owed_invoices(World().faturat, [], rows, TODAY)
    assert [each.known.invoice.number for each in owed] == [
        "overdue",
        "today",
        "week",
        "later",
        "undated-old",
        "undated-new",
    ]
    assert [each.due for each in owed] == [Due.OVERDUE, Due.SOON, Due.SOON, None, None, None]


def test_each_currency_has_its_own_sums() -> None:
    rows = [known("1", -1, total=100), known("2", 8, total=20), known("3", 3, total=5, currency="EUR")]
    [lek, euro] = owed_sums(owed_invoices(World().faturat, [], rows, TODAY))
    assert (lek.currency, lek.total, lek.soon, lek.overdue) == ("ALL", Sum(120, 2), Sum(0, 0), Sum(100, 1))
    assert (euro.currency, euro.total, euro.soon, euro.overdue) == ("EUR", Sum(5, 1), Sum(5, 1), Sum(0, 0))
    assert owed_sums([]) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("shtepia", True),
        ("SHTËPIA", True),
        ("f-12", True),
        ("ujesjelles shtep", True),
        ("çelësi", True),
        ("shtepia zyra", False),
        ("13", False),
    ],
)
def test_a_search_knows_neither_case_nor_marks_on_letters(words: str, found: bool) -> None:
    owed = OwedInvoice(known("F-12"), "Ujësjellës", Category.WATER, "Shtëpia, Celesi", None)
    assert owed.matches(words) is found


@pytest.mark.browser
async def test_the_first_page_says_what_to_pay_and_leads_to_all_of_it(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    today = company_day(world.clock.now())
    days = {"F-LATE": -3, "F-TODAY": 0, "F-WEEK": 7, "F-MONTH": 30, "F-YEAR": 300, "F-NONE": None}
    world.biller.invoices["AB12"] = [
        make_invoice(number, 100_00, due_on=None if due is None else today + timedelta(days=due))
        for number, due in reversed(days.items())
    ]
    visit = await open_page(site, java_script_enabled=False)
    await visit.log_in()
    assert await visit.page.locator(".sums").count() == 0, "nothing is registered"
    await visit.register("Fake", "AB12", "Shtëpia <b>")
    await visit.page.goto("/faturat")
    await visit.shows(
        "Totali 600,00 ALL 6 fatura", "Brenda 7 ditësh 200,00 ALL 2 fatura", "Me vonesë 100,00 ALL 1 faturë"
    )
    assert await visit.page.locator(".owed .code").all_inner_texts() == [*days][:5]
    await visit.screen("bills-owed")
    await visit.click("Shiko të gjitha, paguaj bashkë")
    await visit.shows("shënojini më sipër")
    assert await visit.page.locator(".owed .code").all_inner_texts() == [*days]
    await visit.shows("6 fatura të papaguara · 600,00 ALL", "Fake · Shtëpia <b> Me vonesë", "Afati sot", "pas 7 ditësh")
    await visit.screen("unpaid")
    await visit.page.get_by_label("Kërko").fill("shtepia f-")
    await visit.page.get_by_label("Kompania").select_option("Fake")
    await visit.page.get_by_label("Afati").select_option("Brenda 7 ditësh")
    await visit.click("Shfaq")
    assert await visit.page.locator(".owed .code").all_inner_texts() == ["F-TODAY", "F-WEEK"]
    assert await visit.page.get_by_label("Kërko").input_value() == "shtepia f-"
    await visit.page.get_by_label("Kërko").fill("zyra")
    await visit.click("Shfaq")
    await visit.shows("Asnjë faturë e papaguar nuk është e tillë.")
    assert visit.complaints == []
    reply = await visit.page.goto("/faturat/papaguara?kompania=nobody")
    assert reply is not None
    assert reply.status == 422
    await visit.shows("“nobody” nuk është në listë.")
    await visit.page.goto("/faturat")
    await visit.page.get_by_role("link", name="Me vonesë").click()
    await visit.click("Paguaj faturën F-LATE")
    await visit.shows("F-LATE", "savings")
