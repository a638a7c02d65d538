"""Golden messages: what is built is the sample byte for byte, and what is parsed is the message."""

import pytest
from digitalb_kit import CARD, NOBODY, ONE, SAMPLES, SECRET, TWO, sample

from faturat.errors import BillerError
from faturat_digitalb import signature, wire

BOOKING = wire.Booking(
    payment_id="pay_0194f0000001",
    instalment_number="000000001",
    amount="1200.00",
    currency="ALL",
    receipt_number="R000000001",
    booked_at="2018-08-15T10:30:00+02:00",
)


def instalment(number: str, month: str, issued_on: str, amount: str, **more: str) -> wire.Instalment:
    return wire.Instalment(number=number, month=month, issued_on=issued_on, amount=amount, currency="ALL", **more)


MESSAGES = {
    "find_contract_request": wire.FindContract(contract_number=ONE),
    "find_contract_reply": wire.FindContractReply(result="OK", subscriber="Test Test"),
    "find_contract_unknown": wire.FindContractReply(result="UNKNOWN_CONTRACT"),
    "find_contract_smartcard": wire.FindContractReply(result="SMARTCARD_NUMBER"),
    "list_instalments_request": wire.ListInstalments(
        contract=tuple(wire.AskedContract(number=each) for each in (ONE, TWO, NOBODY, CARD))
    ),
    "list_instalments_reply": wire.ListInstalmentsReply(
        contract=(
            wire.Contract(
                number=ONE,
                result="OK",
                open=(instalment("000000001", "2018-09", "2018-08-10", "1200.00"),),
            ),
            wire.Contract(
                number=TWO,
                result="OK",
                open=(instalment("000000003", "2018-09", "2018-08-10", "1750.00", due_on="2018-08-31"),),
                booked=(
                    instalment("000000002", "2018-08", "2018-07-11", "1750.00", payment_id="pay_0194f0000002"),
                    instalment("000000005", "2018-07", "2018-06-11", "1700.00"),
                ),
            ),
            wire.Contract(number=NOBODY, result="UNKNOWN_CONTRACT"),
            wire.Contract(number=CARD, result="SMARTCARD_NUMBER"),
        )
    ),
    "pay_instalment_request": wire.PayInstalment(
        payment_id="pay_0194f0000001",
        contract_number=ONE,
        instalment_number="000000001",
        amount="1200.00",
        currency="ALL",
    ),
    "pay_instalment_reply": wire.PayInstalmentReply(result="OK", booking=(BOOKING,)),
    "pay_instalment_already_paid": wire.PayInstalmentReply(
        result="ALREADY_PAID",
        booking=(wire.Booking(payment_id="another-channel-1", instalment_number="000000001"),),
    ),
    "pay_instalment_amount_changed": wire.PayInstalmentReply(result="AMOUNT_CHANGED"),
    "pay_instalment_refused": wire.PayInstalmentReply(result="REFUSED"),
    "list_bookings_request": wire.ListBookings(day="2018-08-15"),
    "list_bookings_reply": wire.ListBookingsReply(day="2018-08-15", count="1", total="1200.00", booking=(BOOKING,)),
    "refusal": wire.Refusal(code="CLOCK_SKEW"),
}


def test_every_sample_is_covered() -> None:
    assert {path.stem for path in SAMPLES.glob("*.xml")} == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_golden_message(name: str) -> None:
    assert wire.build(MESSAGES[name]) == sample(name)
    assert wire.parse(sample(name), type(MESSAGES[name])) == MESSAGES[name]


def read_http(name: str) -> tuple[str, dict[str, str], bytes]:
    """First line, headers and body of a signed sample; HTTP's own line ends are left out of it."""
    head, body = (SAMPLES / name).read_text("utf-8").split("\n\n", 1)
    first, *lines = head.split("\n")
    return first, dict(line.split(": ", 1) for line in lines), body.encode()


def test_golden_signatures() -> None:
    first, asked, body = read_http("signed_request.http")
    assert body == sample("pay_instalment_request")
    method, path, _ = first.split(" ")
    date, nonce = asked[signature.DATE], asked[signature.NONCE]
    assert asked[signature.SIGNATURE] == signature.sign(SECRET, method, path, date, nonce, body=body)

    first, answered, body = read_http("signed_reply.http")
    assert body == sample("pay_instalment_reply")
    status = int(first.split(" ")[1])
    signature.check_reply(SECRET, status, answered, body, nonce)


DOCUMENT = sample("pay_instalment_reply").split(b"?>", 1)[1]
ENTITY = b'<!DOCTYPE x [<!ENTITY e "1200.00">]>'
BOMB = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'>" + b"".join(
    b"<!ENTITY %c '%b'>" % (ord("b") + i, b"&%c;" % (ord("a") + i) * 10) for i in range(9)
)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "bad_xml"),
        (b"<html>", "bad_xml"),
        (DOCUMENT[:100], "bad_xml"),
        (DOCUMENT.replace(b'currency="ALL"', b'currency="ALL" currency="EUR"'), "bad_xml"),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", "bad_xml"),
        (b"<a>" * 10_000, "bad_xml"),
        (b"<html/>", "other_message"),
        (b'<payInstalmentReply xmlns="urn:other" result="OK"/>', "other_message"),
        (sample("find_contract_reply"), "other_message"),
        (ENTITY + DOCUMENT.replace(b'"1200.00"', b'"&e;"'), "doctype"),
        (b"<!DOCTYPE x>" + DOCUMENT, "doctype"),
        (b"<!DOCTYPE x SYSTEM 'file:///etc/hostname'><x/>", "doctype"),
    ],
)
def test_what_cannot_be_read_is_refused(document: bytes, why: str) -> None:
    with pytest.raises(BillerError) as caught:
        wire.parse(document, wire.PayInstalmentReply)
    assert (caught.value.code, caught.value.why) == ("biller_bad_reply", why)


def test_entities_are_not_expanded() -> None:
    with pytest.raises(BillerError) as caught:
        wire.parse(BOMB + b']><x a="&j;"/>', wire.PayInstalmentReply)
    assert caught.value.why in ("bad_xml", "doctype")  # libxml2 may see the bomb before we see the DOCTYPE


def test_what_is_not_known_is_passed_over() -> None:
    more = sample("pay_instalment_reply").replace(b"<booking ", b'<note xml:lang="sq">x</note><booking colour="red" ')
    assert wire.parse(more, wire.PayInstalmentReply) == MESSAGES["pay_instalment_reply"]
    namespaced = sample("pay_instalment_reply").replace(b"<booking ", b'<booking xmlns="urn:other" ')
    assert wire.parse(namespaced, wire.PayInstalmentReply).booking == ()
