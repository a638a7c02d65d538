"""The colours of faturat.css can be told apart in light and dark (WCAG 2.2: 4.5 to 1 for text, 3 to 1 for edges)."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from faturat_server.pages.home_screen import ACCENT, PAPER
from faturat_server.pages.rendering import environment
from faturat_server.pages.statics import FILES

THEMES = ("light", "dark")
TINTS = ("wrong", "warning", "right")


@cache
def colours(theme: str) -> dict[str, str]:
    """The variables of one theme; the dark one changes some of the light one's."""
    css = FILES["faturat.css"].content.decode()
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    return found | (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark)) if theme == "dark" else {})


def contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pairs() -> Iterator[tuple[str, str, float]]:
    """What stands on what."""
    for ground in ("paper", "card", "tint"):
        yield from ((words, ground, 4.5) for words in ("ink", "soft", "accent", *TINTS))
        yield "accent", ground, 3.0
    yield from (("field", ground, 3.0) for ground in ("paper", "card"))
    yield "on-accent", "accent", 4.5
    yield from ((words, f"{words}-tint", 4.5) for words in TINTS)


@pytest.mark.parametrize("theme", THEMES)
def test_words_and_edges_can_be_told_from_what_they_stand_on(theme: str) -> None:
    seen = colours(theme)
    faint = {
        (upon, ground): round(contrast(seen[upon], seen[ground]), 2)
        for upon, ground, least in pairs()
        if contrast(seen[upon], seen[ground]) < least
    }
    assert faint == {}
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_the_browser_s_own_parts_have_the_same_colours() -> None:
    pages = environment("sq")
    assert pages.loader is not None
    base, *_ = pages.loader.get_source(pages, "base.html")
    said = dict(re.findall(r'theme-color" content="(#\w+)" media="\(prefers-color-scheme: (\w+)\)"', base))
    assert {theme: colour for colour, theme in said.items()} == {each: colours(each)["card"] for each in THEMES}
    assert (colours("light")["accent"], colours("light")["paper"]) == (ACCENT, PAPER)


def test_styles_and_scripts_are_small() -> None:
    assert sum(len(file.content) for name, file in FILES.items() if name.endswith((".css", ".js"))) < 50_000
