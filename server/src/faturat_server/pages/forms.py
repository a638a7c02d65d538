"""Forms as they come in and go out again: what was typed is kept, an error stands beside its field."""

from collections.abc import Mapping

from msgspec import Struct

from faturat import Biller, FaturatError, Reference, ReferenceField, ReferenceKind, Text
from faturat.references import looks_like, read_reference
from faturat_server.pages.rendering import PageRequest

PREFIX = "f-"
"""Before the ids of a company's fields, which may be any word, to keep them apart from the form's own."""


class ShownLookAlike(Struct, frozen=True):
    """Another number that a field warns of; `shown` where what was sent looks like it."""

    pattern: str
    warning: Text
    shown: bool


class FormField(Struct, frozen=True):
    """One field of a reference, as the form shows it."""

    id: str
    label: Text
    help: Text
    example: str
    typed: str
    error: FaturatError | None
    ignore: str
    uppercase: bool
    look_alikes: tuple[ShownLookAlike, ...]


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
    fields = tuple(
        FormField(
            id=PREFIX + field.id,
            label=field.label,
            help=field.help,
            example=field.example,
            typed=typed.get(field.id, ""),
            error=error if error is not None and error.field == field.id else None,
            ignore=field.ignore,
            uppercase=field.uppercase,
            look_alikes=_look_alikes(field, typed.get(field.id, "") if error is not None else ""),
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


def _look_alikes(field: ReferenceField, sent: str) -> tuple[ShownLookAlike, ...]:
    return tuple(
        ShownLookAlike(each.pattern, each.warning, looks_like(field, each, sent)) for each in field.look_alikes
    )
