"""The company's words in ours: the status table, the amounts that may be paid, and what is refused."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from oshee_kit import GUIDE, NOBODY, OVERDUE, order, reference, sample

from faturat.errors import BillerError, UnknownReference
from faturat.invoices.types import Invoice, PayChoices
from faturat.payments.types import NotFound, Receipt, Rejected, Rejection, Settled, Unknown
from faturat_oshee import mapping, wire

ASKED = (reference(GUIDE), reference(OVERDUE), reference(NOBODY))
RECEIPT = Receipt("R000000001", datetime(2018, 8, 15, 8, 30, tzinfo=UTC), 1707_40)


def read_list(document: bytes = sample("list_open_invoices_reply")) -> list[object]:
    answers = mapping.to_invoices(ASKED, wire.parse(document, wire.ListOpenInvoicesResponse))
    assert set(answers) == set(ASKED)
    return [answers[each] for each in ASKED]


def read_pay(document: bytes) -> object:
    return mapping.to_outcome(order(), wire.parse(document, wire.PayInvoiceResponse))


def test_the_guides_invoice() -> None:
    guide, _, _ = read_list()
    assert guide == (
        Invoice(
            invoice_key="000000001",
            number="000000001",
            issued_on=date(2018, 8, 1),
            amount=1707_40,
            total=1707_40,
            currency="ALL",
            payable=PayChoices((mapping.PayChoice(1707_40, mapping.WHOLE),)),
        ),
    )


def test_overdue_is_paid_with_its_penalty_or_without() -> None:
    _, (overdue, penalty_left), _ = read_list()
    assert overdue.payable.choices == (
        mapping.PayChoice(2420_50, mapping.PRINCIPAL_AND_PENALTY),
        mapping.PayChoice(2350_00, mapping.PRINCIPAL),
    )
    assert penalty_left.part == 2
    assert penalty_left.payable.choices == (mapping.PayChoice(19_80, mapping.PENALTY),)


def test_each_reference_has_its_own_answer() -> None:
    _, _, nobody = read_list()
    assert isinstance(nobody, UnknownReference)
    missing = mapping.to_invoices(ASKED, wire.ListOpenInvoicesResponse())
    assert {error.why for error in missing.values()} == {"missing_in_reply"}
    twice = wire.ListOpenInvoicesResponse(customer=(wire.Customer(customer_code=GUIDE, result="OK"),) * 2)
    assert mapping.to_invoices(ASKED[:1], twice)[ASKED[0]].why == "doubled_in_reply"


def test_no_invoices_means_no_debts() -> None:
    reply = wire.ListOpenInvoicesResponse(customer=(wire.Customer(customer_code=GUIDE, result="OK"),))
    assert mapping.to_invoices(ASKED[:1], reply) == {ASKED[0]: ()}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b">1707.40<", b">1707.4<", "bad_amount"),
        (b">1707.40<", b">1707.400<", "bad_amount"),
        (b">1707.40<", b">1707<", "bad_amount"),
        (b">1707.40<", b">1.7e3<", "bad_amount"),
        (b">1707.40<", b">1e5<", "bad_amount"),
        (b">1707.40<", b">NaN<", "bad_amount"),
        (b">1707.40<", b">-1707.40<", "bad_amount"),
        (b">1707.40<", b">1.707,40<", "bad_amount"),
        (b">1707.40<", "><١٧٠٧.٤٠<".replace("><", ">").encode(), "bad_amount"),
        (b">1707.40<", b"><", "bad_amount"),
        (b">ALL<", b">EUR<", "bad_currency"),
        (b">ALL<", b"><", "bad_currency"),
        (b">2018-08-01<", b">01.08.2018<", "bad_date"),
        (b">2018-08-01<", b">2018-02-30<", "bad_date"),
        (b">000000001<", b"><", "bad_identifier"),
        (b">000000001<", b">Test Test<", "bad_identifier"),
        (b"<oshee:Part>1<", b"<oshee:Part>3<", "bad_part"),
        (b"<oshee:Part>1<", b"<oshee:Part>2<", "bad_part"),
        (b"<oshee:Result>OK<", b"<oshee:Result>BUSY<", "result_busy"),
        (b"<oshee:Result>OK<", b"<oshee:Result>Test Test<", "result_unreadable"),
    ],
)
def test_a_bad_invoice_is_an_error_of_its_contract_alone(old: bytes, new: bytes, why: str) -> None:
    head, guide, tail = sample("list_open_invoices_reply").split(b"<oshee:Customer>", 2)
    document = b"<oshee:Customer>".join((head, guide.replace(old, new), tail))
    bad, fine, _ = read_list(document)
    assert isinstance(bad, BillerError)
    assert (bad.code, bad.why) == ("biller_bad_reply", why)
    assert len(fine) == 2


def test_find_contract() -> None:
    assert mapping.to_subscriber(wire.FindContractResponse(result="OK", subscriber="Test Test")).name == "Test Test"
    with pytest.raises(UnknownReference):
        mapping.to_subscriber(wire.FindContractResponse(result="UNKNOWN_CUSTOMER"))
    for reply in (wire.FindContractResponse(result="OK"), wire.FindContractResponse()):
        with pytest.raises(BillerError):
            mapping.to_subscriber(reply)


def test_pay_request_is_the_golden_one() -> None:
    assert mapping.pay_request(order()) == wire.parse(sample("pay_invoice_request"), wire.PayInvoice)


def test_status_table_of_pay() -> None:
    assert read_pay(sample("pay_invoice_reply")) == Settled(RECEIPT)
    assert read_pay(sample("pay_invoice_amount_changed")) == Rejected(Rejection.AMOUNT_CHANGED)
    assert read_pay(sample("pay_invoice_already_paid")) == Rejected(Rejection.ALREADY_PAID)
    outcomes = {
        code: mapping.to_outcome(order(), wire.PayInvoiceResponse(result=code))
        for code in ("UNKNOWN_CUSTOMER", "UNKNOWN_INVOICE", "REFUSED", "IN_PROGRESS", "OK", "NOT_FOUND", "")
    }
    assert outcomes == {
        "UNKNOWN_CUSTOMER": Rejected(Rejection.UNKNOWN_REFERENCE),
        "UNKNOWN_INVOICE": Rejected(Rejection.NOT_ACCEPTED),
        "REFUSED": Rejected(Rejection.NOT_ACCEPTED),
        "IN_PROGRESS": Unknown("result_in_progress"),
        "OK": Unknown("result_ok"),
        "NOT_FOUND": Unknown("result_not_found"),
        "": Unknown("result_unreadable"),
    }


def test_already_paid_by_this_order_is_settled() -> None:
    assert read_pay(sample("pay_invoice_reply").replace(b">SETTLED<", b">ALREADY_PAID<")) == Settled(RECEIPT)


@pytest.mark.parametrize("changes", [{"payment_id": ""}, {"invoice_number": ""}, {"invoice_number": "000000002"}])
def test_already_paid_that_does_not_say_by_whom_proves_nothing(changes: dict[str, str]) -> None:
    reply = wire.parse(sample("pay_invoice_already_paid"), wire.PayInvoiceResponse)
    booked = msgspec.structs.replace(reply.booked_payment[0], **changes)
    with pytest.raises(BillerError, match="biller_bad_reply"):
        mapping.to_outcome(order(), msgspec.structs.replace(reply, booked_payment=(booked,)))
    with pytest.raises(BillerError, match="biller_bad_reply"):
        mapping.to_outcome(order(), wire.PayInvoiceResponse(result="ALREADY_PAID"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"payment_id": "pay_0194f0000002"}, "booking_of_another_order"),
        ({"invoice_number": "000000002"}, "booking_of_another_order"),
        ({"part": "2"}, "booking_of_another_order"),
        ({"amount": "1707.41"}, "booking_of_another_order"),
        ({"amount": "1707.4"}, "booking_of_another_order"),
        ({"currency": "EUR"}, "booking_of_another_order"),
        ({"receipt_number": ""}, "bad_identifier"),
        ({"settled_at": "2018-08-15T10:30:00"}, "bad_time"),
        ({"settled_at": "yesterday"}, "bad_time"),
        ({"settled_at": "0001-01-01T00:00:00+14:00"}, "bad_time"),
    ],
)
def test_a_booking_that_is_not_this_orders_settles_nothing(changes: dict[str, str], why: str) -> None:
    booked = wire.parse(sample("pay_invoice_reply"), wire.PayInvoiceResponse).booked_payment[0]
    booked = msgspec.structs.replace(booked, **changes)
    for read, reply in (
        (mapping.to_outcome, wire.PayInvoiceResponse(result="SETTLED", booked_payment=(booked,))),
        (mapping.to_status, wire.PaymentStatusResponse(result="SETTLED", booked_payment=(booked,))),
    ):
        with pytest.raises(BillerError) as caught:
            read(order(), reply)
        assert caught.value.why == why


def test_status_table_of_payment_status() -> None:
    def read(document: bytes) -> object:
        return mapping.to_status(order(), wire.parse(document, wire.PaymentStatusResponse))

    assert read(sample("payment_status_reply")) == Settled(RECEIPT)
    assert read(sample("payment_status_not_found")) == NotFound()
    for code in ("REFUSED", "ALREADY_PAID", "UNKNOWN_INVOICE", "LOST"):
        expected = Unknown(f"result_{code.lower()}")
        assert mapping.to_status(order(), wire.PaymentStatusResponse(result=code)) == expected
