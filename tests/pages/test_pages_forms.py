"""What people do to forms: wrong input, two clicks, another language."""

import asyncio

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from pages_kit import Open, Site, Visit

from faturat import PayRange

pytestmark = pytest.mark.browser

GUIDE = "TR0.A0000000000000"
COMPANY = "f-customer_code"


@pytest.mark.parametrize(
    ("code", "name", "field", "says"),
    [
        ("", "Shtëpia", COMPANY, "Plotësoni fushën “Kodi i klientit”."),
        ("TR0.Z9999999999999", "Shtëpia", COMPANY, "Kompania OSHEE nuk e njeh këtë numër."),
        (
            "ТR0.А0000000000000",
            "Shtëpia",
            COMPANY,
            "“Kodi i klientit” ka shkronjën “Т” të një alfabeti tjetër (cirilik)",
        ),
        (GUIDE, "", "name", "Plotësoni fushën “Emri”."),
        (GUIDE, "x" * 61, "name", "“Emri” mund të ketë deri në 60 shenja; keni shkruar 61."),
    ],
    ids=["empty", "unknown", "cyrillic", "no-name", "long-name"],
)
async def test_wrong_input_is_kept_and_named_beside_its_field(
    site: Site, open_page: Open, code: str, name: str, field: str, says: str
) -> None:
    visit = await open_page(site)
    await visit.log_in()
    await visit.register("OSHEE", code, name)
    shown = visit.page.locator(f"#{field}")
    assert await shown.get_attribute("aria-invalid") == "true"
    assert f"{field}-error" in (await shown.get_attribute("aria-describedby") or "").split()
    assert says in await visit.page.locator(f"#{field}-error").inner_text()
    assert await visit.page.locator("[aria-invalid]").count() == 1
    assert await visit.page.locator(f"#{COMPANY}").input_value() == code
    assert await visit.page.locator("#name").input_value() == name


