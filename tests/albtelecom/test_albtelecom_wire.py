"""Golden files: what is built is the sample byte for byte, what is read its records; what is not whole is refused."""

from datetime import UTC, datetime

import pytest
from albtelecom_kit import FIRST, MADE_AT, SAMPLES, SECOND, order, settled_record

from faturat_albtelecom import mapping, wire

ORDERS = (
    order(),
    order(
        "pay_0194f0000002",
        contract=SECOND,
        invoice_key="000000004",
        part=2,
        amount=500_00,
        created_at=datetime(2018, 8, 15, 9, 0, tzinfo=UTC),
    ),
)
REFUSED = settled_record(
    order_id="pay_0194f0000002",
    result="REJECTED",
    code="AMOUNT_CHANGED",
    receipt_number="",
    settled_at="",
    amount="500.00",
)
FILES = {
    "OPEN-20180815-001.csv": (
        wire.OPEN,
        MADE_AT,
        (
            wire.OpenContract(FIRST, "Test Test", "1"),
            wire.OpenInvoice(
                FIRST, "000000001", "2018-07-26", "2018-08-25", "1", "1850.00", "0.00", "0.00", "1850.00", "ALL"
            ),
            wire.OpenContract(SECOND, 'Test; "Çelësi"', "2"),
            wire.OpenInvoice(
                SECOND, "000000003", "2018-06-16", "2018-07-16", "1", "2400.00", "48.00", "0.00", "2448.00", "ALL"
            ),
            wire.OpenInvoice(SECOND, "000000004", "2018-08-05", "", "2", "2120.50", "0.00", "20.50", "2100.00", "ALL"),
            wire.OpenContract("200000003", "Test Test", "0"),
        ),
    ),
    "PAY-20180815-8509505353f0.csv": (
        wire.PAY,
        "2018-08-15T09:00:00+00:00",
        (
            wire.Payment("pay_0194f0000001", FIRST, "000000001", "1", "1850.00", "ALL"),
            wire.Payment("pay_0194f0000002", SECOND, "000000004", "2", "500.00", "ALL"),
        ),
    ),
    "ACK-PAY-20180815-8509505353f0-001.csv": (wire.ACK, MADE_AT, (settled_record(),)),
    "ACK-PAY-20180815-8509505353f0-002.csv": (wire.ACK, MADE_AT, (REFUSED,)),
    "BOOKED-20180815-001.csv": (
        wire.BOOKED,
        "2018-08-16T00:05:00.000000+02:00",
        (
            wire.Day("2018-08-15"),
            wire.Booked(
                "pay_0194f0000001", "000000001", "1", "R000000001", "2018-08-15T10:30:00+02:00", "1850.00", "ALL"
            ),
            wire.Booked(
                "pay_0194f0000002", "000000004", "2", "R000000002", "2018-08-15T11:45:00+02:00", "500.00", "ALL"
            ),
        ),
    ),
}
WHOLE = wire.build(*FILES["OPEN-20180815-001.csv"])


def records(content: bytes, kind: str = wire.OPEN) -> list[wire.Record | None]:
    return list(wire.read(content, kind)[1])


def test_every_sample_is_covered() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_golden_file(name: str) -> None:
    kind, made_at, expected = FILES[name]
    golden = (SAMPLES / name).read_bytes()
    assert wire.build(kind, made_at, expected) == golden
    header, read = wire.read(golden, kind)
    assert header == wire.Header(kind, "1", made_at)
    assert tuple(read) == expected


def test_the_payment_file_is_the_golden_one() -> None:
    for orders in (ORDERS, ORDERS[::-1]):
        (file,) = mapping.payment_files(orders)
        assert file.name == "PAY-20180815-8509505353f0.csv"
        assert file.content == (SAMPLES / file.name).read_bytes()
        assert file.orders == ("pay_0194f0000001", "pay_0194f0000002")


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1],
        lambda whole: whole + b"\n",
        lambda whole: whole + b"T;0;0;",
        lambda whole: whole + whole,
        lambda whole: b"\xef\xbb\xbf" + whole,
        lambda whole: whole.replace(b"\n", b"\r\n"),
        lambda whole: whole.replace(b"1850.00", b"1850.01"),
        lambda whole: whole.replace(b"T;6;", b"T;7;"),
        lambda whole: whole.replace(b";639800;", b";639801;"),
        lambda whole: bytes(range(256)),
        lambda whole: wire.seal(b""),
        lambda whole: wire.seal(b"C;1;Test Test;0\n"),
        lambda whole: wire.seal(b"H;OPEN;2;" + MADE_AT.encode() + b"\n"),
        lambda whole: wire.seal(b"H;PAY;1;" + MADE_AT.encode() + b"\n"),
    ],
)
def test_a_file_that_does_not_hold_together_is_cut(damage: object) -> None:
    assert len(records(WHOLE)) == 6
    damaged = damage(WHOLE)
    assert damaged != WHOLE
    with pytest.raises(wire.Cut):
        records(damaged)


def test_a_sum_that_is_not_that_of_the_records_is_cut_though_the_digest_is_right() -> None:
    body, trailer = WHOLE[: WHOLE.rindex(b"T;")], WHOLE[WHOLE.rindex(b"T;") :]
    wrong = body + trailer.replace(b";639800;", b";639801;")
    with pytest.raises(wire.Cut):
        records(wrong)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b";",
        b"X;1;2;3",
        b"C;200000001;Test Test",
        b"C;200000001;Test Test;1;1",
        b'C;200000001;"Test;1',
        b'C;200000001;"Test"Test;1',
        b"C;200000001;Test\rTest;1",
        b"C;200000001;T\xebst;1",
        b"C;200000001;" + b"T" * 200_000 + b";1",
        b"H;OPEN;1;2018-08-15T08:30:00+00:00",
        b"T;0;0;0",
    ],
)
def test_a_line_that_cannot_be_read_is_one_record_alone(line: bytes) -> None:
    body = WHOLE[: WHOLE.rindex(b"T;")]
    read = records(wire.seal(body.replace(b"C;200000003", line + b"\nC;200000003")))
    assert read == [*FILES["OPEN-20180815-001.csv"][2][:5], None, FILES["OPEN-20180815-001.csv"][2][5]]


@pytest.mark.parametrize("name", ["Test\nTest", "Test\rTest"])
def test_a_line_break_is_never_written(name: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        wire.build(wire.OPEN, MADE_AT, [wire.OpenContract(FIRST, name, "0")])
