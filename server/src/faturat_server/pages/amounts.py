"""Amounts as people type them."""

import re

from faturat import Language, parse_decimal

_ALBANIAN = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,12})(?:,([0-9]{2}))?", re.ASCII)
_ENGLISH = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.([0-9]{2}))?", re.ASCII)


def read_amount(typed: str, language: Language) -> int:
    """Minor units of `1707.40`, and of what the page's language writes: `1.707,40` or `1,707.40`; also `1707`.

    Raises FaturatError bad_amount.
    """
    plain = typed.strip().upper().removesuffix("ALL").strip()
    match = (_ALBANIAN if language == "sq" else _ENGLISH).fullmatch(plain)
    if match is None:
        return parse_decimal(plain)
    whole = match[1].replace(".", "").replace(",", "").lstrip("0") or "0"
    return parse_decimal(f"{whole}.{match[2] or '00'}")
