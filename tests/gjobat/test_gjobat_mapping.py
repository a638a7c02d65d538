"""The company's words in ours: the status table, the amount that may be paid, and what is refused."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from gjobat_kit import FRESH, SHEET, fine, order, sample

from faturat.billers import Reference
from faturat.errors import BillerError, UnknownReference
from faturat.invoices.types import Invoice, PayChoice, PayChoices
from faturat.payments.types import NotFound, Receipt, Rejected, Rejection, Settled, Unknown
from faturat_gjobat import mapping, wire

RECEIPT = Receipt("R000000001", datetime(2026, 11, 16, 9, 30, tzinfo=UTC), 2500_00)


def read_search(document: bytes, reference: Reference = FRESH) -> tuple[Invoice, ...]:
    return mapping.to_invoices(reference, wire.parse(document, wire.SearchReply))


def read_pay(document: bytes) -> object:
    return mapping.to_outcome(order(), wire.parse(document, wire.PaymentReply))


def test_a_fine_at_half_its_price_and_one_with_its_penalty() -> None:
    assert read_search(sample("search_vehicle_reply")) == (
        Invoice(
            invoice_key="000000101",
            number="000000101",
            issued_on=date(2026, 11, 11),
            due_on=date(2026, 11, 26),
            amount=5000_00,
            discount=2500_00,
            total=2500_00,
            currency="ALL",
            payable=PayChoices((PayChoice(2500_00, mapping.DISCOUNTED),)),
        ),
        Invoice(
            invoice_key="000000201",
            number="000000201",
            issued_on=date(2026, 10, 2),
            due_on=date(2026, 11, 1),
            amount=2000_00,
            penalty=600_00,
            total=2600_00,
            currency="ALL",
            payable=PayChoices((PayChoice(2600_00, mapping.WITH_PENALTY),)),
        ),
    )


def test_a_fine_by_its_number() -> None:
    (invoice,) = read_search(sample("search_fine_reply"), SHEET)
    assert (invoice.amount, invoice.total) == (4000_00, 4000_00)
    assert invoice.payable == PayChoices((PayChoice(4000_00, mapping.WHOLE),))
    with pytest.raises(BillerError) as caught:
        read_search(sample("search_fine_reply"), fine("000000302"))
    assert caught.value.why == "another_fine"


def test_the_total_is_the_companys_word() -> None:
    (odd, _) = read_search(sample("search_vehicle_reply").replace(b'"total":"2500.00"', b'"total":"2345.67"'))
    assert (odd.amount, odd.discount, odd.total) == (5000_00, 2500_00, 2345_67)
    assert odd.payable.choices[0].amount == 2345_67


def test_nothing_owed() -> None:
    for reference in (FRESH, SHEET):
        assert read_search(sample("search_no_fines"), reference) == ()
    with pytest.raises(UnknownReference):
        read_search(sample("search_not_found"))
    assert read_search(sample("search_not_found"), SHEET) == (), "a fine leaves the system when it is paid"


def test_no_debts_are_never_concluded_from_a_member_that_is_missing() -> None:
    with pytest.raises(BillerError) as caught:
        read_search(b'{"result":"OK","subscriber":"Test Test"}')
    assert caught.value.why == "no_fines"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"2500.00"', '"2500.0"', "bad_amount"),
        ('"2500.00"', '"2500.000"', "bad_amount"),
        ('"2500.00"', '"2500"', "bad_amount"),
        ('"2500.00"', '"1e5"', "bad_amount"),
        ('"2500.00"', '"NaN"', "bad_amount"),
        ('"2500.00"', '"-2500.00"', "bad_amount"),
        ('"2500.00"', '"2.500,00"', "bad_amount"),
        ('"2500.00"', '"٢٥٠٠.٠٠"', "bad_amount"),
        ('"2500.00"', '""', "bad_amount"),
        ('"ALL"', '"EUR"', "bad_currency"),
        ('"ALL"', '""', "bad_currency"),
        ('"000000101"', '""', "bad_identifier"),
        ('"000000101"', '"Test Test"', "bad_identifier"),
        ('"000000101"', '"<b>1</b>"', "bad_identifier"),
        ('"OK"', '"BUSY"', "result_busy"),
        ('"OK"', '"Test Test"', "result_unreadable"),
        ('"OK"', f'"{"A" * 34}"', "result_unreadable"),
    ],
)
def test_a_fine_that_cannot_be_read_is_an_error(old: str, new: str, why: str) -> None:
    with pytest.raises(BillerError) as caught:
        read_search(sample("search_vehicle_reply").replace(old.encode(), new.encode()))
    assert (caught.value.code, caught.value.why) == ("biller_bad_reply", why)


def test_find_contract() -> None:
    found = mapping.to_subscriber(FRESH, wire.parse(sample("search_no_fines"), wire.SearchReply))
    assert found.name == "Test Test"
    for reference, hint in ((FRESH, mapping.CHECK_BOTH), (SHEET, None)):
        with pytest.raises(UnknownReference) as unknown:
            mapping.to_subscriber(reference, wire.SearchReply(result="NOT_FOUND"))
        assert unknown.value.hint == hint
    for reply in (wire.SearchReply(result="OK"), wire.SearchReply(result="OK", subscriber="")):
        with pytest.raises(BillerError):
            mapping.to_subscriber(FRESH, reply)


def test_requests_are_the_golden_ones() -> None:
    assert wire.build(mapping.search_request(FRESH)) == sample("search_vehicle_request")
    assert wire.build(mapping.search_request(SHEET)) == sample("search_fine_request")
    assert wire.build(mapping.pay_request(order())) == sample("pay_request")


def test_status_table_of_a_payment() -> None:
    assert read_pay(sample("pay_reply")) == Settled(RECEIPT)
    assert read_pay(sample("pay_amount_changed")) == Rejected(Rejection.AMOUNT_CHANGED)
    assert read_pay(sample("pay_already_paid")) == Rejected(Rejection.ALREADY_PAID)
    assert read_pay(sample("pay_refused")) == Rejected(Rejection.NOT_ACCEPTED)
    assert read_pay(sample("pay_unknown_fine")) == Unknown("result_unknown_fine"), "it may be gone because we paid it"
    outcomes = {
        code: mapping.to_outcome(order(), wire.PaymentReply(result=code))
        for code in ("IN_PROGRESS", "OK", "NOT_FOUND", "refused", "")
    }
    assert outcomes == {
        "IN_PROGRESS": Unknown("result_in_progress"),
        "OK": Unknown("result_ok"),
        "NOT_FOUND": Unknown("result_not_found"),
        "refused": Unknown("result_refused"),
        "": Unknown("result_unreadable"),
    }


def test_already_paid_by_this_order_is_settled() -> None:
    assert read_pay(sample("pay_reply").replace(b'"PAID"', b'"ALREADY_PAID"')) == Settled(RECEIPT)


@pytest.mark.parametrize("changes", [{"order": ""}, {"order": "Test Test"}, {"fine": ""}, {"fine": "000000102"}])
def test_already_paid_that_does_not_say_by_whom_proves_nothing(changes: dict[str, str]) -> None:
    reply = wire.parse(sample("pay_already_paid"), wire.PaymentReply)
    assert reply.payment is not None
    other = msgspec.structs.replace(reply.payment, **changes)
    with pytest.raises(BillerError, match="biller_bad_reply"):
        mapping.to_outcome(order(), wire.PaymentReply(result="ALREADY_PAID", payment=other))
    with pytest.raises(BillerError, match="biller_bad_reply"):
        mapping.to_outcome(order(), wire.PaymentReply(result="ALREADY_PAID"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"order": "pay_0194f0000002"}, "payment_of_another_order"),
        ({"fine": "000000102"}, "payment_of_another_order"),
        ({"amount": "2500.01"}, "payment_of_another_order"),
        ({"amount": "2500.0"}, "payment_of_another_order"),
        ({"amount": None}, "payment_of_another_order"),
        ({"currency": "EUR"}, "payment_of_another_order"),
        ({"currency": None}, "payment_of_another_order"),
        ({"receipt": None}, "bad_identifier"),
        ({"receipt": "Test Test"}, "bad_identifier"),
        ({"settled_at": None}, "bad_time"),
        ({"settled_at": datetime.fromisoformat("0001-01-01T00:00:00+14:00")}, "bad_time"),
    ],
)
def test_a_payment_that_is_not_this_orders_settles_nothing(changes: dict[str, object], why: str) -> None:
    booked = wire.parse(sample("pay_reply"), wire.PaymentReply).payment
    assert booked is not None
    reply = wire.PaymentReply(result="PAID", payment=msgspec.structs.replace(booked, **changes))
    for read in (mapping.to_outcome, mapping.to_status):
        with pytest.raises(BillerError) as caught:
            read(order(), reply)
        assert caught.value.why == why
        with pytest.raises(BillerError):
            read(order(), wire.PaymentReply(result="PAID"))


def test_status_table_of_an_inquiry() -> None:
    def read(document: bytes) -> object:
        return mapping.to_status(order(), wire.parse(document, wire.PaymentReply))

    assert read(sample("status_reply")) == Settled(RECEIPT)
    assert read(sample("status_not_found")) == NotFound()
    for code in ("REFUSED", "ALREADY_PAID", "UNKNOWN_FINE", "LOST"):
        assert mapping.to_status(order(), wire.PaymentReply(result=code)) == Unknown(f"result_{code.lower()}")
