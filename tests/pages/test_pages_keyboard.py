"""The guide's case by the keyboard alone: every stop is seen, follows the one before, and can be left again."""

import pytest
from operators_kit import CODE
from pages_kit import SIZES, Open, Site, Visit

pytestmark = pytest.mark.browser

STOP = """() => {
    const at = document.activeElement;
    if (at === document.body) return ["", 0, true];
    const { left, top, right, bottom, width, height } = at.getBoundingClientRect();
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    const marked = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const bare = hit && (at.contains(hit) || hit.contains(at) || at.labels?.[0]?.contains(hit));
    const inside = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && width > 0 && height > 0;
    const name = at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText;
    return [name.trim().replace(/\\s+/g, " "), top + scrollY, marked && inside && Boolean(bare)];
}"""
MOST_STOPS = 60


async def walk(visit: Visit, name: str) -> None:
    """Press Tab up to the stop of this name. Each stop on the way shows where one is, and lies below the last."""
    before = -1.0
    for _ in range(MOST_STOPS):
        await visit.page.keyboard.press("Tab")
        stop, top, seen = await visit.page.evaluate(STOP)
        assert stop, f"the page ends before {name!r}"
        assert seen, f"one does not see that one is at {stop!r}"
        assert top >= before - 60, f"{stop!r} is far above what came before it"  # beside it, or in the same card
        if stop.casefold().startswith(name.casefold()):
            return
        before = top
    raise AssertionError(f"{name!r} is not reached")


async def enter(visit: Visit, then: str) -> None:
    await visit.page.keyboard.press("Enter")
    await visit.page.get_by_role("main").get_by_text(then).filter(visible=True).first.wait_for()


@pytest.mark.parametrize("size", SIZES)
async def test_the_guide_s_case_by_keyboard(site: Site, open_page: Open, size: str) -> None:
    visit = await open_page(site, size)
    page, keys = visit.page, visit.page.keyboard
    await page.goto("/hyr")
    await page.wait_for_function("document.activeElement.id === 'emri'")  # one can type at once
    await keys.type("demo")
    await walk(visit, "Fjalëkalimi")
    await keys.type("faturat-demo")
    await enter(visit, "Faturat e regjistruara")

    await walk(visit, "Kalo te përmbajtja")
    await keys.press("Enter")
    await walk(visit, "Pagesa")  # past the header and its menu: this is the way in the content
    assert await page.evaluate("document.activeElement.closest('main') !== null"), "the menu was skipped"
    await walk(visit, "Regjistro kontratën")
    await enter(visit, "Zgjidhni kompaninë")
    await walk(visit, "OSHEE")
    if visit.size == "desktop":
        await keys.press("Space")
        await walk(visit, "Vazhdo")
    await enter(visit, "Lutemi vendosni")
    await walk(visit, "Kodi i klientit")
    await keys.type(CODE)
    await walk(visit, "Emri")
    await keys.type("Shtëpia")
    await enter(visit, "Regjistrimi është krijuar")

    await walk(visit, "Paguaj faturën 000000001")
    await enter(visit, "Kamata")
    await walk(visit, "Nga: Llogaria e kursimeve")  # the account that has enough is chosen; arrows change it
    await keys.press("ArrowUp")
    assert await page.get_by_label("Llogaria kryesore").is_checked()
    await keys.press("ArrowDown")
    await walk(visit, "Paguaj")
    await enter(visit, "Konfirmoni pagesën")
    await walk(visit, "Paguaj")
    await enter(visit, "Pagesa u krye")
    await walk(visit, "Mandati")
    await enter(visit, "Mandati i pagesës")
    await walk(visit, "Shkarko PDF")
    # no trap: after the last stop the keyboard goes on to the browser, and comes back to the first
    await keys.press("Tab")
    await keys.press("Tab")
    assert (await page.evaluate(STOP))[0] in ("", "Kalo te përmbajtja")
    assert visit.complaints == []
