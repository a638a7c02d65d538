"""From what somebody typed to a reference: normalised, checked against the biller's fields, or refused by name."""

import re
import unicodedata
from collections.abc import Mapping

from msgspec import Struct

from faturat.billers import Biller, LookAlike, Reference, ReferenceField, ReferenceKind
from faturat.errors import FaturatError
from faturat.text import Text

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_SCRIPTS = {"CYRILLIC": Text("cirilik", "Cyrillic"), "GREEK": Text("grek", "Greek")}
"""The scripts whose letters look like Latin ones, by the first word of their Unicode names."""
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


class LookAlikeWarning(Struct, frozen=True):
    """Input that was taken, and that may still be the wrong number."""

    field: str
    text: Text


class ReadReference(Struct, frozen=True):
    reference: Reference
    warnings: tuple[LookAlikeWarning, ...]


def normalise(field: ReferenceField, value: str) -> str:
    """Full-width digits, odd dashes, invisible characters and what the field ignores, made plain. Idempotent."""
    while (plain := _normalise_once(field, value)) != value:
        value = plain  # what is taken out may let its neighbours combine, as a letter and an accent do
    return value


def looks_like(field: ReferenceField, other: LookAlike, typed: str) -> bool:
    """Whether what was typed is the other number that a field warns of, whether or not the field would take it."""
    if len(typed) > 10 * field.max_length:
        return False
    return re.fullmatch(other.pattern, normalise(field, typed)) is not None


def _normalise_once(field: ReferenceField, value: str) -> str:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", value))
    plain = _DASHES.sub("-", plain)
    plain = "".join(sign for sign in plain if not sign.isspace() and sign not in field.ignore)
    return plain.upper() if field.uppercase else plain


def read_reference(biller: Biller, kind_id: str | None, values: Mapping[str, str], register: bool) -> ReadReference:
    """Read the fields of one reference; `kind_id` None means the biller's first kind.

    Raises FaturatError naming the field: bad_reference_kind, not_registrable, field_unknown, field_required,
    field_too_long, field_wrong_length, field_bad_characters, field_other_script, field_bad_shape.
    """
    kind = biller.reference_kinds[0] if kind_id is None else biller.kind(kind_id)
    if kind is None:
        known = ", ".join(each.id for each in biller.reference_kinds)
        raise FaturatError("bad_reference_kind", field="kind", known=known)
    if register and not kind.registrable:
        raise FaturatError("not_registrable", field="kind")
    _refuse_unknown(kind, values)
    read = {field.id: _read_field(field, values.get(field.id, "")) for field in kind.fields}
    warnings = tuple(
        LookAlikeWarning(field.id, look_alike.warning)
        for field in kind.fields
        for look_alike in field.look_alikes
        if re.fullmatch(look_alike.pattern, read[field.id])
    )
    return ReadReference(Reference(kind.id, read), warnings)


def _refuse_unknown(kind: ReferenceKind, values: Mapping[str, str]) -> None:
    known = [field.id for field in kind.fields]
    for name in values:
        if name not in known:
            raise FaturatError("field_unknown", field=name[:64], field_id=name[:64], known=", ".join(known))


def _read_field(field: ReferenceField, typed: str) -> str:
    if len(typed) > 10 * field.max_length:
        raise _refusal(field, "field_too_long", limit=field.max_length, length=len(typed))
    value = normalise(field, typed)
    if not value:
        raise _refusal(field, "field_required")
    if len(value) > field.max_length:
        raise _refusal(field, "field_too_long", limit=field.max_length, length=len(value))
    foreign = next((sign for sign in value if not sign.isascii() or not sign.isprintable()), None)
    if foreign is not None:
        script = _SCRIPTS.get(unicodedata.name(foreign, "").split(" ")[0])
        if script is not None:
            raise _refusal(field, "field_other_script", found=foreign, script=script)
        raise _refusal(field, "field_bad_characters", found=foreign)
    if not re.fullmatch(field.pattern, value):
        raise _refusal(field, "field_bad_shape")
    if field.exact_length is not None and len(value) != field.exact_length:
        raise _refusal(field, "field_wrong_length", limit=field.exact_length, length=len(value))
    return value


def _refusal(field: ReferenceField, code: str, **params: str | int | Text) -> FaturatError:
    """What is wrong with a field, with an example of it and where the right number stands."""
    return FaturatError(code, field=field.id, label=field.label, example=field.example, help=field.help, **params)
