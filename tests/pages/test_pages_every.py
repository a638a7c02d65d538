"""Every page for whoever hears it, reads it large or has little room; none moves while it comes, none complains."""

from collections.abc import Sequence

import pytest
from every_page import Places, furnish, page_routes
from look import cut_off, cut_off_where_there_is_little_room, shifted, violations
from pages_kit import SCREENS, Open, Site, Visit

pytestmark = pytest.mark.browser

LANGUAGES = ("sq", "en")
SCHEMES = ("light", "dark")


async def in_language(visit: Visit, language: str) -> None:
    """Switch with the button that every page has."""
    await visit.page.goto("/hyr")
    other = visit.page.locator(f"button[name=gjuha][value={language}]")
    if await other.count():
        async with visit.page.expect_navigation():
            await other.click()


async def look_at(visit: Visit, address: str) -> list[str]:
    """What is wrong with one page; that it is not found or refused (404, 422) may stand on the console."""
    del visit.complaints[:]
    answer = await visit.page.goto(address)
    assert answer is not None
    wrong = [] if answer.ok or answer.status in (404, 422) else [f"status {answer.status}"]
    wrong += await shifted(visit)
    wrong += await violations(visit)
    wrong += [each for each in visit.complaints if f"status of {answer.status}" not in each]
    return [f"{address}: {each}" for each in wrong]


async def as_each(site: Site, open_page: Open, places: Places, size: str) -> Sequence[tuple[Visit, Sequence[str]]]:
    """A window of each kind of visitor, with the addresses that are theirs."""
    nobody, customer, operator = [await open_page(site, size) for _ in range(3)]
    await customer.log_in()
    await operator.log_in("operator")
    await customer.page.goto(places.receipt)
    check = await customer.page.locator(".proof a").get_attribute("href") or ""
    return [
        (nobody, [*(address for _, address in places.nobody), check]),
        (customer, [address for _, address in places.customer]),
        (operator, [address for _, address in places.operator]),
    ]


async def test_every_page_once(site: Site, open_page: Open) -> None:
    """Each in one language and one light: a whole reading is made by make soak."""
    places = await furnish(site)
    assert places.routes() == page_routes(), "a page that is new is to be visited"
    wrong = []
    for visit, addresses in await as_each(site, open_page, places, "phone"):
        for turn, (language, scheme) in enumerate(zip(LANGUAGES, SCHEMES, strict=True)):
            await in_language(visit, language)
            await visit.page.emulate_media(color_scheme=scheme)
            for address in addresses[turn::2]:
                wrong += await look_at(visit, address)
                wrong += [f"{address}: {each}" for each in await cut_off_where_there_is_little_room(visit)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_in_each_language_and_light(site: Site, open_page: Open, size: str, language: str) -> None:
    wrong = []
    for visit, addresses in await as_each(site, open_page, await furnish(site), size):
        await in_language(visit, language)
        for scheme in SCHEMES:
            await visit.page.emulate_media(color_scheme=scheme)
            folder = SCREENS / "every" / f"{language}-{scheme}-{size}"
            for number, address in enumerate(addresses):
                wrong += await look_at(visit, address)
                wrong += [f"{address}: {each}" for each in await cut_off(visit)]
                name = "-".join(part for part in address.partition("?")[0].split("/") if part)[:60]
                await visit.page.screenshot(path=folder / f"{number:02d}-{name}.png", full_page=True)
                wrong += [f"{address}: {each}" for each in await cut_off_where_there_is_little_room(visit)]
    assert not wrong, "\n".join(wrong)
