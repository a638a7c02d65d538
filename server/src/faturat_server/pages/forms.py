"""Forms as they come in and go out again: what was typed is kept, an error stands beside its field."""

from collections.abc import Mapping

from msgspec import Struct

from faturat import Biller, FaturatError, Reference, ReferenceKind, Text
from faturat.references import read_reference
from faturat_server.pages.rendering import PageRequest

PREFIX = "f-"
"""Before the ids of a company's fields, which may be any word, to keep them apart from the form's own."""


class FormField(Struct, frozen=True):
    """One field of a reference, as the form shows it."""

    id: str
    label: Text
    help: Text
    example: str
    typed: str
    error: FaturatError | None
    warnings: tuple[Text, ...]


class ReferenceForm(Struct, frozen=True):
    """The fields of one reference kind of one company; `kinds` are those to choose from."""

    biller: Biller
    kind: ReferenceKind
    kinds: tuple[ReferenceKind, ...]
    fields: tuple[FormField, ...]
    error: FaturatError | None
    """What is not about one of the fields."""


async def read_form(request: PageRequest) -> dict[str, str]:
    """The texts of a form; what is not a text (a file) counts as not sent."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def reference_values(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into a company's fields, by field id."""
    return {name.removeprefix(PREFIX): value for name, value in form.items() if name.startswith(PREFIX)}


def reference_form(
    biller: Biller,
    kind: str | None,
    typed: Mapping[str, str],
    *,
    register: bool,
    error: FaturatError | None = None,
    own_fields: tuple[str, ...] = (),
) -> ReferenceForm:
    """The form of a company's reference. `own_fields` are those that the page shows beside the company's.

    Raises FaturatError not_registrable where `register` and the company has no kind for it.
    """
    kinds = tuple(each for each in biller.reference_kinds if each.registrable or not register)
    if not kinds:
        raise FaturatError("not_registrable")
    chosen = next((each for each in kinds if each.id == kind), kinds[0])
    warnings = _warnings(biller, chosen, typed) if error is not None else {}
    fields = tuple(
        FormField(
            id=PREFIX + field.id,
            label=field.label,
            help=field.help,
            example=field.example,
            typed=typed.get(field.id, ""),
            error=error if error is not None and error.field == field.id else None,
            warnings=tuple(warnings.get(field.id, ())),
        )
        for field in chosen.fields
    )
    shown = {*own_fields, *(field.id for field in chosen.fields)}
    general = error if error is not None and error.field not in shown else None
    return ReferenceForm(biller, chosen, kinds, fields, general)


def look_alikes(biller: Biller, reference: Reference) -> tuple[Text, ...]:
    """Warnings about a reference that the company knows, and that may still be the wrong number."""
    try:
        return tuple(each.text for each in read_reference(biller, reference.kind, reference.values, False).warnings)
    except FaturatError:
        return ()


def _warnings(biller: Biller, kind: ReferenceKind, typed: Mapping[str, str]) -> dict[str, list[Text]]:
    found: dict[str, list[Text]] = {}
    try:
        read = read_reference(biller, kind.id, typed, register=False)
    except FaturatError:
        return found
    for warning in read.warnings:
        found.setdefault(warning.field, []).append(warning.text)
    return found
