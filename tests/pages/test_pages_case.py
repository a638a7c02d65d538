"""The guide's case in a browser, in Albanian, word for word."""

from typing import Any

import pytest
from pages_kit import Open, Site, Visit

pytestmark = pytest.mark.browser

CODE = "TR0.A0000000000000"


WITHOUT_JAVASCRIPT = {"java_script_enabled": False}


@pytest.mark.parametrize(
    ("size", "options"),
    [
        ("phone", {}),
        ("desktop", WITHOUT_JAVASCRIPT),
        pytest.param("phone", WITHOUT_JAVASCRIPT, marks=pytest.mark.soak),
        pytest.param("desktop", {}, marks=pytest.mark.soak),
    ],
)
async def test_the_guides_case(site: Site, open_page: Open, size: str, options: dict[str, Any]) -> None:
    visit = await open_page(site, size, **options)
    await visit.page.goto("/")
    await visit.shows("Hyni")
    await visit.log_in()
    await _register(visit, java_script=options is not WITHOUT_JAVASCRIPT)
    await _see_the_invoice(visit)
    await _decline(visit)
    await _pay(visit)
    await _look_back(visit)
    assert visit.complaints == []


PLUS = """(plus) => {
    const { width, height, top, bottom } = plus.getBoundingClientRect();
    const title = document.querySelector("h1").getBoundingClientRect();
    return [width, height, getComputedStyle(plus).borderRadius === "50%", top < title.bottom && bottom > title.top];
}"""


async def _register(visit: Visit, *, java_script: bool) -> None:
    await visit.menu("Pagesa")
    await visit.click("Faturat e mia")
    await visit.shows("Faturat e mia", "Faturat e regjistruara")
    if visit.size == "phone":
        plus = visit.page.locator("h1 + details summary[aria-label='Regjistro kontratë']")
        assert await plus.evaluate(PLUS) == [44, 44, True, True], "round, and beside the title"
        offered = visit.page.get_by_role("link", name="Regjistro", exact=True)
        await plus.click()
        await offered.wait_for()
        if java_script:
            await visit.page.locator("h1").click()
            await offered.wait_for(state="hidden")
            await plus.click()
        await visit.click("Regjistro")
    else:
        await visit.click("REGJISTRO KONTRATËN")
    await visit.choose("OSHEE")
    await visit.shows(
        "Regjistro faturë",
        "Lutemi vendosni të dhënat e kontratës për të proceduar me regjistrimin.",
        "OSHEE",
        "ANULO VAZHDO",
    )
    await visit.page.get_by_label("Kodi i klientit").fill(CODE)
    await visit.page.get_by_label("Emri").fill("Test Test")
    await visit.click("Vazhdo")
    await visit.shows("Regjistrimi është krijuar", CODE)
    await visit.click("OK")
    await visit.shows("OSHEE", "1 kontratë", "1 faturë e papaguar")


async def _see_the_invoice(visit: Visit) -> None:
    await visit.click("Shiko detajet: OSHEE")
    await visit.shows("OSHEE", "Test Test", CODE, "Faturat e papaguara", "000000001", "1.707,40 ALL")
    await visit.click("Paguaj faturën 000000001")
    await visit.shows(
        "Nga: Llogaria kryesore",
        "Gjendja e disponueshme: 18,13 ALL",
        "OSHEE",
        "000000001",
        "1.707,40 ALL",
        f"Numri i kontratës {CODE}",
        "Emri i abonentit Test Test",
        "Shuma 1.707,40 ALL",
        "Data e faturës 01.08.2018",
        "Numri i faturës 000000001",
        "Kamata 0,00 ALL",
        "PAGUAJ",
    )


async def _decline(visit: Visit) -> None:
    """The main account does not have that much, so that the other one was chosen at first."""
    assert await visit.page.get_by_label("Llogaria e kursimeve").is_checked()
    await visit.page.get_by_label("Llogaria kryesore").check()
    await visit.click("Paguaj")
    await visit.shows("Përfituesi OSHEE", "1.707,40 ALL", "Nga Llogaria kryesore")
    await visit.click("Paguaj")
    await visit.shows("Pagesa nuk u krye", "gjendja e disponueshme është 18,13 ALL. Nuk është lëvizur asnjë para.")


async def _pay(visit: Visit) -> None:
    await visit.click("Kthehu te fatura")
    await visit.page.get_by_label("Llogaria e kursimeve").check()
    await visit.click("Paguaj")
    await visit.shows("Përfituesi OSHEE", "1.707,40 ALL", "Nga Llogaria e kursimeve")
    await visit.click("Paguaj")
    await visit.shows("Pagesa u krye", "1.707,40 ALL", "Numri i mandatit", "Paguar më")


async def _look_back(visit: Visit) -> None:
    """The receipt, the invoice gone from the list, and no way to pay it twice."""
    await visit.click("Mandati")
    await visit.shows("Mandati i pagesës", "000000001", "1.707,40 ALL", CODE, "Nga Llogaria e kursimeve")
    await visit.menu("Historiku")
    await visit.shows("E paguar", "E pakryer")
    await visit.page.goto("/faturat/kompania/oshee")
    await visit.shows("Nuk ka fatura të papaguara.")
    await visit.click("Shiko detajet: Test Test")
    await visit.page.get_by_role("main").get_by_role("link", name="000000001").click()
    await visit.shows("Kjo faturë është e paguar.")
    assert await visit.page.get_by_role("button", name="Paguaj").count() == 0
