"""Hypothesis: amounts survive the wire, documents bring errors of ours at worst, signatures fit one message."""

from datetime import UTC, datetime, timedelta

import pytest
from digitalb_kit import CARD, NOBODY, ONE, SAMPLES, SECRET, TWO, order, reference, sample
from hypothesis import assume, example, given
from hypothesis import strategies as st

from faturat.errors import BillerError, FaturatError, UnknownReference
from faturat.invoices.types import Invoice
from faturat.money import MAX_MINOR, to_decimal
from faturat.payments.types import Rejected, Unknown
from faturat_digitalb import mapping, signature, wire

ASKED = tuple(reference(each) for each in (ONE, TWO, NOBODY, CARD))
amounts = st.integers(0, MAX_MINOR - 1)


@given(owed=amounts, booked=amounts)
def test_amounts_round_trip(owed: int, booked: int) -> None:
    def entry(number: str, amount: int, payment_id: str = "") -> wire.Instalment:
        return wire.Instalment(
            number=number,
            month="2018-09",
            issued_on="2018-08-10",
            amount=to_decimal(amount),
            currency="ALL",
            payment_id=payment_id,
        )

    contract = wire.Contract(
        number=ONE, result="OK", open=(entry("1", owed),), booked=(entry("2", booked, "pay_1"), entry("3", booked))
    )
    document = wire.build(wire.ListInstalmentsReply(contract=(contract,)))
    answers = mapping.to_invoices(ASKED[:1], wire.parse(document, wire.ListInstalmentsReply))
    first, second = answers[ASKED[0]]
    assert isinstance(first, Invoice)
    assert (first.amount, first.total, first.payable.choices[0].amount, first.paid_by_order) == (owed, owed, owed, None)
    assert (second.total, second.paid_by_order) == (booked, "pay_1")


def read_everything(document: bytes) -> None:
    """Read a document as each reply; whatever it is, nothing but our two errors comes out."""
    readers = (
        lambda: mapping.to_subscriber(wire.parse(document, wire.FindContractReply)),
        lambda: mapping.to_outcome(order(), wire.parse(document, wire.PayInstalmentReply)),
        lambda: mapping.to_invoices(ASKED, wire.parse(document, wire.ListInstalmentsReply)),
        lambda: wire.parse(document, wire.Refusal),
    )
    for read in readers:
        try:
            answer = read()
        except (BillerError, UnknownReference):
            continue
        if isinstance(answer, dict):
            assert set(answer) == set(ASKED)
            assert all(isinstance(entry, tuple | FaturatError) for entry in answer.values())


@given(st.binary())
def test_any_bytes(document: bytes) -> None:
    read_everything(document)


hostile = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [
            b"<!DOCTYPE x>",
            b"&#0;",
            b"&e;",
            b"<![CDATA[",
            b"<a>" * 400,
            b"\xff\xfe",
            b"1e5",
            b"\x00",
            b"<!--",
            b'"',
            b"<?p",
        ]
    ),
)


@given(name=st.sampled_from(sorted(path.stem for path in SAMPLES.glob("*.xml"))), data=st.data(), graft=hostile)
def test_damaged_samples(name: str, data: st.DataObject, graft: bytes) -> None:
    document = sample(name)
    start = data.draw(st.integers(0, len(document)))
    end = data.draw(st.integers(start, min(len(document), start + 40)))
    read_everything(document[:start] + graft + document[end:])


@given(value=st.text(), field=st.sampled_from(sorted(wire.Booking.__struct_fields__)))
def test_any_text_in_a_booking_settles_nothing(value: str, field: str) -> None:
    booking = wire.Booking(**{field: value})
    try:
        mapping.to_outcome(order(), wire.PayInstalmentReply(result="OK", booking=(booking,)))
    except BillerError:
        return
    raise AssertionError("a booking with one field is nobody's receipt")


@given(result=st.text())
def test_only_the_table_rejects(result: str) -> None:
    assume(result not in ("OK", "ALREADY_PAID"))
    outcome = mapping.to_outcome(order(), wire.PayInstalmentReply(result=result))
    assert isinstance(outcome, Rejected if result in mapping.REFUSALS else Unknown)


header = st.text(st.characters(blacklist_characters="\n"))  # HTTP ends a header at the end of its line
parts = st.tuples(st.integers(100, 599), header, header, st.binary())


@given(said=parts, heard=parts)
def test_a_signature_fits_one_message_alone(
    said: tuple[int, str, str, bytes], heard: tuple[int, str, str, bytes]
) -> None:
    status, date, nonce, body = said
    signed = signature.sign(SECRET, str(status), date, nonce, body=body)
    headers = {signature.DATE: date, signature.NONCE: nonce, signature.SIGNATURE: signed}
    signature.check_reply(SECRET, status, headers, body, nonce)
    assume(said != heard)
    status, date, nonce, body = heard
    try:
        signature.check_reply(SECRET, status, headers | {signature.DATE: date, signature.NONCE: nonce}, body, nonce)
    except BillerError as error:
        assert error.why == "bad_signature"
        return
    raise AssertionError("another message passed under this signature")


@given(date=st.text())
@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:59-14:00")
@example("2018-08-15T00:00:00")
def test_any_text_as_a_date(date: str) -> None:
    assert isinstance(signature.is_current(date, datetime(2018, 8, 15, tzinfo=UTC)), bool)


@given(off=st.integers(-100_000, 100_000))
def test_the_window_is_300_seconds_either_way(off: int) -> None:
    now = datetime(2018, 8, 15, 8, 30, tzinfo=UTC)
    date = signature.write_date(now + timedelta(seconds=off))
    assert signature.is_current(date, now) == (-300 <= off <= 300)


def test_a_header_that_is_no_text_is_no_signature() -> None:
    headers = dict.fromkeys((signature.DATE, signature.NONCE, signature.SIGNATURE), "\udcff\ud800é")
    with pytest.raises(BillerError) as caught:
        signature.check_reply(SECRET, 200, headers, b"", "nonce")
    assert caught.value.why == "bad_signature"
