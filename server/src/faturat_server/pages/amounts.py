"""Amounts as people type them."""

import re

from faturat import FaturatError, Language, Text, parse_decimal

EXAMPLE = Text("1.707,40", "1,707.40")
_WRITINGS = {
    "sq": re.compile(r"([1-9][0-9]{0,2}([. ])[0-9]{3}(?:\2[0-9]{3}){0,2}|[0-9]{1,12})(?:,([0-9]{2}))?", re.ASCII),
    "en": re.compile(r"([1-9][0-9]{0,2}([, ])[0-9]{3}(?:\2[0-9]{3}){0,2}|[0-9]{1,12})(?:\.([0-9]{2}))?", re.ASCII),
}
_EITHER_WAY = re.compile(r"[0-9]{1,3}[.,][0-9]{3}", re.ASCII)
"""A sign before three digits: thousands in one language, and in the other nothing that an amount can be."""


def read_amount(typed: str, language: Language) -> int:
    """Minor units of `1.707,40` and `1,707.40`, of `1 707,40`, `1707.40`, `1707,40` and `1707`.

    What one writing alone has is read by it; `1.707` and `1,707` only as the page's language writes thousands.
    Raises FaturatError amount_required, bad_amount.
    """
    plain = " ".join(typed.upper().split()).removesuffix("ALL").strip()
    if not plain:
        raise FaturatError("amount_required", field="amount", example=EXAMPLE)
    writings = [_WRITINGS[language]] if _EITHER_WAY.fullmatch(plain) else _WRITINGS.values()
    match = next((found for each in writings if (found := each.fullmatch(plain))), None)
    if match is None:
        raise FaturatError("bad_amount", field="amount", value=typed.strip()[:32], example=EXAMPLE)
    whole = re.sub("[., ]", "", match[1]).lstrip("0") or "0"
    return parse_decimal(f"{whole}.{match[3] or '00'}")
