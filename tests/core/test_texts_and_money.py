"""Messages in both languages, and money at the edges."""

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import faturat.errors
from faturat import FaturatError, format_amount, parse_decimal, to_decimal
from faturat.messages import MESSAGES
from faturat.money import MAX_MINOR

SOURCES = Path(faturat.errors.__file__).parent


@given(st.integers(0, MAX_MINOR))
def test_decimals_go_round(minor: int) -> None:
    assert parse_decimal(to_decimal(minor)) == minor


@pytest.mark.parametrize("bad", ["", "1", "1.5", "1,50", "-1.00", "1e5", "NaN", "01.00", " 1.00", "１.00", "1.000"])
def test_a_decimal_that_cannot_be_read(bad: str) -> None:
    with pytest.raises(FaturatError) as caught:
        parse_decimal(bad, "amount")
    assert (caught.value.code, caught.value.field) == ("bad_amount", "amount")


def test_amounts_for_people() -> None:
    assert format_amount(170_740, "ALL", "sq") == "1.707,40 ALL"
    assert format_amount(170_740, "ALL", "en") == "1,707.40 ALL"
    assert format_amount(1_813, "ALL", "sq") == "18,13 ALL"
    assert format_amount(-5, "ALL", "en") == "-0.05 ALL"
    assert format_amount(0, "ALL", "sq") == "0,00 ALL"


def test_both_languages_take_the_same_parameters() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for code, text in MESSAGES.items():
        assert text.sq, code
        assert text.en, code
        assert names(text.sq) == names(text.en), code


def test_every_code_that_core_raises_has_its_message() -> None:
    raised = set()
    for file in SOURCES.rglob("*.py"):
        raised |= set(re.findall(r'FaturatError\(\s*"([a-z_]+)"', file.read_text("utf-8")))
    assert raised
    assert raised <= set(MESSAGES)
