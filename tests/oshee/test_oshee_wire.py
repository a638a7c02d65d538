"""Golden messages: what is built is the sample, what is parsed is the message, and both fit the WSDL."""

from importlib.resources import files

import pytest
from lxml import etree
from oshee_kit import GUIDE, NOBODY, OVERDUE, SAMPLES, sample

from faturat.errors import BillerError
from faturat_oshee import wire

BOOKED = wire.BookedPayment(
    payment_id="pay_0194f0000001",
    invoice_number="000000001",
    part="1",
    amount="1707.40",
    currency="ALL",
    receipt_number="R000000001",
    settled_at="2018-08-15T10:30:00+02:00",
)
BOOKED_PENALTY = wire.BookedPayment(
    payment_id="pay_0194f0000002",
    invoice_number="000000004",
    part="2",
    amount="19.80",
    currency="ALL",
    receipt_number="R000000002",
    settled_at="2018-08-15T11:45:00+02:00",
)
GUIDE_INVOICE = wire.OpenInvoice(
    invoice_number="000000001",
    issued_on="2018-08-01",
    part="1",
    principal="1707.40",
    penalty="0.00",
    total="1707.40",
    currency="ALL",
)
OVERDUE_INVOICE = wire.OpenInvoice(
    invoice_number="000000003",
    issued_on="2018-07-01",
    due_on="2018-07-31",
    part="1",
    principal="2350.00",
    penalty="70.50",
    total="2420.50",
    currency="ALL",
)
PENALTY_LEFT = wire.OpenInvoice(
    invoice_number="000000004",
    issued_on="2018-08-01",
    due_on="2018-08-31",
    part="2",
    principal="0.00",
    penalty="19.80",
    total="19.80",
    currency="ALL",
)
MESSAGES = {
    "find_contract_request": wire.FindContract(customer_code=GUIDE),
    "find_contract_reply": wire.FindContractResponse(result="OK", subscriber="Test Test"),
    "find_contract_unknown": wire.FindContractResponse(result="UNKNOWN_CUSTOMER"),
    "list_open_invoices_request": wire.ListOpenInvoices(customer_code=(GUIDE, OVERDUE, NOBODY)),
    "list_open_invoices_reply": wire.ListOpenInvoicesResponse(
        customer=(
            wire.Customer(customer_code=GUIDE, result="OK", open_invoice=(GUIDE_INVOICE,)),
            wire.Customer(customer_code=OVERDUE, result="OK", open_invoice=(OVERDUE_INVOICE, PENALTY_LEFT)),
            wire.Customer(customer_code=NOBODY, result="UNKNOWN_CUSTOMER"),
        )
    ),
    "pay_invoice_request": wire.PayInvoice(
        payment_id="pay_0194f0000001",
        customer_code=GUIDE,
        invoice_number="000000001",
        part="1",
        amount="1707.40",
        currency="ALL",
    ),
    "pay_invoice_reply": wire.PayInvoiceResponse(result="SETTLED", booked_payment=(BOOKED,)),
    "pay_invoice_already_paid": wire.PayInvoiceResponse(
        result="ALREADY_PAID",
        booked_payment=(wire.BookedPayment(payment_id="another-channel-1", invoice_number="000000001"),),
    ),
    "pay_invoice_amount_changed": wire.PayInvoiceResponse(result="AMOUNT_CHANGED"),
    "payment_status_request": wire.PaymentStatus(payment_id="pay_0194f0000001"),
    "payment_status_reply": wire.PaymentStatusResponse(result="SETTLED", booked_payment=(BOOKED,)),
    "payment_status_not_found": wire.PaymentStatusResponse(result="NOT_FOUND"),
    "list_payments_request": wire.ListPayments(day="2018-08-15"),
    "list_payments_reply": wire.ListPaymentsResponse(
        day="2018-08-15", count="2", total="1727.20", booked_payment=(BOOKED, BOOKED_PENALTY)
    ),
}


def canonical(document: bytes) -> str:
    root = etree.fromstring(document, etree.XMLParser(remove_blank_text=True))
    return etree.tostring(root, method="c14n").decode()


def test_every_sample_is_covered() -> None:
    assert {path.stem for path in SAMPLES.glob("*.xml")} == {*MESSAGES, "fault"}


@pytest.mark.parametrize("name", MESSAGES)
def test_golden_message(name: str) -> None:
    assert canonical(wire.build(MESSAGES[name])) == canonical(sample(name))
    assert wire.parse(sample(name), type(MESSAGES[name])) == MESSAGES[name]


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_fit_the_wsdl(name: str) -> None:
    definitions = etree.fromstring(files("faturat_oshee").joinpath("oshee.wsdl").read_bytes())
    schema = etree.XMLSchema(definitions.find(".//{http://www.w3.org/2001/XMLSchema}schema"))
    body = etree.fromstring(sample(name)).find(f"{{{wire.SOAP}}}Body")
    schema.assertValid(body[0])


def test_golden_fault() -> None:
    assert canonical(wire.build_fault("Server", "The service is not available")) == canonical(sample("fault"))
    assert wire.is_fault(sample("fault"))
    with pytest.raises(BillerError) as caught:
        wire.parse(sample("fault"), wire.PayInvoiceResponse)
    assert caught.value.why == "soap_fault"


ENTITY = b'<!DOCTYPE x [<!ENTITY e "1707.40">]>'
BOMB = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'>" + b"".join(
    b"<!ENTITY %c '%b'>" % (ord("b") + i, b"&%c;" % (ord("a") + i) * 10) for i in range(9)
)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "bad_xml"),
        (b"<html>", "bad_xml"),
        (sample("pay_invoice_reply")[:400], "bad_xml"),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", "bad_xml"),
        (b"<html/>", "not_soap"),
        (sample("find_contract_reply").replace(b"soap:Body", b"soap:Header"), "not_soap"),
        (sample("find_contract_reply"), "other_message"),
        (ENTITY + sample("pay_invoice_reply").split(b"?>", 1)[1].replace(b"1707.40", b"&e;"), "doctype"),
        (b"<!DOCTYPE x>" + sample("pay_invoice_reply").split(b"?>", 1)[1], "doctype"),
        (b"<!DOCTYPE x SYSTEM 'file:///etc/hostname'><x/>", "doctype"),
    ],
)
def test_what_cannot_be_read_is_refused(document: bytes, why: str) -> None:
    with pytest.raises(BillerError) as caught:
        wire.parse(document, wire.PayInvoiceResponse)
    assert caught.value.why == why
    assert not wire.is_fault(document)


def test_entities_are_not_expanded() -> None:
    with pytest.raises(BillerError) as caught:
        wire.parse(BOMB + b"]><x>&j;</x>", wire.PayInvoiceResponse)
    assert caught.value.why in ("bad_xml", "doctype")  # libxml2 may see the bomb before we see the DOCTYPE


def test_a_fault_in_one_field_is_seen_by_the_mapping_alone() -> None:
    text = sample("pay_invoice_reply")
    doubled = text.replace(b"<oshee:Part>1</oshee:Part>", b"<oshee:Part>1</oshee:Part>" * 2)
    nested = text.replace(b">1707.40<", b"><oshee:Sum>1707.40</oshee:Sum><")
    commented = text.replace(b">1707.40<", b">17<!-- -->07.40<")
    assert wire.parse(doubled, wire.PayInvoiceResponse).booked_payment[0].part == ""
    assert wire.parse(nested, wire.PayInvoiceResponse).booked_payment[0].amount == ""
    assert wire.parse(commented, wire.PayInvoiceResponse).booked_payment[0].amount == "1707.40"
