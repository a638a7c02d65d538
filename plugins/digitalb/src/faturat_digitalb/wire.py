"""DIGITALB's messages, as assumed: plain XML whose values are attributes. What they mean is for mapping.py.

A message is a Struct; its element is named like the class, in camelCase. A field that is a `str` is an attribute; one
that is a tuple holds child elements of the field's name. An attribute that is missing reads as "", which mapping.py
refuses for that entry alone: one bad instalment must not hide those of nine other contracts. What is not known is
passed over.
"""

from typing import Any, ClassVar, TypeVar, get_args

from lxml import etree
from msgspec import Struct
from msgspec.structs import fields

from faturat.errors import BillerError


class Message(Struct, frozen=True, kw_only=True, rename="camel"):
    """A message or a part of one."""


class Request(Message, frozen=True):
    """What the bank asks, by POST to a path of its own below the service's address."""

    path: ClassVar[str]


class FindContract(Request, frozen=True):
    path: ClassVar[str] = "/contract"
    contract_number: str = ""


class FindContractReply(Message, frozen=True):
    result: str = ""
    subscriber: str = ""


class AskedContract(Message, frozen=True):
    number: str = ""


class ListInstalments(Request, frozen=True):
    path: ClassVar[str] = "/instalments"
    contract: tuple[AskedContract, ...] = ()


class Instalment(Message, frozen=True):
    """The prepayment of one month (`2018-09`); its amount is what is to pay, or what was booked."""

    number: str = ""
    month: str = ""
    issued_on: str = ""
    due_on: str = ""
    amount: str = ""
    currency: str = ""
    payment_id: str = ""
    """Of a booked one: the id under which an electronic channel paid it; none for one paid at a counter."""


class Contract(Message, frozen=True):
    number: str = ""
    result: str = ""
    open: tuple[Instalment, ...] = ()
    booked: tuple[Instalment, ...] = ()
    """The contract's recent history."""


class ListInstalmentsReply(Message, frozen=True):
    contract: tuple[Contract, ...] = ()


class PayInstalment(Request, frozen=True):
    path: ClassVar[str] = "/payment"
    payment_id: str = ""
    contract_number: str = ""
    instalment_number: str = ""
    amount: str = ""
    currency: str = ""


class Booking(Message, frozen=True):
    """A payment that stands in the company's books."""

    payment_id: str = ""
    instalment_number: str = ""
    amount: str = ""
    currency: str = ""
    receipt_number: str = ""
    booked_at: str = ""


class PayInstalmentReply(Message, frozen=True):
    result: str = ""
    booking: tuple[Booking, ...] = ()
    """One where the result is OK or ALREADY_PAID."""


class ListBookings(Request, frozen=True):
    """The statement of a day (`2018-08-15`): what the bank ordered and was booked."""

    path: ClassVar[str] = "/bookings"
    day: str = ""


class ListBookingsReply(Message, frozen=True):
    """`count` and `total` are of all bookings of the day: it is known by them that none is missing."""

    day: str = ""
    count: str = ""
    total: str = ""
    booking: tuple[Booking, ...] = ()


class Refusal(Message, frozen=True):
    """The body of a reply whose status is not 200: the request was not looked at."""

    code: str = ""


REQUESTS: tuple[type[Request], ...] = (FindContract, ListInstalments, PayInstalment, ListBookings)

M = TypeVar("M", bound=Message)


def build(message: Message) -> bytes:
    """The document of a message: the same bytes for the same message, for they are signed."""
    root = etree.Element(_element_name(type(message)))
    _write(root, message)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def parse(document: bytes, kind: type[M]) -> M:
    """Read a document as one kind of message.

    Raises BillerError bad_xml, doctype or other_message, each a bad reply.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise _bad("bad_xml") from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise _bad("doctype")
    if root.tag != _element_name(kind):
        raise _bad("other_message")
    return _read(root, kind)


def _element_name(kind: type[Message]) -> str:
    return kind.__name__[0].lower() + kind.__name__[1:]


def _write(element: etree._Element, message: Message) -> None:
    for field in fields(message):
        value = getattr(message, field.name)
        if isinstance(value, tuple):
            for part in value:
                _write(etree.SubElement(element, field.encode_name), part)
        elif value:
            element.set(field.encode_name, value)


def _read(element: etree._Element, kind: type[M]) -> M:
    values: dict[str, object] = {}
    for field in fields(kind):
        if field.type is str:
            values[field.name] = element.get(field.encode_name, "")
        else:
            part = get_args(field.type)[0]
            values[field.name] = tuple(_read(each, part) for each in element.findall(field.encode_name))
    return kind(**values)


def _bad(why: str) -> BillerError:
    return BillerError(why, "biller_bad_reply")
