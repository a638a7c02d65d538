"""References as people type them: taken, normalised, or refused by name, as the plugin's own fields say."""

import re
import time
from collections.abc import Iterator

from hypothesis import strategies as st

from faturat.billers import Biller, Reference, ReferenceField, ReferenceKind, Subscriber
from faturat.errors import FaturatError
from faturat.references import ReadReference, normalise, read_reference
from faturat.testing.books import CompanyContract
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import DoesNotApply, check, expect, fail, said
from faturat.testing.conformance.drawing import for_all, matching, references, values
from faturat.text import LANGUAGES, Text

CYRILLIC = dict(zip("ABEKMHOPCTXaeopcx0", "АВЕКМНОРСТХаеорсхО", strict=True))
"""Letters that look the same to a reader; the last stands for a digit."""
STRANGE = "<>\"'`;|&$%*?=\\{}\x00ëç"
"""Signs that no company's number has: they are those of markup, shells, queries and paths."""
QUICK = 0.1
"""Seconds of work that a pattern may take for one value."""


def typed_in(biller: Biller, kind: ReferenceKind, field: ReferenceField, typed: str) -> ReadReference | FaturatError:
    """What the host makes of a value typed in one field, with the examples in the others."""
    others = {each.id: each.example for each in kind.fields}
    try:
        return read_reference(biller, kind.id, others | {field.id: typed}, register=False)
    except FaturatError as error:
        return error


def each_field(biller: Biller) -> Iterator[tuple[ReferenceKind, ReferenceField]]:
    for kind in biller.reference_kinds:
        for field in kind.fields:
            yield kind, field


@check(
    "What a field's pattern allows is read, and normalising it changes nothing but small letters.",
    "Take out of the pattern what normalisation removes: the signs in `ignore`, and with `uppercase` small letters.",
)
def what_a_pattern_allows_is_read(bench: Bench) -> None:
    for kind, field in each_field(bench.biller):
        _is_read(bench.biller, kind, field)


def _is_read(biller: Biller, kind: ReferenceKind, field: ReferenceField) -> None:
    def is_read(typed: str) -> None:
        answer = typed_in(biller, kind, field, typed)
        if isinstance(answer, FaturatError):
            fail(f"field {field.id!r}: {typed!r} matches the pattern, and is refused by {said(answer)}")
        value = answer.reference.values[field.id]
        wanted = typed.upper() if field.uppercase else typed
        expect(value == wanted, f"field {field.id!r}: {typed!r} matches the pattern, and is read as {value!r}")
        expect(normalise(field, value) == value, f"field {field.id!r}: {value!r} is not normalised")

    for_all(values(field), is_read, 25)


@check(
    "What people paste along means nothing: spaces, invisible signs, full-width digits, long dashes.",
    "Let `ignore` name no sign that the company's numbers hold.",
)
def pasted_signs_mean_nothing(bench: Bench) -> None:
    for kind, field in each_field(bench.biller):
        for paste in (_spaced, _wide, _dashed):
            pasted = paste(field.example)
            answer = typed_in(bench.biller, kind, field, pasted)
            if isinstance(answer, FaturatError):
                fail(f"field {field.id!r}: {pasted!r} is refused by {said(answer)}")
            value = answer.reference.values[field.id]
            expect(value == field.example, f"field {field.id!r}: {pasted!r} is read as {value!r}")


def _spaced(value: str) -> str:
    return " \u00a0" + "\u200b ".join(value) + "\t "


def _wide(value: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in value)


def _dashed(value: str) -> str:
    return value.replace("-", "\u2013")


@check(
    "A near miss is refused by the field's name, in both languages: nothing, too much, a letter of another alphabet.",
    "Give the field a label in both languages, and a max_length.",
)
def near_misses_are_refused_by_name(bench: Bench) -> None:
    for kind, field in each_field(bench.biller):
        look_alike = next((each for each in CYRILLIC if each in field.example), "")
        swapped = field.example.replace(look_alike, CYRILLIC.get(look_alike, "Ж"), 1)
        for typed in ("", " ", field.example[:1] * (field.max_length + 1), swapped):
            _refuses(bench.biller, kind, field, typed)


