"""Golden messages: what is built is the sample, and what is parsed is the message."""

from datetime import date, datetime, timedelta, timezone

import msgspec
import pytest
from ukt_kit import CURRENT, ORDER_ID, OVERDUE, SAMPLES, sample

from faturat.errors import BillerError
from faturat_ukt import wire

OVERDUE_INVOICE = wire.OpenInvoice(
    invoice="U-000000003",
    issued_on=date(2018, 6, 16),
    due_on=date(2018, 7, 16),
    lines=(
        wire.Line("Furnizimi me ujë", "1177.00"),
        wire.Line("Kanalizimet", "321.00"),
        wire.Line("Tarifa e pastrimit", "321.00"),
        wire.Line("Taksa e ndërtesës", "214.00"),
        wire.Line("Taksa e infrastrukturës arsimore", "107.00"),
    ),
    amount="2140.00",
    penalty="42.80",
    total="2182.80",
    currency="ALL",
)
CURRENT_INVOICE = wire.OpenInvoice(
    invoice="U-000000004",
    issued_on=date(2018, 7, 16),
    lines=(
        wire.Line("Furnizimi me ujë", "1094.60"),
        wire.Line("Kanalizimet", "298.52"),
        wire.Line("Tarifa e pastrimit", "298.52"),
        wire.Line("Taksa e ndërtesës", "199.01"),
        wire.Line("Taksa e infrastrukturës arsimore", "99.50"),
    ),
    amount="1990.15",
    penalty="0.00",
    total="1990.15",
    currency="ALL",
)
BOOKED = wire.BookedPayment(
    order_id=ORDER_ID,
    invoice="U-000000001",
    status="settled",
    contract=CURRENT,
    amount="1862.40",
    currency="ALL",
    receipt="R000000001",
    settled_at=datetime(2018, 8, 15, 10, 30, tzinfo=timezone(timedelta(hours=2))),
)
REPLIES = {
    "token_reply": wire.Token(access_token="sample-token", token_type="Bearer", expires_in=3600),
    "contract_reply": wire.Contract(contract=CURRENT, subscriber="Test Test"),
    "contract_unknown": wire.Problem(error="unknown_contract"),
    "invoices_none": wire.InvoicePage(contract=CURRENT, page=1, pages=1, count=0, owed="0.00", items=()),
    "invoices_reply": wire.InvoicePage(
        contract=OVERDUE, page=1, pages=1, count=2, owed="4172.95", items=(OVERDUE_INVOICE, CURRENT_INVOICE)
    ),
    "pay_reply": BOOKED,
    "pay_processing": wire.BookedPayment(order_id=ORDER_ID, invoice="U-000000001", status="processing"),
    "pay_already_paid": wire.Problem(
        error="already_paid", payment=wire.BookedPayment(order_id="another-channel-1", invoice="U-000000001")
    ),
    "pay_amount_changed": wire.Problem(error="amount_changed"),
}
PAYMENT = wire.Payment(contract=CURRENT, invoice="U-000000001", amount="1862.40", currency="ALL")


def test_every_sample_is_covered() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == {f"{name}.json" for name in REPLIES} | {
        "pay_request.json",
        "token_request.txt",
        "statement.csv",
    }


@pytest.mark.parametrize("name", REPLIES)
def test_golden_reply(name: str) -> None:
    """The samples are laid out for people; the company's bytes are the same without white space."""
    assert msgspec.json.format(wire.build(REPLIES[name]), indent=2) + b"\n" == sample(name)
    assert wire.parse(sample(name), type(REPLIES[name])) == REPLIES[name]


def test_golden_request_is_byte_for_byte_what_is_sent() -> None:
    assert wire.build(PAYMENT) == sample("pay_request")
    assert wire.parse(sample("pay_request"), wire.Payment) == PAYMENT
    assert sample("token_request") == wire.TOKEN_REQUEST


