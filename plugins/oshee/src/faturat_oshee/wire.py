"""OSHEE's messages, as assumed: SOAP 1.1 envelopes of plain texts. What the texts mean is for mapping.py.

A message is a Struct; its element is named like the class, its children like the fields in PascalCase. An element that
is missing, empty, doubled or nested where a text is due reads as "", which mapping.py refuses for that entry alone: one
bad invoice must not hide those of 49 other contracts. Elements that are not known are passed over.
"""

from typing import Any, TypeVar, get_args

from lxml import etree
from msgspec import Struct
from msgspec.structs import fields

from faturat.errors import BillerError

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACE = "urn:faturat:oshee:assumed:1"


class Message(Struct, frozen=True, kw_only=True, rename="pascal"):
    """A message or a part of one; fields are `str`, or a tuple of `str` or of Message for what may repeat."""


class FindContract(Message, frozen=True):
    customer_code: str = ""


class FindContractResponse(Message, frozen=True):
    result: str = ""
    subscriber: str = ""


class ListOpenInvoices(Message, frozen=True):
    customer_code: tuple[str, ...] = ()


class OpenInvoice(Message, frozen=True):
    """What is still owed of one invoice; amounts as decimals with two digits."""

    invoice_number: str = ""
    issued_on: str = ""
    due_on: str = ""
    part: str = ""
    principal: str = ""
    penalty: str = ""
    total: str = ""
    currency: str = ""


class Customer(Message, frozen=True):
    customer_code: str = ""
    result: str = ""
    open_invoice: tuple[OpenInvoice, ...] = ()


class ListOpenInvoicesResponse(Message, frozen=True):
    customer: tuple[Customer, ...] = ()


class PayInvoice(Message, frozen=True):
    payment_id: str = ""
    customer_code: str = ""
    invoice_number: str = ""
    part: str = ""
    amount: str = ""
    currency: str = ""


class BookedPayment(Message, frozen=True):
    """A payment that stands in the company's books."""

    payment_id: str = ""
    invoice_number: str = ""
    part: str = ""
    amount: str = ""
    currency: str = ""
    receipt_number: str = ""
    settled_at: str = ""


class PayInvoiceResponse(Message, frozen=True):
    result: str = ""
    booked_payment: tuple[BookedPayment, ...] = ()
    """One where the result is SETTLED or ALREADY_PAID."""


class PaymentStatus(Message, frozen=True):
    payment_id: str = ""


class PaymentStatusResponse(Message, frozen=True):
    result: str = ""
    booked_payment: tuple[BookedPayment, ...] = ()
    """One where the result is SETTLED."""


class ListPayments(Message, frozen=True):
    """The statement of a day (`2018-08-15`): what the bank ordered and was booked."""

    day: str = ""


class ListPaymentsResponse(Message, frozen=True):
    """`count` and `total` are of all payments of the day: it is known by them that none is missing."""

    day: str = ""
    count: str = ""
    total: str = ""
    booked_payment: tuple[BookedPayment, ...] = ()


M = TypeVar("M", bound=Message)


def build(message: Message) -> bytes:
    """The SOAP envelope around a message."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "oshee": NAMESPACE})
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    _write(etree.SubElement(body, f"{{{NAMESPACE}}}{type(message).__name__}"), message)
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def build_fault(code: str, reason: str) -> bytes:
    """A SOAP 1.1 fault; code: Client or Server."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    fault = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = f"soap:{code}"
    etree.SubElement(fault, "faultstring").text = reason
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def parse(document: bytes, *kinds: type[M]) -> M:
    """Read an envelope that carries one of the messages `kinds`.

    Raises BillerError soap_fault where it carries a fault; bad_xml, doctype, not_soap or other_message where it cannot
    be read.
    """
    content = _content(document)
    if content.tag == f"{{{SOAP}}}Fault":
        raise BillerError("soap_fault")
    for kind in kinds:
        if content.tag == f"{{{NAMESPACE}}}{kind.__name__}":
            return _read(content, kind)
    raise BillerError("other_message", "biller_bad_reply")


def is_fault(document: bytes) -> bool:
    """Whether a body is a SOAP fault; False for anything that cannot be read."""
    try:
        return _content(document).tag == f"{{{SOAP}}}Fault"
    except BillerError:
        return False


def _content(document: bytes) -> etree._Element:
    """The one element in an envelope's body."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise BillerError("bad_xml", "biller_bad_reply") from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise BillerError("doctype", "biller_bad_reply")
    bodies = root.findall(f"{{{SOAP}}}Body") if root.tag == f"{{{SOAP}}}Envelope" else []
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise BillerError("not_soap", "biller_bad_reply")
    return bodies[0][0]


def _write(element: etree._Element, message: Message) -> None:
    for field in fields(message):
        value = getattr(message, field.name)
        for item in value if isinstance(value, tuple) else (value,):
            if item == "":
                continue
            child = etree.SubElement(element, f"{{{NAMESPACE}}}{field.encode_name}")
            if isinstance(item, Message):
                _write(child, item)
            else:
                child.text = item


def _read(element: etree._Element, kind: type[M]) -> M:
    values: dict[str, object] = {}
    for field in fields(kind):
        found = element.findall(f"{{{NAMESPACE}}}{field.encode_name}")
        if field.type is str:
            values[field.name] = _text(found[0]) if len(found) == 1 else ""
            continue
        item = get_args(field.type)[0]
        values[field.name] = tuple(_text(each) if item is str else _read(each, item) for each in found)
    return kind(**values)


def _text(element: etree._Element) -> str:
    return "" if len(element) else (element.text or "").strip()
