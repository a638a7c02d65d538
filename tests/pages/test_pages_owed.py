"""What is to pay, over all companies: its order and sums, how it is searched, and the pages that show it."""

from datetime import date, timedelta

import pytest
from every_state import States, world_of_states
from fakes.biller import make_invoice
from fakes.world import World
from pages_kit import Open, Site

from faturat import Category, InvoiceState, KnownInvoice, Language, PayRange, Reference
from faturat.clock import company_day
from faturat_server.pages.facts import UnderWay, under_way
from faturat_server.pages.owed import Due, OwedInvoice, Sum, in_order, owed_sums

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
    owed = [each for each in in_order(World().faturat, [], rows, {}, TODAY) if each.is_owed]
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
    [lek, euro] = owed_sums(in_order(World().faturat, [], rows, {}, TODAY))
    assert (lek.currency, lek.total, lek.soon, lek.overdue) == ("ALL", Sum(120, 2), Sum(0, 0), Sum(100, 1))
    assert (euro.currency, euro.total, euro.soon, euro.overdue) == ("EUR", Sum(5, 1), Sum(5, 1), Sum(0, 0))
    assert owed_sums([]) == []


@pytest.mark.parametrize(
    ("words", "language", "found"),
    [
        ("", "sq", True),
        ("shtepia", "sq", True),
        ("SHTËPIA", "sq", True),
        ("f-12", "sq", True),
        ("ujesjelles shtep", "sq", True),
        ("çelësi", "sq", True),
        ("shtepia zyra", "sq", False),
        ("13", "sq", False),
        ("ab12", "sq", True),
        ("1707", "sq", True),
        ("1.707,40", "sq", True),
        ("1707,40 all", "sq", True),
        ("1707.40", "sq", True),
        ("1,707.40", "en", True),
        ("1.707,40", "en", False),
    ],
)
def test_a_search_knows_neither_case_nor_marks_on_letters_and_finds_references_and_amounts(
    words: str, language: Language, found: bool
) -> None:
    owed = OwedInvoice(known("F-12"), "Ujësjellës", Category.WATER, "Shtëpia, Celesi", None)
    assert owed.matches(words, language) is found


async def test_what_a_payment_under_way_does_not_cover_is_owed_still() -> None:
    world = World(biller=States())
    world.biller.takes_it_later = True
    world.biller.invoices["AB12"] = [
        make_invoice("part", 2000_00, payable=PayRange(1_00, 2000_00)),
        make_invoice("whole", 300_00),
        make_invoice("open", 40_00),
    ]
    contract = (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")).contract
    ids = {row.invoice.number: row.id for row in await world.faturat.invoices.of("c1")}
    # of another row of the same invoice, as it is paid without its contract
    quotes = (await world.faturat.invoices.look_up("c1", "fake", None, {"code": "AB12"})).quotes
    quote = next(row.id for row in quotes if row.invoice.number == "part")
    payment = await world.faturat.payments.pay("c1", quote, "savings", 100_00, "part")
    await world.faturat.payments.pay("c1", ids["whole"], "savings", 300_00, "whole")
    rows = await world.faturat.invoices.of("c1")
    paying = await under_way(world.faturat, "c1", rows)
    owed = [each for each in in_order(world.faturat, [contract], rows, paying, TODAY) if each.is_owed]
    assert paying[ids["part"]] == UnderWay(payment.id, 100_00, 1900_00)
    found = [each.known.invoice.number for each in owed if each.matches("2000,00 shtëpia", "sq")]
    assert found == ["part"], "by the total that stands on its paper too"
    assert {each.known.invoice.number: each.amount for each in owed} == {"part": 1900_00, "open": 40_00}
    assert [each.total for each in owed_sums(owed)] == [Sum(1940_00, 2)]
    assert await under_way(world.faturat, "c2", rows) == {}, "what somebody else pays is theirs to know"


@pytest.mark.browser
@pytest.mark.parametrize("fake_site", [world_of_states], indirect=True)
async def test_every_list_says_what_is_owed_beside_a_part_that_is_being_paid(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    assert isinstance(world.biller, States)
    world.biller.takes_it_later = True
    due = company_day(world.clock.now()) - timedelta(days=3)
    partly = make_invoice("F-PART", 2000_00, payable=PayRange(1_00, 2000_00), due_on=due)
    world.biller.invoices["AB12"] = [partly, make_invoice("F-2", 40_00), make_invoice("F-3", 50_00)]
    contract = (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")).contract
    row = next(each for each in await world.faturat.invoices.of("c1") if each.invoice.number == "F-PART")
    payment = await world.faturat.payments.pay("c1", row.id, "savings", 100_00, "part")
    visit = await open_page(site, (320, 640))
    await visit.log_in()
    await visit.shows("Totali 1.990,00 ALL 3 fatura", "Me vonesë 1.900,00 ALL 1 faturë", "3 fatura të papaguara")
    lists = ["/faturat", "/faturat/papaguara", "/faturat/kompania/fake", f"/faturat/kontrata/{contract.id}"]
    for number, address in enumerate(lists):
        await visit.page.goto(address)
        line = visit.page.locator(".line", has_text="F-PART")
        words = " ".join((await line.inner_text()).split())
        assert all(each in words for each in ("Me vonesë", "100,00 ALL në pagesë", "1.900,00 ALL")), words
        assert await line.locator(".pick").count() == 0
        assert await line.get_by_role("link", name="Paguaj").count() == 0
        see = line.get_by_role("link", name="Shiko pagesën e faturës F-PART")
        assert await see.get_attribute("href") == f"/pagesat/{payment.id}"
        await visit.screen(f"part-in-list-{number}")
    await visit.page.goto("/faturat/papaguara?kerko=100,00")
    await visit.shows("Nuk u gjet asnjë faturë e tillë.")
    await visit.page.goto("/faturat/kopja")
    await visit.shows("3 fatura të papaguara · 1.990,00 ALL", "Me vonesë 100,00 ALL në pagesë")
    await visit.page.goto(f"/faturat/fatura/{row.id}")
    await visit.shows("100,00 ALL të kësaj fature janë në pagesë. Pjesa tjetër, 1.900,00 ALL, mund të paguhet sapo")
    await visit.screen("part-card")
    await visit.click("Shiko pagesën")
    assert visit.page.url.endswith(f"/pagesat/{payment.id}")
    assert visit.complaints == []


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
    await visit.shows("Nuk u gjet asnjë faturë e tillë.")
    assert visit.complaints == []
    reply = await visit.page.goto("/faturat/papaguara?kompania=nobody")
    assert reply is not None
    assert reply.status == 422
    await visit.shows("“nobody” nuk është në listë.")
    await visit.page.goto("/faturat")
    await visit.page.get_by_role("link", name="Me vonesë").click()
    await visit.click("Paguaj faturën F-LATE")
    await visit.shows("F-LATE", "savings")
