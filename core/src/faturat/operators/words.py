"""What operators type: checked, and refused by the field's own name."""

import re
import unicodedata
from datetime import timedelta

from faturat.errors import FaturatError
from faturat.text import Text

MAX_WORDS, MAX_NUMBER = 500, 200
_FIELDS: dict[str, tuple[Text, Text]] = {
    "reason": (Text("Arsyeja", "Reason"), Text("Shkruani pse vendosni kështu.", "Write why you decide so.")),
    "evidence": (
        Text("Prova", "Evidence"),
        Text(
            "Shkruani ku shihet: dokumenti i kompanisë, numri dhe data e tij.",
            "Write where it can be seen: the company's document, its number and date.",
        ),
    ),
    "receipt": (
        Text("Numri i mandatit", "Receipt number"),
        Text("Shkruajeni siç e jep kompania.", "Write it as the company gives it."),
    ),
    "said": (
        Text("Çfarë u mësua", "What was learnt"),
        Text("Shkruani çfarë tha kompania dhe ku shihet.", "Write what the company said, and where it can be seen."),
    ),
    "booking": (
        Text("Regjistrimi në librat e bankës", "Entry in the bank's books"),
        Text("Shkruani numrin me të cilin gjendet.", "Write the number by which it is found."),
    ),
}
"""By field: what it is called, and what to write in it."""


_AGE = re.compile(r"([0-9]{1,4}) ?([mhd])", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def read_age(typed: str) -> timedelta:
    """An age: 30m, 2h or 3d; nothing typed is no age at all. Raises FaturatError bad_age."""
    plain = typed.strip().lower()
    if not plain:
        return timedelta()
    match = _AGE.fullmatch(plain)
    if match is None:
        raise FaturatError("bad_age", field="age", value=typed[:32])
    return int(match[1]) * _UNITS[match[2]]


def read_words(field: str, typed: str, limit: int = MAX_WORDS) -> str:
    """What was typed into a field: one line of 1 to `limit` visible characters.

    Raises FaturatError field_required, field_too_long, field_bad_characters.
    """
    words = " ".join(typed.split())
    label, help_ = _FIELDS[field]
    if not words:
        raise FaturatError("field_required", field=field, label=label, help=help_)
    if len(words) > limit:
        raise FaturatError("field_too_long", field=field, label=label, help=help_, limit=limit, length=len(words))
    if hidden := next((sign for sign in words if unicodedata.category(sign)[0] == "C"), None):
        found = f"U+{ord(hidden):04X}"
        raise FaturatError("field_bad_characters", field=field, label=label, help=help_, found=found, example="...")
    return words
