"""Money is an integer of minor units (qindarka for ALL); decimals exist only at the edges."""

import re

from faturat.errors import FaturatError
from faturat.text import Language, Text

MAX_MINOR = 10**13
"""The largest amount that Faturat carries, in minor units; above it something is wrong."""

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,11})\.([0-9]{2})", re.ASCII)


def parse_decimal(text: str, field: str = "amount") -> int:
    """Read a decimal string with exactly two decimals ("1707.40") as minor units (170740).

    Raises FaturatError `bad_amount`, naming `field`.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise FaturatError("bad_amount", field=field, value=text[:32], example="1707.40")
    return int(match[1]) * 100 + int(match[2])


def to_decimal(minor: int) -> str:
    """Write minor units as a decimal string: 170740 -> "1707.40"."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def format_amount(minor: int, currency: str, language: Language) -> str:
    """Write an amount for a person: `1.707,40 ALL` in Albanian, `1,707.40 ALL` in English.

    Always two decimals and the currency: locale libraries print ALL with none, and "old lek" (x10) is in daily use.
    """
    whole, cents = to_decimal(minor).rsplit(".", 1)
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}"
    if language == "sq":
        return f"{sign}{grouped.replace(',', '.')},{cents} {currency}"
    return f"{sign}{grouped}.{cents} {currency}"


def amount_text(minor: int, currency: str) -> Text:
    """An amount as part of a message, in whichever language it will be read."""
    return Text(format_amount(minor, currency, "sq"), format_amount(minor, currency, "en"))
