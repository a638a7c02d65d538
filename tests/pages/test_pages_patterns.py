"""The plugins' patterns as browsers read them: they compile, and accept and refuse what Python does."""

import re
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import strategies as st
from pages_kit import Open, Visit
from town import Town

from faturat import Biller, ReferenceField
from faturat.references import looks_like
from faturat.testing.conformance.drawing import PRINTABLE, for_all, matching
from faturat.testing.conformance.patterns import uncommon

pytestmark = pytest.mark.browser

IN_BROWSER = """([pattern, values]) => ["v", ""].map((flags) => {
    const whole = new RegExp(`^(?:${pattern})$`, flags);
    return values.map((value) => whole.test(value));
})"""
OTHERS = ("", "-", "/", "K-1", "tr0.a", "(?i)", "Ы12", "123456", "ë", "1" * 11, "U-123456", "AA123BB", "+355691234567")
SIGNS = "aB1-&/^$.|()[]{}*+?\\"
PIECES = (*SIGNS, "(?:", "(?=", "(?i)", "{2}", "{,2}", r"\-", r"\/", r"\d", "[^", "[a-z]", r"[\-\/]")


def patterns(biller: Biller) -> Iterator[tuple[ReferenceField, str]]:
    for kind in biller.reference_kinds:
        for field in kind.fields:
            for pattern in (field.pattern, *(each.pattern for each in field.look_alikes)):
                yield field, pattern


def drawn(strategy: st.SearchStrategy[str], number: int) -> list[str]:
    values: list[str] = []

    def keep(value: str) -> None:
        values.append(value)

    for_all(strategy, keep, number)
    return values


async def test_every_installed_pattern_says_the_same_in_a_browser(town: Town, open_page: Open) -> None:
    visit = await open_page(town)
    tried = [each for biller in town.faturat.billers.values() for each in patterns(biller)]
    assert len(town.faturat.billers) >= 5
    for field, pattern in tried:
        values = [*OTHERS, field.example, field.example.lower(), *drawn(matching(pattern, field.max_length), 20)]
        wanted = [re.fullmatch(pattern, value) is not None for value in values]
        assert set(wanted) == {True, False}, pattern
        assert await visit.page.evaluate(IN_BROWSER, [pattern, values]) == [wanted, wanted], pattern


async def test_what_the_kit_lets_through_is_read_by_browsers(town: Town, open_page: Open) -> None:
    """Patterns put together at random from the signs that mean something."""
    visit = await open_page(town)
    sets = st.text(SIGNS, min_size=1, max_size=5).map("[{}]".format)
    made = set(drawn(st.lists(st.sampled_from(PIECES) | sets, min_size=1, max_size=5).map("".join), 1500))
    common = [each for each in sorted(made) if uncommon(each) == "" and compiles(each)]
    assert len(common) > 100
    assert any(uncommon(each) and compiles(each) for each in made)
    values = [*OTHERS, "a", "B", "aa", "a1", "a/", "ab", "&", "1B", *drawn(st.text(PRINTABLE, max_size=3), 50)]
    for pattern in common:
        wanted = [re.fullmatch(pattern, value) is not None for value in values]
        assert await visit.page.evaluate(IN_BROWSER, [pattern, values]) == [wanted, wanted], pattern


def compiles(pattern: str) -> bool:
    with warnings.catch_warnings(action="ignore"):
        try:
            re.compile(pattern)
        except re.error:
            return False
    return True


TYPED = ("0123 4567 890", "0123-4567-890", "0123–4567–890", "０１２３４５６７８９０", "1000001", "K-12345678901")


@pytest.mark.parametrize("path", ["/faturat/regjistro/digitalb", "/paguaj/digitalb"])
async def test_a_smart_card_s_number_is_warned_of_while_it_is_typed(town: Town, open_page: Open, path: str) -> None:
    """The guide's warning, by the real plugin: the contract's number, and not that of the smart card."""
    [field] = town.faturat.billers["digitalb"].reference_kinds[0].fields
    [card] = field.look_alikes
    visit = await open_page(town)
    await visit.log_in()
    await visit.page.goto(path)
    typing = visit.page.get_by_label("Numri i kontratës")
    assert [looks_like(field, card, typed) for typed in TYPED] == [True] * 4 + [False] * 2
    for typed in TYPED:
        await typing.fill("")
        assert not await _warned(visit)
        await typing.press_sequentially(typed)
        assert await _warned(visit) is looks_like(field, card, typed), typed
    assert visit.complaints == []


async def _warned(visit: Visit) -> bool:
    return await visit.page.get_by_text("Ky duket si numri i kartës smart").is_visible()
