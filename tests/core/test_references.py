"""What somebody typed, made a reference or refused by name."""

import pytest
from fakes.biller import CODE, FakeBiller
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from faturat import Biller, FaturatError, ReferenceKind, Text
from faturat.references import looks_like, normalise, read_reference

BILLER = FakeBiller().describe_biller()


def code_of(typed: str, biller: Biller = BILLER) -> str:
    return read_reference(biller, None, {"code": typed}, register=True).reference.values["code"]


@pytest.mark.parametrize("typed", ["AB12", " ab 12 ", "ＡＢ１２", "AB\u200b12", "ab\u00a012", "A B\t1\n2"])
def test_what_people_paste_means_the_same(typed: str) -> None:
    assert code_of(typed) == "AB12"


def test_dashes_become_plain() -> None:
    assert code_of("AB–12—X") == "AB-12-X"


@given(st.text(max_size=80))
def test_normalising_is_idempotent(typed: str) -> None:
    once = normalise(CODE, typed)
    assert normalise(CODE, once) == once


def test_another_number_is_known_whether_or_not_the_field_would_take_it() -> None:
    [other] = CODE.look_alikes
    assert looks_like(replace(CODE, exact_length=4), other, " 123 456 789")
    assert not looks_like(CODE, other, "12345678")
    assert not looks_like(CODE, other, "1" * 9 + " " * 10 * CODE.max_length)


@given(st.text(max_size=900))
def test_anything_typed_is_taken_or_refused_by_its_field(typed: str) -> None:
    try:
        value = code_of(typed)
    except FaturatError as error:
        assert error.field == "code"
        assert error.message("sq")
        assert "Code" in error.message("en")
    else:
        assert value.isascii()


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "field_required"),
        ("   ", "field_required"),
        ("А" + "B12", "field_other_script"),  # the first letter is Cyrillic
        ("AΒ12", "field_other_script"),  # the second is Greek
        ("ABë12", "field_bad_characters"),
        ("AB_12", "field_bad_shape"),
        ("A" * 65, "field_too_long"),
        ("A" * 100_000, "field_too_long"),
    ],
)
def test_refusals(typed: str, error: str) -> None:
    with pytest.raises(FaturatError) as caught:
        code_of(typed)
    assert (caught.value.code, caught.value.field) == (error, "code")
    for language in ("sq", "en"):
        assert CODE.help.to(language) in caught.value.message(language), "it says where the right number stands"


def test_a_letter_of_another_alphabet_is_named() -> None:
    with pytest.raises(FaturatError) as caught:
        code_of("А" + "B12")
    assert "“А” of another alphabet (Cyrillic)" in caught.value.message("en")
    assert "(cirilik)" in caught.value.message("sq")


def test_a_length_counts_only_where_the_bank_set_it() -> None:
    field = replace(CODE, exact_length=6)
    biller = replace(BILLER, reference_kinds=(ReferenceKind("contract", Text("K", "C"), (field,)),))
    with pytest.raises(FaturatError) as caught:
        code_of("AB12", biller)
    assert caught.value.code == "field_wrong_length"
    assert code_of("AB1234", biller) == "AB1234"


def test_a_look_alike_warns_and_is_taken() -> None:
    read = read_reference(BILLER, "contract", {"code": "000000001"}, register=True)
    assert [warning.field for warning in read.warnings] == ["code"]


def test_kinds_and_fields_that_are_not_there() -> None:
    for kind, values, error in [
        ("nothing", {"code": "AB12"}, "bad_reference_kind"),
        ("slip", {"code": "AB12"}, "not_registrable"),
        ("contract", {"code": "AB12", "plate": "AA"}, "field_unknown"),
        ("contract", {}, "field_required"),
    ]:
        with pytest.raises(FaturatError) as caught:
            read_reference(BILLER, kind, values, register=True)
        assert caught.value.code == error
        assert caught.value.message("sq")
