"""The company's words in ours: the status table, the amounts that may be paid, and what is refused."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from digitalb_kit import CARD, NOBODY, ONE, TWO, order, reference, sample

from faturat.errors import BillerError, UnknownReference
from faturat.invoices.types import Invoice, PayChoice, PayChoices
from faturat.payments.types import Receipt, Rejected, Rejection, Settled, Unknown
from faturat.text import Text
from faturat_digitalb import mapping, wire

ASKED = tuple(reference(each) for each in (ONE, TWO, NOBODY, CARD))
RECEIPT = Receipt("R000000001", datetime(2018, 8, 15, 8, 30, tzinfo=UTC), 1200_00)


def read_list(document: bytes = sample("list_instalments_reply")) -> list[object]:
    answers = mapping.to_invoices(ASKED, wire.parse(document, wire.ListInstalmentsReply))
    assert set(answers) == set(ASKED)
    return [answers[each] for each in ASKED]


def read_pay(document: bytes) -> object:
    return mapping.to_outcome(order(), wire.parse(document, wire.PayInstalmentReply))


def test_an_instalment_is_paid_whole_and_in_advance() -> None:
    one, *_ = read_list()
    september = Text("Kësti i parapaguar për muajin 09.2018", "Prepaid instalment for 09.2018")
    assert one == (
        Invoice(
            invoice_key="000000001",
            number="000000001",
            issued_on=date(2018, 8, 10),
            amount=1200_00,
            total=1200_00,
            currency="ALL",
            payable=PayChoices((PayChoice(1200_00, september),)),
        ),
    )


def test_history_with_an_order_id_is_a_proof_and_without_one_nothing() -> None:
    _, two, _, _ = read_list()
    assert [(each.invoice_key, each.total, each.paid_by_order, each.due_on) for each in two] == [
        ("000000003", 1750_00, None, date(2018, 8, 31)),
        ("000000002", 1750_00, "pay_0194f0000002", None),
    ]


def test_each_reference_has_its_own_answer() -> None:
    _, _, nobody, card = read_list()
    assert isinstance(nobody, UnknownReference)
    assert nobody.hint is None
    assert isinstance(card, UnknownReference)
    assert card.hint == mapping.NOT_THE_CARD
    missing = mapping.to_invoices(ASKED, wire.ListInstalmentsReply())
    assert {error.why for error in missing.values()} == {"missing_in_reply"}
    twice = wire.ListInstalmentsReply(contract=(wire.Contract(number=ONE, result="OK"),) * 2)
    assert mapping.to_invoices(ASKED[:1], twice)[ASKED[0]].why == "doubled_in_reply"


def test_no_instalments_means_no_debts() -> None:
    reply = wire.ListInstalmentsReply(contract=(wire.Contract(number=ONE, result="OK"),))
    assert mapping.to_invoices(ASKED[:1], reply) == {ASKED[0]: ()}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"1750.00"', '"1750.0"', "bad_amount"),
        ('"1750.00"', '"1750.000"', "bad_amount"),
        ('"1750.00"', '"1750"', "bad_amount"),
        ('"1750.00"', '"1.75e3"', "bad_amount"),
        ('"1750.00"', '"NaN"', "bad_amount"),
        ('"1750.00"', '"-1750.00"', "bad_amount"),
        ('"1750.00"', '"1.750,00"', "bad_amount"),
        ('"1750.00"', '"١٧٥٠.٠٠"', "bad_amount"),
        ('"1750.00"', '" 1750.00"', "bad_amount"),
        ('"1750.00"', '""', "bad_amount"),
        (' amount="1750.00"', "", "bad_amount"),
        ('"ALL"', '"EUR"', "bad_currency"),
        ('"ALL"', '""', "bad_currency"),
        ('"2018-07-11"', '"11.07.2018"', "bad_date"),
        ('"2018-07-11"', '"2018-02-30"', "bad_date"),
        ('"2018-08-31"', '"soon"', "bad_date"),
        ('"000000002"', '""', "bad_identifier"),
        ('"000000003"', '"Test Test"', "bad_identifier"),
        ('"pay_0194f0000002"', '"Test Test"', "bad_identifier"),
        ('"2018-08"', '"2018-13"', "bad_month"),
        ('"2018-09"', '"9.2018"', "bad_month"),
        ('result="OK"', 'result="BUSY"', "result_busy"),
        ('result="OK"', 'result="Test Test"', "result_unreadable"),
        ('result="OK"', "", "result_unreadable"),
    ],
)
def test_a_bad_instalment_is_an_error_of_its_contract_alone(old: str, new: str, why: str) -> None:
    head, one, two, *tail = sample("list_instalments_reply").decode().split("<contract ")
    assert old in two
    fine, bad, _, _ = read_list("<contract ".join((head, one, two.replace(old, new), *tail)).encode())
    assert isinstance(bad, BillerError)
    assert (bad.code, bad.why) == ("biller_bad_reply", why)
    assert len(fine) == 1


def test_find_contract() -> None:
    assert mapping.to_subscriber(wire.FindContractReply(result="OK", subscriber="Test Test")).name == "Test Test"
    with pytest.raises(UnknownReference) as caught:
        mapping.to_subscriber(wire.FindContractReply(result="UNKNOWN_CONTRACT"))
    assert caught.value.hint is None
    with pytest.raises(UnknownReference) as caught:
        mapping.to_subscriber(wire.FindContractReply(result="SMARTCARD_NUMBER"))
    assert caught.value.hint == mapping.NOT_THE_CARD
    for reply in (
        wire.FindContractReply(result="OK"),
        wire.FindContractReply(),
        wire.FindContractReply(result="MAYBE"),
    ):
        with pytest.raises(BillerError):
            mapping.to_subscriber(reply)


def test_pay_request_is_the_golden_one() -> None:
    assert wire.build(mapping.pay_request(order())) == sample("pay_instalment_request")


def test_status_table_of_pay() -> None:
    assert read_pay(sample("pay_instalment_reply")) == Settled(RECEIPT)
    assert read_pay(sample("pay_instalment_amount_changed")) == Rejected(Rejection.AMOUNT_CHANGED)
    assert read_pay(sample("pay_instalment_refused")) == Rejected(Rejection.NOT_ACCEPTED)
    assert read_pay(sample("pay_instalment_already_paid")) == Rejected(Rejection.ALREADY_PAID)
    outcomes = {
        code: mapping.to_outcome(order(), wire.PayInstalmentReply(result=code))
        for code in ("UNKNOWN_CONTRACT", "SMARTCARD_NUMBER", "IN_PROGRESS", "ok", "refused", "REFUSED ", "")
    }
    assert outcomes == {
        "UNKNOWN_CONTRACT": Rejected(Rejection.UNKNOWN_REFERENCE),
        "SMARTCARD_NUMBER": Unknown("result_smartcard_number"),
        "IN_PROGRESS": Unknown("result_in_progress"),
        "ok": Unknown("result_ok"),
        "refused": Unknown("result_refused"),
        "REFUSED ": Unknown("result_unreadable"),
        "": Unknown("result_unreadable"),
    }


def test_already_paid_by_this_order_is_settled() -> None:
    own = sample("pay_instalment_reply").replace(b'result="OK"', b'result="ALREADY_PAID"')
    assert read_pay(own) == Settled(RECEIPT)


@pytest.mark.parametrize("changes", [{"payment_id": ""}, {"instalment_number": ""}, {"instalment_number": "000000002"}])
def test_already_paid_that_does_not_say_by_whom_proves_nothing(changes: dict[str, str]) -> None:
    reply = wire.parse(sample("pay_instalment_already_paid"), wire.PayInstalmentReply)
    booked = msgspec.structs.replace(reply.booking[0], **changes)
    for bookings in ((booked,), (), reply.booking * 2):
        with pytest.raises(BillerError, match="biller_bad_reply"):
            mapping.to_outcome(order(), msgspec.structs.replace(reply, booking=bookings))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"payment_id": "pay_0194f0000002"}, "booking_of_another_order"),
        ({"instalment_number": "000000002"}, "booking_of_another_order"),
        ({"amount": "1200.01"}, "booking_of_another_order"),
        ({"amount": "1200.0"}, "booking_of_another_order"),
        ({"currency": "EUR"}, "booking_of_another_order"),
        ({"receipt_number": ""}, "bad_identifier"),
        ({"receipt_number": "R\n1"}, "bad_identifier"),
        ({"booked_at": "2018-08-15T10:30:00"}, "bad_time"),
        ({"booked_at": "yesterday"}, "bad_time"),
        ({"booked_at": "0001-01-01T00:00:00+14:00"}, "bad_time"),
    ],
)
def test_a_booking_that_is_not_this_orders_settles_nothing(changes: dict[str, str], why: str) -> None:
    booked = wire.parse(sample("pay_instalment_reply"), wire.PayInstalmentReply).booking[0]
    reply = wire.PayInstalmentReply(result="OK", booking=(msgspec.structs.replace(booked, **changes),))
    with pytest.raises(BillerError) as caught:
        mapping.to_outcome(order(), reply)
    assert caught.value.why == why
