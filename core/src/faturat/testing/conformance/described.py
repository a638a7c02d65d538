"""What the plugin says of itself: identity, fields, examples, languages, capabilities, settings."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
from msgspec.structs import force_setattr

from faturat.billers import Biller, ReferenceField
from faturat.errors import FaturatError
from faturat.gate.replies import MAX_TEXT
from faturat.references import read_reference
from faturat.testing.cases import Case
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import DoesNotApply, check, expect, fail, said
from faturat.text import Text

SECRETS = ("password", "passphrase", "secret", "token", "key")
"""Words in the names of settings that hold a secret, unless the name says where a file lies."""
NOT_SECRET = ("file", "path", "url", "id")


@check(
    "The host loads the plugin: its class, hooks, settings and description hold together.",
    "The words say what to change.",
)
def loads_as_the_host_loads_it(bench: Bench) -> None:
    bench.load()


@check(
    "describe_biller says the same each time, before open() and after, and without I/O.",
    "Make the Biller of the settings alone: no clock, no file, no counter.",
)
def says_the_same_each_time(bench: Bench) -> None:
    for when, loaded in (("before", bench.load()), ("after", bench.opened.loaded)):
        again = loaded.relay.describe_biller()
        expect(again == loaded.biller, f"two calls of describe_biller differ {when} open()")


@check(
    "Every text is there in Albanian and in English, on one line, without control characters.",
    f"Write both languages, up to {MAX_TEXT} characters each.",
)
def every_text_is_in_both_languages(bench: Bench) -> None:
    for where, text in texts(bench.biller):
        for language, words in (("sq", text.sq), ("en", text.en)):
            expect(bool(words.strip()), f"{where} is empty in {language}")
            expect(words.isprintable() and len(words) <= MAX_TEXT, f"{where} in {language} is no short line of text")


@check(
    "Albanian and English are two texts, not one text twice.",
    "Translate it; only a label of one word, such as PIN, may be the same in both.",
)
def albanian_and_english_differ(bench: Bench) -> None:
    for where, text in texts(bench.biller):
        one_word = where.endswith("label") and " " not in text.sq
        expect(text.sq != text.en or one_word, f"{where} is the same in both languages: {text.sq!r}")


@check(
    "Each field's example is read as it stands, and resembles no other number.",
    "Write the example normalised, within the field's lengths, and unlike its look-alikes.",
)
def examples_read_as_themselves(bench: Bench) -> None:
    for kind in bench.biller.reference_kinds:
        values = {field.id: field.example for field in kind.fields}
        try:
            read = read_reference(bench.biller, kind.id, values, register=False)
        except FaturatError as error:
            fail(f"the examples of {kind.id!r} are refused: {said(error)} for the field {error.field!r}")
        expect(read.reference.values == values, f"the examples of {kind.id!r} are read as {read.reference.values}")
        expect(not read.warnings, f"the examples of {kind.id!r} bring a look-alike's warning")


@check(
    "A field takes as much as its example, and is bounded.",
    f"Set max_length from the example's length to {MAX_TEXT}.",
)
def fields_are_bounded(bench: Bench) -> None:
    for field in fields(bench.biller):
        least = len(field.example)
        expect(least <= field.max_length <= MAX_TEXT, f"field {field.id!r}: max_length is {field.max_length}")


@check(
    "No length is enforced that the bank did not set: no company publishes its format.",
    "Leave exact_length None, unless a setting of the plugin says it.",
)
def no_length_is_enforced(bench: Bench) -> None:
    for field in fields(bench.biller):
        expect(field.exact_length is None, f"field {field.id!r} takes {field.exact_length} characters only")


@check(
    "The simulator's magic references are valid, one for each case, and bring no warning.",
    "Give case_reference() other values, of the shape of the fields' examples.",
)
def magic_references_read_as_themselves(bench: Bench) -> None:
    references = {case: bench.case(case) for case in Case}
    expect(len(set(references.values())) == len(Case), "two cases have one reference")
    for case, reference in references.items():
        try:
            read = read_reference(bench.biller, reference.kind, reference.values, register=False)
        except FaturatError as error:
            fail(f"the reference of {case.value!r} is refused: {said(error)} for the field {error.field!r}")
        expect(read.reference == reference, f"the reference of {case.value!r} is read as {read.reference.values}")
        expect(not read.warnings, f"the reference of {case.value!r} brings a look-alike's warning")


@check(
    "not_found_final_after needs status_inquiry, and is longer than one request may take.",
    "Set it above the plugin's own time-out; leave it None where the company says nothing final.",
)
def capabilities_fit_together(bench: Bench) -> None:
    able = bench.load().relay.describe_biller().capabilities
    final: timedelta | None = able.not_found_final_after
    if final is None:
        raise DoesNotApply("not_found_final_after is not declared")
    expect(able.status_inquiry, "not_found_final_after is declared, and status_inquiry is not")
    longest = timedelta(seconds=float(getattr(bench.configured(), "timeout", 0)))
    expect(final > longest, f"not_found_final_after is {final}, and a request may take {longest}")


@check(
    "A hook is there only where a capability declares it: the host calls no other.",
    "Declare the capability, or take the hook away.",
)
def hooks_fit_the_capabilities(bench: Bench) -> None:
    able = bench.biller.capabilities
    by_files = able.exchange_every is not None
    due = {
        "payment_status": able.status_inquiry,
        "find_contract": not by_files,
        "fetch_invoices": not by_files,
        "collect_files": by_files,
        "exchange": by_files,
        "send_files": by_files,
        "fetch_statement": able.statements,
        "read_statement": able.statements,
    }
    for hook in sorted(bench.opened.loaded.hooks):
        expect(due.get(hook, True), f"{hook} is implemented, and no capability declares it")


@check(
    "A setting that the plugin does not know stops the start.",
    "Give Settings `forbid_unknown_fields=True`.",
)
def unknown_settings_are_refused(bench: Bench) -> None:
    try:
        msgspec.convert(bench.settings | {"no_such_setting": 1}, bench.subject.plugin.Settings, strict=False)
    except msgspec.ValidationError:
        return
    fail("the setting no_such_setting was taken")


@check(
    "A password does not show where the settings are printed.",
    "Write a __repr__ that leaves secrets out.",
)
def secrets_are_not_shown(bench: Bench) -> None:
    secrets = [name for name in bench.subject.plugin.Settings.__struct_fields__ if _is_secret(name)]
    if not secrets:
        raise DoesNotApply("no setting is named like a secret")
    for name in secrets:
        settings = bench.configured()
        force_setattr(settings, name, "not-to-be-shown")
        expect("not-to-be-shown" not in repr(settings) + str(settings), f"the setting {name} shows in repr()")


def _is_secret(name: str) -> bool:
    words = name.split("_")
    return any(word in words for word in SECRETS) and not any(word in words for word in NOT_SECRET)


def fields(biller: Biller) -> Iterator[ReferenceField]:
    for kind in biller.reference_kinds:
        yield from kind.fields


def texts(biller: Biller) -> Iterator[tuple[str, Text]]:
    """Every text of a description, with where it stands."""
    for kind in biller.reference_kinds:
        yield f"kind {kind.id!r}: label", kind.label
        for field in kind.fields:
            yield f"field {field.id!r}: label", field.label
            yield f"field {field.id!r}: help", field.help
            for look_alike in field.look_alikes:
                yield f"field {field.id!r}: the look-alike's warning", look_alike.warning
