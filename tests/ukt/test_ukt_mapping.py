"""The company's words in ours: the status table, lists from all of their pages, and what is refused."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from ukt_kit import CURRENT, NOBODY, OVERDUE, order, reply, sample

from faturat.errors import BillerError, UnknownReference
from faturat.invoices.types import Invoice, InvoiceLine, PayChoice, PayChoices
from faturat.payments.types import Receipt, Rejected, Rejection, Settled, Unknown
from faturat_ukt import mapping, wire

RECEIPT = Receipt("R000000001", datetime(2018, 8, 15, 8, 30, tzinfo=UTC), 1862_40)


def read(document: bytes) -> tuple[Invoice, ...]:
    return mapping.to_invoices([mapping.to_page(OVERDUE, 1, wire.Reply(200, document))])


def page(number: int, pages: int, count: int, owed: str, *invoices: wire.OpenInvoice) -> wire.InvoicePage:
    return wire.InvoicePage(contract=OVERDUE, page=number, pages=pages, count=count, owed=owed, items=invoices)


def invoice(number: str, total: str = "10.00") -> wire.OpenInvoice:
    return wire.OpenInvoice(
        invoice=number,
        issued_on=date(2018, 8, 1),
        lines=(wire.Line("Furnizimi me ujë", total),),
        amount=total,
        penalty="0.00",
        total=total,
        currency="ALL",
    )


A, B, C = map(invoice, ("U-1", "U-2", "U-3"))


def test_an_overdue_invoice_is_paid_with_its_penalty_or_not_at_all() -> None:
    overdue, current = read(sample("invoices_reply"))
    assert overdue == Invoice(
        invoice_key="U-000000003",
        number="U-000000003",
        issued_on=date(2018, 6, 16),
        due_on=date(2018, 7, 16),
        amount=2140_00,
        penalty=42_80,
        total=2182_80,
        currency="ALL",
        payable=PayChoices((PayChoice(2182_80, mapping.WHOLE),)),
        lines=(
            InvoiceLine("Furnizimi me ujë", 1177_00),
            InvoiceLine("Kanalizimet", 321_00),
            InvoiceLine("Tarifa e pastrimit", 321_00),
            InvoiceLine("Taksa e ndërtesës", 214_00),
            InvoiceLine("Taksa e infrastrukturës arsimore", 107_00),
        ),
    )
    assert (current.due_on, current.penalty, current.total) == (None, 0, 1990_15)


def test_no_invoices_means_no_debts() -> None:
    assert mapping.to_invoices([mapping.to_page(CURRENT, 1, reply("invoices_none"))]) == ()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'"2140.00"', b'"2140.0"', "bad_amount"),
        (b'"2140.00"', b'"2140"', "bad_amount"),
        (b'"2140.00"', b'"NaN"', "bad_amount"),
        (b'"2140.00"', b'"-2140.00"', "bad_amount"),
        (b'"2140.00"', b'"2.140,00"', "bad_amount"),
        (b'"2140.00"', '"٢١٤٠.٠٠"'.encode(), "bad_amount"),
        (b'"2140.00"', b"2140.00", "bad_shape"),
        (b'"2140.00"', b'"2140.01"', "lines_do_not_add_up"),
        (b'"321.00"', b'"321.01"', "lines_do_not_add_up"),
        (b'"321.00"', b'"-321.00"', "bad_amount"),
        (b'"42.80"', b'"-42.80"', "bad_amount"),
        (b'"2182.80"', b'"2182.81"', "wrong_sum"),
        (b'"4172.95"', b'"4172.96"', "wrong_sum"),
        (b'"4172.95"', b'"NaN"', "bad_amount"),
        (b'"ALL"', b'"EUR"', "bad_currency"),
        (b'"ALL"', b'""', "bad_currency"),
        (b'"2018-06-16"', b'"16.06.2018"', "bad_shape"),
        (b'"2018-06-16"', b'"2018-02-30"', "bad_shape"),
        (b'"2018-06-16"', b"null", "bad_shape"),
        (b'"U-000000003"', b'""', "bad_identifier"),
        (b'"U-000000003"', b'"Test Test"', "bad_identifier"),
        (b'"U-000000003"', b'"U-000000004"', "doubled_invoice"),
        (b'"Kanalizimet"', b'""', "bad_words"),
        (b'"Kanalizimet"', b'"\\u0000"', "bad_words"),
        (b'"Kanalizimet"', b'"a\\u202eb"', "bad_words"),
        (b'"Kanalizimet"', b'"' + b"x" * 201 + b'"', "bad_words"),
        (b'"contract": "1000002"', b'"contract": "1000001"', "other_contract"),
        (b'"page": 1', b'"page": 2', "other_page"),
        (b'"pages": 1', b'"pages": 0', "too_many_invoices"),
        (b'"pages": 1', b'"pages": 21', "too_many_invoices"),
        (b'"pages": 1', b'"pages": 2', "missing_invoice"),
        (b'"count": 2', b'"count": 3', "missing_invoice"),
        (b'"count": 2', b'"count": 1', "missing_invoice"),
        (b'"count": 2', b'"count": 501', "too_many_invoices"),
        (b'"count": 2', b'"count": -1', "too_many_invoices"),
        (b'"count": 2,', b"", "bad_shape"),
    ],
)
def test_a_list_that_is_not_right_is_no_list(old: bytes, new: bytes, why: str) -> None:
    assert old in sample("invoices_reply")
    with pytest.raises(BillerError) as caught:
        read(sample("invoices_reply").replace(old, new))
    assert (caught.value.code, caught.value.why) == ("biller_bad_reply", why)


def test_pages_may_be_short_or_long() -> None:
    for pages in (
        (page(1, 2, 3, "30.00", A, B), page(2, 2, 3, "30.00", C)),
        (page(1, 2, 3, "30.00"), page(2, 2, 3, "30.00", A, B, C)),
        (page(1, 3, 3, "30.00", A), page(2, 3, 3, "30.00", B), page(3, 3, 3, "30.00", C)),
    ):
        assert [each.number for each in mapping.to_invoices(pages)] == ["U-1", "U-2", "U-3"]


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        ((page(1, 2, 2, "20.00", A), page(2, 2, 3, "20.00", B)), "list_changed"),
        ((page(1, 2, 2, "20.00", A), page(2, 3, 2, "20.00", B)), "list_changed"),
        ((page(1, 2, 2, "20.00", A), page(2, 2, 2, "30.00", B)), "list_changed"),
        ((page(1, 2, 2, "20.00", A),), "missing_invoice"),
        ((page(1, 2, 3, "30.00", A), page(2, 2, 3, "30.00", C)), "missing_invoice"),
        ((page(1, 2, 3, "30.00", A, B), page(2, 2, 3, "30.00", B)), "doubled_invoice"),
        ((page(1, 2, 2, "20.00", A, B), page(2, 2, 2, "20.00", C)), "missing_invoice"),
        ((page(1, 2, 2, "20.00", A), page(2, 2, 2, "20.00", invoice("U-2", "10.01"))), "wrong_sum"),
    ],
)
def test_pages_that_do_not_fit_together_are_no_list(pages: tuple[wire.InvoicePage, ...], why: str) -> None:
    with pytest.raises(BillerError) as caught:
        mapping.to_invoices(pages)
    assert caught.value.why == why


def test_find_contract() -> None:
    assert mapping.to_subscriber(CURRENT, reply("contract_reply")).name == "Test Test"
    with pytest.raises(UnknownReference):
        mapping.to_subscriber(NOBODY, reply("contract_unknown", 404))
    with pytest.raises(UnknownReference):
        mapping.to_page(NOBODY, 1, reply("contract_unknown", 404))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (wire.Reply(404, b"<html>Not Found</html>"), "http_404"),
        (wire.Reply(404, b'{"error": "unknown_page"}'), "http_404"),
        (reply("contract_unknown", 400), "http_400"),
        (reply("contract_unknown", 200), "bad_shape"),
        (reply("contract_reply", 206), "http_206"),
        (reply("contract_reply", 401), "http_401"),
        (reply("contract_reply", 503), "http_503"),
        (wire.Reply(200, b'{"contract": "1000002", "subscriber": "Test"}'), "other_contract"),
        (wire.Reply(200, b'{"contract": "1000001", "subscriber": " "}'), "bad_words"),
        (wire.Reply(200, b'{"contract": "1000001", "subscriber": "Test\\u0007"}'), "bad_words"),
    ],
)
def test_only_its_own_words_say_that_there_is_no_contract(answer: wire.Reply, why: str) -> None:
    with pytest.raises(BillerError) as caught:
        mapping.to_subscriber(CURRENT, answer)
    assert caught.value.why == why


def test_a_name_is_plain_text_on_one_line() -> None:
    said = wire.Reply(200, b'{"contract": "1000001", "subscriber": " <b>Test</b>\\n\\u00a0Test "}')
    assert mapping.to_subscriber(CURRENT, said).name == "<b>Test</b> Test"


def test_to_payment_is_the_golden_request() -> None:
    assert wire.build(mapping.to_payment(order())) == sample("pay_request")


def problem(code: str, status: int = 422) -> wire.Reply:
    return wire.Reply(status, wire.build(wire.Problem(error=code)))


def test_status_table() -> None:
    told = [
        (reply("pay_reply", 201), Settled(RECEIPT)),
        (reply("pay_reply", 200), Settled(RECEIPT)),
        (reply("pay_already_paid", 409), Rejected(Rejection.ALREADY_PAID)),
        (reply("pay_amount_changed", 422), Rejected(Rejection.AMOUNT_CHANGED)),
        (problem("unknown_contract"), Rejected(Rejection.UNKNOWN_REFERENCE)),
        (problem("unknown_invoice"), Rejected(Rejection.NOT_ACCEPTED)),
        (problem("refused"), Rejected(Rejection.NOT_ACCEPTED)),
        # everything else may have happened
        (reply("pay_processing", 202), Unknown("processing")),
        (reply("pay_reply", 202), Unknown("processing")),
        (problem("key_reused"), Unknown("error_key_reused")),
        (problem("already_paid"), Unknown("error_already_paid")),
        (problem("Test Test"), Unknown("error_unreadable")),
        (problem("x" * 31), Unknown("error_unreadable")),
        (problem("in_progress", 409), Unknown("error_in_progress")),
        (problem("already_paid", 409), Unknown("error_already_paid")),
        (reply("pay_amount_changed", 409), Unknown("error_amount_changed")),
        (reply("pay_already_paid", 422), Unknown("error_already_paid")),
        *((reply("pay_amount_changed", each), Unknown(f"http_{each}")) for each in (400, 401, 403, 404, 429, 500, 503)),
        *((reply("pay_reply", each), Unknown(f"http_{each}")) for each in (203, 204, 206, 307, 500, 504)),
    ]
    for answer, outcome in told:
        assert mapping.to_outcome(order(), answer) == outcome, answer


def already_paid(**changes: object) -> wire.Reply:
    booked = msgspec.structs.replace(wire.parse(sample("pay_reply"), wire.BookedPayment), **changes)
    return wire.Reply(409, wire.build(wire.Problem(error="already_paid", payment=booked)))


def test_already_paid_by_this_order_is_settled() -> None:
    """As where the company forgot the key, and not the payment."""
    assert mapping.to_outcome(order(), already_paid()) == Settled(RECEIPT)


@pytest.mark.parametrize(
    "changes",
    [{"order_id": ""}, {"order_id": "Test Test"}, {"order_id": "pay_2", "invoice": "U-000000002"}],
)
def test_already_paid_that_does_not_say_by_whom_proves_nothing(changes: dict[str, object]) -> None:
    with pytest.raises(BillerError) as caught:
        mapping.to_outcome(order(), already_paid(**changes))
    assert caught.value.why == "already_paid_unclear"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"order_id": "pay_0194f0000002"}, "booking_of_another_order"),
        ({"invoice": "U-000000002"}, "booking_of_another_order"),
        ({"contract": OVERDUE}, "booking_of_another_order"),
        ({"contract": ""}, "booking_of_another_order"),
        ({"amount": "1862.41"}, "booking_of_another_amount"),
        ({"amount": "1862.4"}, "booking_of_another_amount"),
        ({"amount": ""}, "booking_of_another_amount"),
        ({"currency": "EUR"}, "booking_of_another_amount"),
        ({"status": "processing"}, "booking_not_settled"),
        ({"status": ""}, "booking_not_settled"),
        ({"settled_at": None}, "booking_not_settled"),
        ({"settled_at": datetime.fromisoformat("0001-01-01T00:00:00+14:00")}, "bad_time"),
        ({"receipt": ""}, "bad_identifier"),
        ({"receipt": "Test Test"}, "bad_identifier"),
    ],
)
def test_a_booking_that_is_not_this_orders_settles_nothing(changes: dict[str, object], why: str) -> None:
    booked = msgspec.structs.replace(wire.parse(sample("pay_reply"), wire.BookedPayment), **changes)
    for status in (200, 201):
        with pytest.raises(BillerError) as caught:
            mapping.to_outcome(order(), wire.Reply(status, wire.build(booked)))
        assert caught.value.why == why


@pytest.mark.parametrize("status", [200, 201, 409, 422])
@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"<html>", b'{"error": 7}', sample("pay_reply")[:60]])
def test_an_answer_to_a_payment_that_cannot_be_read_is_no_answer(status: int, body: bytes) -> None:
    with pytest.raises(BillerError):
        mapping.to_outcome(order(), wire.Reply(status, body))