@check(
    "A reference holds letters, digits and plain marks; the signs of markup, shells and queries are refused.",
    r"Narrow the field's pattern, for example to [0-9A-Za-z.\/\-]+.",
)
def strange_signs_are_refused(bench: Bench) -> None:
    for kind, field in each_field(bench.biller):
        for sign in STRANGE:
            _refuses(bench.biller, kind, field, field.example + sign)


def _refuses(biller: Biller, kind: ReferenceKind, field: ReferenceField, typed: str) -> None:
    answer = typed_in(biller, kind, field, typed)
    if not isinstance(answer, FaturatError):
        fail(f"field {field.id!r}: {typed[:80]!r} is taken, as {answer.reference.values[field.id][:80]!r}")
    expect(answer.field == field.id, f"{typed[:80]!r} in {field.id!r} is refused for the field {answer.field!r}")
    for language in LANGUAGES:
        label = field.label.to(language)
        expect(bool(label) and label in answer.message(language), f"the refusal in {language} names no field")


@check(
    "A look-alike warns of numbers that can be typed.",
    "Write its pattern for the normalised value, within what the field's own pattern allows.",
)
def look_alikes_warn(bench: Bench) -> None:
    open_fields = [(kind, field) for kind, field in each_field(bench.biller) if field.exact_length is None]
    warning = [(kind, field, each) for kind, field in open_fields for each in field.look_alikes]
    if not warning:
        raise DoesNotApply("no field has look-alikes, or the bank's length says more")
    for kind, field, look_alike in warning:
        told = _told(bench.biller, kind, field, look_alike.pattern)
        expect(
            look_alike.warning in told, f"field {field.id!r}: nothing that can be typed matches {look_alike.pattern!r}"
        )


def _told(biller: Biller, kind: ReferenceKind, field: ReferenceField, pattern: str) -> set[Text]:
    """The warnings that values of a pattern bring."""
    told: set[Text] = set()

    def type_it(typed: str) -> None:
        answer = typed_in(biller, kind, field, typed)
        if isinstance(answer, ReadReference):
            told.update(warning.text for warning in answer.warnings)

    for_all(matching(pattern, field.max_length), type_it, 25)
    return told


@check(
    "A pattern answers at once, whatever somebody types.",
    "Take nested repetition out of it: ([0-9]+)+ is the same as [0-9]+.",
)
def patterns_are_quick(bench: Bench) -> None:
    for _, field in each_field(bench.biller):
        for pattern in (field.pattern, *(each.pattern for each in field.look_alikes)):
            for length in range(8, field.max_length + 1, 2):
                for sign in (field.example[0], "0", "A"):
                    took = _seconds(pattern, sign * length + "!")
                    expect(took < QUICK, f"field {field.id!r}: {pattern!r} takes {took:.1f} s for {length} signs")


def _seconds(pattern: str, value: str) -> float:
    started = time.thread_time()
    re.fullmatch(pattern, value)
    return time.thread_time() - started


@check(
    "Every reference that the fields allow reaches the company as it is, and no two become one.",
    "Quote it for where it goes (an address, XML, a file), and change neither its signs nor their case.",
)
def every_reference_reaches_the_company(bench: Bench) -> None:
    books, contract_of = bench.company.books, bench.company.contract_of
    kind = bench.biller.reference_kinds[0]

    def reaches(asked: list[Reference]) -> None:
        for number, reference in enumerate(asked):
            books.add_contract(CompanyContract(contract_of(reference), f"Test {number}"))
        for reference in asked:
            answer = bench.find(reference)
            known = Subscriber(books.subscriber(contract_of(reference)) or "")
            expect(answer == known, f"{reference.values} is a contract of the company; the answer was {said(answer)}")

    reaches(list(_marked(bench.biller, kind)))
    for_all(st.lists(references(bench.biller, kind), min_size=1, max_size=6, unique_by=contract_of), reaches, 5)


def _marked(biller: Biller, kind: ReferenceKind) -> Iterator[Reference]:
    """The examples with each mark that a pattern allows, in the middle of a field and at its ends."""
    marks = [sign for sign in map(chr, range(0x21, 0x7F)) if not sign.isalnum()]
    for field in kind.fields:
        middle = len(field.example) // 2
        for mark in marks:
            for place in (0, middle, len(field.example)):
                answer = typed_in(biller, kind, field, field.example[:place] + mark + field.example[place:])
                if isinstance(answer, ReadReference):
                    yield answer.reference
