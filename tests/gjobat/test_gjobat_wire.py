"""Golden messages: what is built is the sample, byte for byte, and what is parsed is the message."""

from datetime import date, datetime, timedelta, timezone

import pytest
from gjobat_kit import SAMPLES, sample

from faturat.errors import BillerError
from faturat_gjobat import wire

HALF_PRICE = wire.Fine(
    number="000000101",
    registered_on=date(2026, 11, 11),
    due_on=date(2026, 11, 26),
    amount="5000.00",
    penalty="0.00",
    discount="2500.00",
    total="2500.00",
    currency="ALL",
)
LATE = wire.Fine(
    number="000000201",
    registered_on=date(2026, 10, 2),
    due_on=date(2026, 11, 1),
    amount="2000.00",
    penalty="600.00",
    discount="0.00",
    total="2600.00",
    currency="ALL",
)
FULL_PRICE = wire.Fine(
    number="000000301",
    registered_on=date(2026, 10, 27),
    due_on=date(2026, 11, 26),
    amount="4000.00",
    penalty="0.00",
    discount="0.00",
    total="4000.00",
    currency="ALL",
)
BOOKED = wire.Payment(
    order="pay_0194f0000001",
    fine="000000101",
    amount="2500.00",
    currency="ALL",
    receipt="R000000001",
    settled_at=datetime(2026, 11, 16, 10, 30, tzinfo=timezone(timedelta(hours=1))),
)
MESSAGES = {
    "search_vehicle_request": wire.Search(vehicle=wire.Vehicle(plate="AA123BB", chassis="TEST0000000000001")),
    "search_fine_request": wire.Search(fine="000000301"),
    "search_vehicle_reply": wire.SearchReply(result="OK", subscriber="Test Test", fines=(HALF_PRICE, LATE)),
    "search_fine_reply": wire.SearchReply(result="OK", subscriber="Test Test", fines=(FULL_PRICE,)),
    "search_no_fines": wire.SearchReply(result="OK", subscriber="Test Test", fines=()),
    "search_not_found": wire.SearchReply(result="NOT_FOUND"),
    "pay_request": wire.Pay(order="pay_0194f0000001", fine="000000101", amount="2500.00", currency="ALL"),
    "pay_reply": wire.PaymentReply(result="PAID", payment=BOOKED),
    "pay_already_paid": wire.PaymentReply(
        result="ALREADY_PAID", payment=wire.Payment(order="another-channel-1", fine="000000101")
    ),
    "pay_amount_changed": wire.PaymentReply(result="AMOUNT_CHANGED"),
    "pay_refused": wire.PaymentReply(result="REFUSED"),
    "pay_unknown_fine": wire.PaymentReply(result="UNKNOWN_FINE"),
    "status_reply": wire.PaymentReply(result="PAID", payment=BOOKED),
    "daily_payments": wire.DailyPayments(day=date(2026, 11, 16), count=1, total="2500.00", payments=(BOOKED,)),
    "daily_payments_none": wire.DailyPayments(day=date(2026, 11, 17), count=0, total="0.00", payments=()),
    "status_not_found": wire.PaymentReply(result="NOT_FOUND"),
}


def test_every_sample_is_covered() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_golden_message(name: str) -> None:
    assert wire.build(MESSAGES[name]) == sample(name)
    assert wire.parse(sample(name), type(MESSAGES[name])) == MESSAGES[name]


def test_what_is_not_known_is_passed_over() -> None:
    document = sample("pay_reply").replace(b'{"order"', b'{"office":{"city":"Test"},"order"')
    assert wire.parse(document, wire.PaymentReply) == MESSAGES["pay_reply"]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "bad_json"),
        (b"<html>", "bad_json"),
        (sample("pay_reply")[:100], "bad_json"),
        (sample("pay_reply") + b"}", "bad_json"),
        (sample("pay_reply").replace(b"R000", b"R\xff00"), "bad_json"),
        (sample("pay_reply").replace(b'"2500.00"', b"NaN"), "bad_json"),
        (b'{"result":"PAID","office":' + b"[" * 200_000, "bad_json"),
        (b"[" * 200_000, "bad_message"),
        (b"{}", "bad_message"),
        (b"null", "bad_message"),
        (b'{"result":null}', "bad_message"),
        (b'{"result":"PAID","payment":{}}', "bad_message"),
        (sample("pay_reply").replace(b'"2500.00"', b"2500.00"), "bad_message"),
        (sample("pay_reply").replace(b"10:30:00+01:00", b"10:30:00"), "bad_message"),
        (sample("pay_reply").replace(b"2026-11-16T10", b"16.11.2026 10"), "bad_message"),
    ],
)
def test_what_cannot_be_read_is_refused(document: bytes, why: str) -> None:
    with pytest.raises(BillerError) as caught:
        wire.parse(document, wire.PaymentReply)
    assert (caught.value.code, caught.value.why) == ("biller_bad_reply", why)


@pytest.mark.parametrize("member", ["number", "registered_on", "amount", "penalty", "discount", "total", "currency"])
def test_a_fine_with_a_member_missing_is_refused(member: str) -> None:
    with pytest.raises(BillerError, match="biller_bad_reply"):
        wire.parse(sample("search_fine_reply").replace(f'"{member}"'.encode(), b'"other"'), wire.SearchReply)