async def test_a_number_of_another_kind_is_warned_of(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.log_in()
    await visit.register("OSHEE", "000000001", "Shtëpia")
    await visit.shows("Kompania OSHEE nuk e njeh këtë numër.", "Ky duket si numri serial i faturës")


async def test_a_contract_is_registered_once(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.log_in()
    await visit.register("OSHEE", GUIDE, "Shtëpia")
    await visit.register("OSHEE", "tr0.a0000000000000", "Vila")
    await visit.shows("E keni regjistruar tashmë këtë kontratë me emrin “Shtëpia”.")


async def test_nobody_is_offered_to_register_what_they_have(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    await world.quote()
    payment = await world.pay()
    visit = await open_page(site)
    await visit.log_in()
    await visit.page.goto(f"/pagesat/{payment.id}")
    offer = visit.page.get_by_role("link", name="Regjistro kontratën")
    assert await offer.count() == 1
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    await visit.page.reload()
    assert await offer.count() == 0


async def test_all_that_is_wrong_is_said_at_once(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.log_in()
    await visit.register("OSHEE", "", " ")
    await visit.shows("Plotësoni fushën “Kodi i klientit”.", "Plotësoni fushën “Emri”.")
    await visit.page.wait_for_function(f"document.activeElement.id === '{COMPANY}'")  # the first of them


@pytest.mark.parametrize(("locale", "says"), [("en-GB", "Username"), ("it-IT", "Emri i përdoruesit")])
async def test_a_visitor_is_met_in_the_language_of_their_browser(
    site: Site, open_page: Open, locale: str, says: str
) -> None:
    """Where it is none of ours, in the bank's."""
    visit = await open_page(site, locale=locale)
    await visit.page.goto("/hyr")
    await visit.shows(says)


async def test_a_company_has_to_be_chosen(site: Site, open_page: Open) -> None:
    visit = await open_page(site, "desktop")
    await visit.log_in()
    await visit.page.goto("/faturat/regjistro")
    await visit.click("Vazhdo")
    await visit.shows("Zgjidhni një nga kompanitë.")


async def test_a_wrong_password_says_no_more_than_that(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.page.goto("/faturat/kompania/oshee")
    await visit.page.locator("#emri").fill("demo")
    await visit.page.locator("#fjalekalimi").fill("gabim")
    await visit.click("Hyni")
    await visit.shows("Emri ose fjalëkalimi nuk është i saktë.")
    assert await visit.page.locator("#emri").input_value() == "demo"
    assert await visit.page.locator("#fjalekalimi").input_value() == ""
    await visit.page.locator("#fjalekalimi").fill("faturat-demo")
    await visit.click("Hyni")
    assert visit.page.url.endswith("/faturat/kompania/oshee"), "back to where the visitor wanted to go"
    await visit.page.get_by_role("button", name="Dil").click()
    await visit.page.goto("/faturat")
    assert "/hyr" in visit.page.url


async def test_a_contract_gets_another_name_and_is_removed(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.log_in()
    await visit.register("OSHEE", GUIDE, "Shtëpia")
    await visit.page.goto("/faturat/kompania/oshee")
    await visit.click("Shiko detajet: Shtëpia")
    await visit.page.get_by_label("Emri").fill(" ")
    await visit.click("Ruaj")
    await visit.shows("Plotësoni fushën “Emri”.")
    await visit.page.get_by_label("Emri").fill("Vila")
    await visit.click("Ruaj")
    await visit.shows("Vila", "Kontrolluar së fundi")
    await visit.click("Hiq kontratën")
    await visit.shows("Të hiqet “Vila” (OSHEE)?")
    await visit.click("Hiq")
    await visit.shows("“Vila” (OSHEE) u hoq.")
    await visit.click("Zhbëj")
    await visit.shows("Vila", "000000001", "1.707,40 ALL")
    await visit.page.go_back()
    await visit.shows("Vila", "Kontrolluar së fundi")
    await visit.click("Hiq kontratën")
    await visit.click("Hiq")
    await visit.click("OK")
    await visit.shows("Nuk keni regjistruar ende asnjë kontratë.")


async def test_refresh_asks_the_company_now(site: Site, open_page: Open) -> None:
    assert site.company is not None
    visit = await open_page(site)
    await visit.log_in()
    await visit.register("OSHEE", GUIDE, "Shtëpia")
    await visit.page.goto("/faturat/kompania/oshee")
    site.company.fault("error_500")
    await visit.click("Rifresko")
    await visit.shows("Kompania OSHEE nuk përgjigjet tani.", "000000001")
    site.company.fault("changed_total")
    await visit.click("Rifresko")
    await visit.shows("1.807,40 ALL")


async def test_one_confirmation_sent_many_times_is_one_payment(site: Site, open_page: Open) -> None:
    """All at once, while the company is slow; every answer leads to the same payment."""
    assert site.company is not None
    visit = await open_page(site)
    await visit.log_in()
    await _confirmation(visit)
    fields = await visit.page.locator("main form input").all()
    form = {await each.get_attribute("name") or "": await each.input_value() for each in fields}
    address = await visit.page.locator("main form").get_attribute("action") or ""
    site.company.fault("slow", seconds=0.5)
    sender = visit.page.context.request
    answers = await asyncio.gather(*(sender.post(address, form=form) for _ in range(5)))
    [payment] = await site.faturat.payments.of("demo")
    assert {answer.url for answer in answers} == {f"{site.url}/pagesat/{payment.id}"}
    assert len(site.company.books.bookings()) == 1


async def test_a_double_click_is_one_payment(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.log_in()
    await _confirmation(visit)
    await visit.page.locator("main button").dblclick()
    await visit.page.get_by_role("heading", name="Pagesa u krye").wait_for()
    assert len(await site.faturat.payments.of("demo")) == 1


async def test_the_way_back_pays_nothing_twice(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.log_in()
    await _confirmation(visit)
    await visit.click("Paguaj")
    await visit.shows("Pagesa u krye")
    await visit.page.go_back()
    await visit.page.reload()
    await visit.shows("Kjo faturë është e paguar.")
    assert len(await site.faturat.payments.of("demo")) == 1


async def test_paying_without_registering_then_registering(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.log_in()
    await visit.look_up("OSHEE", GUIDE)
    await visit.shows("T*** T***", "000000001", "1.707,40 ALL")
    await visit.click("Paguaj faturën 000000001")
    await visit.shows("Emri i abonentit T*** T***")
    await visit.page.get_by_label("Llogaria e kursimeve").check()
    await visit.click("Paguaj")
    await visit.click("Paguaj")
    await visit.shows("Pagesa u krye", "Regjistrojeni këtë kontratë")
    await visit.click("Regjistro kontratën")
    assert await visit.page.locator(f"#{COMPANY}").input_value() == GUIDE
    await visit.page.get_by_label("Emri").fill("Shtëpia")
    await visit.click("Vazhdo")
    await visit.shows("Regjistrimi është krijuar")
    await visit.look_up("OSHEE", GUIDE)
    await visit.shows("Kompania nuk kërkon asgjë për këtë kontratë tani.")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1.707,41", "Pranohet: 100,00 ALL - 1.707,40 ALL"),
        ("shumë", "Shuma “shumë” nuk lexohet. Shkruajeni me dy shifra dhjetore, p.sh. 1.707,40."),
        ("1,707", "nuk lexohet"),
        ("", "Shkruani shumën, p.sh. 1.707,40."),
    ],
)
async def test_a_wrong_amount(fake_site: tuple[Site, World], open_page: Open, typed: str, says: str) -> None:
    site, world = fake_site
    world.biller.invoices["AB12"] = [make_invoice(payable=PayRange(100_00, 1707_40))]
    visit = await open_page(site)
    await visit.log_in()
    await visit.look_up("Fake", "AB12")
    await visit.click("Paguaj faturën F1")
    amount = visit.page.get_by_label("Shuma për t'u paguar")
    assert await amount.input_value() == "1.707,40"
    assert "Shembull: 1.707,40" in await visit.page.locator("#amount-help").inner_text()
    await amount.fill(typed)
    await visit.click("Paguaj")
    assert says in await visit.page.locator("#amount-error").inner_text()
    assert await amount.input_value() == typed
    await amount.fill("1.000,50")
    await visit.page.get_by_label("savings").check()
    await visit.click("Paguaj")
    await visit.shows("Përfituesi Fake", "1.000,50 ALL")


async def test_english_is_kept_with_the_user(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.log_in()
    await visit.shows("Faturat e mia")
    await visit.register("OSHEE", GUIDE, "Home")
    await visit.page.goto("/faturat/kompania/oshee")
    await visit.page.get_by_role("button", name="English").click()
    assert visit.page.url.endswith("/faturat/kompania/oshee")
    await visit.shows("Unpaid invoices", "1,707.40 ALL", "01.08.2018", "Customer code")
    assert await visit.page.locator("html").get_attribute("lang") == "en"
    other = await open_page(site, "desktop")
    await other.log_in()
    await other.shows("My bills", "Registered bills", "1 unpaid invoice")


async def test_the_language_chosen_before_log_in_stays(site: Site, open_page: Open) -> None:
    visit = await open_page(site)
    await visit.page.goto("/hyr")
    await visit.page.get_by_role("button", name="English").click()
    await visit.shows("Log in", "Password")
    await visit.log_in()
    await visit.shows("My bills", "Pay without registering")


async def _confirmation(visit: Visit) -> None:
    await visit.register("OSHEE", GUIDE, "Shtëpia")
    await visit.page.goto("/faturat/kompania/oshee")
    await visit.click("Paguaj faturën 000000001")
    await visit.page.get_by_label("Llogaria e kursimeve").check()
    await visit.click("Paguaj")
    await visit.shows("Konfirmoni pagesën")
