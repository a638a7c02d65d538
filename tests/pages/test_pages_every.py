"""Every page for whoever hears it, reads it large or has little room; none moves while it comes, none complains."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Literal, TypeAlias

import pytest
from every_page import Places, furnish, page_routes
from every_state import State, furnish_states, furnish_trouble, world_of_states
from fakes.world import World
from look import cut_off, cut_off_where_there_is_little_room, shifted, violations
from pages_kit import SCREENS, Open, Site, Visit

pytestmark = pytest.mark.browser

Visits: TypeAlias = Sequence[tuple[str, str]]
Scheme: TypeAlias = Literal["light", "dark"]
LANGUAGES = ("sq", "en")
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
FORMS = {
    "/hyr",
    "/faturat/regjistro/{biller:str}",
    "/paguaj/{biller:str}",
    "/faturat/kontrata/{contract:str}",
    "/operatori/rastet/{case:str}",
    "/operatori/krahasimet",
}
"""Whose last form says what is missing."""


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


async def look_at_state(
    visit: Visit, state: State, language: str, schemes: Sequence[Scheme], kept: str = ""
) -> list[str]:
    """What is wrong with a state in each light, once it is seen that it is this one; pictures go where `kept` says."""
    wrong = []
    for scheme in schemes:
        await visit.page.emulate_media(color_scheme=scheme)
        wrong += await look_at(visit, state.address) if state.typed is None else await _send(visit, state)
        if language == "sq":
            await visit.shows(state.says)
        wrong += await cut_off(visit)
        if kept:
            await visit.page.screenshot(path=SCREENS / "states" / kept.format(scheme), full_page=True)
        wrong += await cut_off_where_there_is_little_room(visit)
    return [f"{state.address} ({state.says}): {each}" for each in wrong]


async def _send(visit: Visit, state: State) -> list[str]:
    assert state.typed is not None
    await visit.page.goto(state.address)
    form = visit.page.locator("main form[method=post]").last
    for name, text in state.typed.items():
        await form.locator(f"[name={name}]").fill(text)
    async with visit.page.expect_navigation():
        await form.locator("button").last.click()
    return await violations(visit)


async def _states(visit: Visit, world: World, language: str = "sq") -> AsyncIterator[tuple[int, State]]:
    """All of them, numbered; whoever looks is logged in."""
    states = await furnish_states(world)
    await visit.log_in()
    await in_language(visit, language)
    for number, state in enumerate(states):
        yield number, state
    for number, state in enumerate(await furnish_trouble(world), len(states)):
        yield number, state


async def look_at_mistakes(visit: Visit, address: str) -> list[str]:
    """What is wrong with the page that says what is wrong with a form: it is sent with nothing in its fields."""
    await visit.page.goto(address)
    form = visit.page.locator("main form[method=post]").last
    for field in await form.locator("input:not([type]), input[type=password], input[type=date], textarea").all():
        await field.fill("")
    async with visit.page.expect_navigation():
        await form.locator("button").click()
    assert await visit.page.locator("main .wrong").count(), f"{address} says what is missing"
    wrong = [*await violations(visit), *await cut_off(visit)]
    return [f"{address} with mistakes: {each}" for each in wrong]


async def as_each(site: Site, open_page: Open, places: Places, size: str) -> Sequence[tuple[Visit, Visits]]:
    """A window of each kind of visitor, with the pages that are theirs."""
    nobody, customer, operator = [await open_page(site, size) for _ in range(3)]
    await customer.log_in()
    await operator.log_in("operator")
    await customer.page.goto(places.receipt)
    check = await customer.page.locator(".proof a").get_attribute("href") or ""
    return [
        (nobody, [*places.nobody, ("/verifiko/{code:str}", check)]),
        (customer, places.customer),
        (operator, places.operator),
    ]


def first_of_each(pages: Visits) -> Iterable[str]:
    """One address of each route."""
    return dict(reversed(pages)).values()


def picture(number: int, route: str) -> str:
    """The same name at each run."""
    return f"{number:02d}{route.translate({ord('/'): '-', ord('{'): None, ord('}'): None}).replace(':str', '')}.png"


async def test_every_page_once(site: Site, open_page: Open) -> None:
    """Each route once, in one language and one light: a whole reading is made by make soak."""
    places = await furnish(site)
    assert places.routes() == page_routes(), "a page that is new is to be visited"
    wrong = []
    for visit, pages in await as_each(site, open_page, places, "phone"):
        for turn, (language, scheme) in enumerate(zip(LANGUAGES, SCHEMES, strict=True)):
            await in_language(visit, language)
            await visit.page.emulate_media(color_scheme=scheme)
            for address in [*first_of_each(pages)][turn::2]:
                wrong += await look_at(visit, address)
                wrong += [f"{address}: {each}" for each in await cut_off_where_there_is_little_room(visit)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("fake_site", [world_of_states], indirect=True)
async def test_every_state_once(fake_site: tuple[Site, World], open_page: Open) -> None:
    """The states that one page may have, read as the pages are."""
    wrong, visit = [], await open_page(fake_site[0], "phone")
    async for number, state in _states(visit, fake_site[1]):
        wrong += await look_at_state(visit, state, "sq", SCHEMES[number % 2 :][:1])
    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_in_each_language_and_light(site: Site, open_page: Open, size: str, language: str) -> None:
    wrong, places = [], await furnish(site)
    for visit, pages in await as_each(site, open_page, places, size):
        await in_language(visit, language)
        for scheme in SCHEMES:
            await visit.page.emulate_media(color_scheme=scheme)
            folder = SCREENS / "every" / f"{language}-{scheme}-{size}"
            for number, (route, address) in enumerate(pages):
                wrong += await look_at(visit, address)
                wrong += [f"{address}: {each}" for each in await cut_off(visit)]
                await visit.page.screenshot(path=folder / picture(number, route), full_page=True)
                wrong += [f"{address}: {each}" for each in await cut_off_where_there_is_little_room(visit)]
            for route, address in pages:
                if route in FORMS:
                    wrong += await look_at_mistakes(visit, address)
    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("fake_site", [world_of_states], indirect=True)
@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_state_in_each_language_and_light(
    fake_site: tuple[Site, World], open_page: Open, size: str, language: str
) -> None:
    wrong, visit = [], await open_page(fake_site[0], size)
    async for number, state in _states(visit, fake_site[1], language):
        kept = f"{language}-{{}}-{size}/{number:02d}.png"
        wrong += await look_at_state(visit, state, language, SCHEMES, kept)
    assert not wrong, "\n".join(wrong)