def test_members_that_are_not_known_are_passed_over() -> None:
    more = sample("contract_reply").replace(b"{", b'{"address": {"street": ["Test"]},', 1)
    assert wire.parse(more, wire.Contract) == REPLIES["contract_reply"]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "bad_json"),
        (b"<html>", "bad_json"),
        (sample("contract_reply")[:20], "bad_json"),
        (sample("contract_reply").decode().encode("utf-16"), "bad_json"),
        (b'\xef\xbb\xbf{"contract": "1"}', "bad_json"),
        (b'{"contract": "\xff", "subscriber": "Test"}', "bad_json"),
        (b'{"contract": "1", "subscriber": NaN}', "bad_json"),
        (b'{"contract": "1", "subscriber": ' + b"[" * 300_000, "bad_shape"),
        (b'{"more": ' + b"[" * 300_000, "bad_json"),
        (b"null", "bad_shape"),
        (b"[]", "bad_shape"),
        (b'{"contract": "1"}', "bad_shape"),
        (b'{"contract": 1, "subscriber": "Test"}', "bad_shape"),
        (b'{"contract": "1", "subscriber": null}', "bad_shape"),
    ],
)
def test_what_cannot_be_read_is_refused(document: bytes, why: str) -> None:
    with pytest.raises(BillerError) as caught:
        wire.parse(document, wire.Contract)
    assert (caught.value.code, caught.value.why) == ("biller_bad_reply", why)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"1862.40"', b"1862.40"),  # a number would be a float
        (b'"2018-08-15T10:30:00+02:00"', b'"2018-08-15T10:30:00"'),
        (b'"2018-08-15T10:30:00+02:00"', b'"yesterday"'),
    ],
)
def test_a_booking_has_exact_amounts_and_aware_times(old: bytes, new: bytes) -> None:
    with pytest.raises(BillerError, match="biller_bad_reply"):
        wire.parse(sample("pay_reply").replace(old, new), wire.BookedPayment)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"sample-token", b""),
        (b"sample-token", b"a b"),
        (b"sample-token", b"a\\r\\nHost: evil"),
        (b"sample-token", b"a\\n"),
        (b"sample-token", "ë".encode()),
        (b"sample-token", b"x" * 4097),
        (b'"Bearer"', b'"mac"'),
        (b'"Bearer"', b'"Bearer\\n"'),
        (b"3600", b"0"),
        (b"3600", b"-1"),
        (b"3600", b"1e300"),
        (b"3600", b'"3600"'),
    ],
)
def test_a_token_that_could_not_be_used_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(BillerError, match="biller_bad_reply"):
        wire.parse(sample("token_reply").replace(old, new), wire.Token)


def test_the_kind_of_token_is_written_in_any_case() -> None:
    assert wire.parse(sample("token_reply").replace(b"Bearer", b"bearer"), wire.Token).access_token == "sample-token"


STATEMENT = (SAMPLES / "statement.csv").read_bytes()


def test_golden_statement() -> None:
    rows, end = wire.parse_statement(STATEMENT)
    assert [row.order_id for row in rows] == [ORDER_ID, "pay_0194f0000002"]
    assert rows[0] == wire.StatementRow(
        ORDER_ID, "U-000000001", "1862.40", "ALL", "R000000001", "2018-08-15T10:30:00+02:00"
    )
    assert end == wire.StatementEnd("2018-08-15", "2", "4045.20")
    assert wire.build_statement(rows, end) == STATEMENT


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\n",
        STATEMENT[:-1],
        STATEMENT[: STATEMENT.index(b"END")],
        STATEMENT.replace(b"order_id;", b"order;"),
        STATEMENT.replace(b";ALL;R000000001", b";R000000001"),
        STATEMENT.replace(b";ALL;R000000001", b";ALL;1;R000000001"),
        STATEMENT.replace(b"R000000001", b'"R000000001'),
        STATEMENT.replace(b"R000000001", b"R\xff"),
        STATEMENT + b"END;2018-08-15;2;4045.20\n",
        STATEMENT.split(b"\n", 1)[1],
    ],
)
def test_a_statement_that_cannot_be_read_whole_is_refused(document: bytes) -> None:
    with pytest.raises(BillerError, match="biller_bad_reply") as caught:
        wire.parse_statement(document)
    assert caught.value.why == "bad_statement"
