"""UKT's messages, as assumed: JSON objects. What their texts mean is for mapping.py.

An amount is a decimal with two digits, in a string: a JSON number would be read as a float by somebody on the way.
Members that are not known are passed over; one that is missing or of another type makes its message unreadable.
"""

import csv
from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime
from io import StringIO
from typing import Annotated, TypeVar
from urllib.parse import quote_plus

import msgspec
from msgspec import Meta, Struct

from faturat.errors import BillerError

TOKEN_REQUEST = b"grant_type=client_credentials"
"""RFC 6749, section 4.4.2."""

BEARER = "Bearer"

Moment = Annotated[datetime, Meta(tz=True)]


class Message(Struct, frozen=True, omit_defaults=True):
    """A JSON object."""


class Reply(Struct, frozen=True):
    """What the company answered: its HTTP status, and a body of bounded size."""

    status: int
    body: bytes


class Token(Message, frozen=True):
    """RFC 6749, section 5.1. The characters are those of RFC 6750: others could not stand in a header."""

    access_token: Annotated[str, Meta(pattern=r"\A[0-9A-Za-z._~+/-]+=*\Z", max_length=4096)]
    token_type: Annotated[str, Meta(pattern=r"(?i)\Abearer\Z")]
    expires_in: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    """Seconds."""


class Contract(Message, frozen=True):
    contract: str
    subscriber: str


class Line(Message, frozen=True):
    """One item of an invoice: water, sewerage, or what the municipality collects with it."""

    label: str
    amount: str


class OpenInvoice(Message, frozen=True):
    """An invoice that is not paid; the lines add up to `amount`."""

    invoice: str
    issued_on: date
    lines: tuple[Line, ...]
    amount: str
    penalty: str
    total: str
    currency: str
    due_on: date | None = None


class InvoicePage(Message, frozen=True):
    """One page of a contract's open invoices; pages count from 1, and a contract without debts has one.

    `count` and `owed` are of all pages: how many invoices, and the sum of their totals.
    """

    contract: str
    page: int
    pages: int
    count: int
    owed: str
    items: tuple[OpenInvoice, ...]


class Payment(Message, frozen=True):
    """What is to be paid; the order's id is sent as Idempotency-Key."""

    contract: str
    invoice: str
    amount: str
    currency: str


class BookedPayment(Message, frozen=True):
    """A payment that stands in the company's books, under the Idempotency-Key that it came with.

    All of it to whoever ordered it; to others `order_id` and `invoice` alone.
    """

    order_id: str
    invoice: str
    status: str = ""
    contract: str = ""
    amount: str = ""
    currency: str = ""
    receipt: str = ""
    settled_at: Moment | None = None


class Problem(Message, frozen=True):
    """Why the company did not do what was asked; `payment` with already_paid."""

    error: str
    payment: BookedPayment | None = None


class StatementRow(Message, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A line of a statement, which is a table of texts between semicolons."""

    order_id: str
    invoice: str
    amount: str
    currency: str
    receipt: str
    settled_at: str


class StatementEnd(Message, frozen=True, array_like=True, forbid_unknown_fields=True, tag="END"):
    """Its last line: the day (`2018-08-15`), how many payments it had, and the sum of their amounts."""

    day: str
    count: str
    total: str


M = TypeVar("M", bound=Message)


def login(client_id: str, client_secret: str) -> str:
    """The Authorization header by which a bank says who it is (RFC 6749, section 2.3.1)."""
    return "Basic " + b64encode(f"{quote_plus(client_id)}:{quote_plus(client_secret)}".encode()).decode()


def build(message: Message) -> bytes:
    return msgspec.json.encode(message)


def parse(document: bytes, kind: type[M]) -> M:
    """Raises BillerError bad_json where it is no JSON, bad_shape where it is another message."""
    try:
        return msgspec.json.decode(document, type=kind)
    except msgspec.ValidationError as error:
        raise BillerError("bad_shape", "biller_bad_reply") from error
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, or nested without end
        raise BillerError("bad_json", "biller_bad_reply") from error


def build_statement(rows: Iterable[StatementRow], end: StatementEnd) -> bytes:
    """A line of names, the rows, the end; each with a line break."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(StatementRow.__struct_fields__)
    writer.writerows(msgspec.to_builtins([*rows, end]))
    return text.getvalue().encode()


def parse_statement(document: bytes) -> tuple[list[StatementRow], StatementEnd]:
    """Raises BillerError bad_statement where a line cannot be read, or the first or the last is none of these."""
    try:
        names, *rows, end = csv.reader(StringIO(document.decode(), newline=""), delimiter=";", strict=True)
        if tuple(names) != StatementRow.__struct_fields__ or not document.endswith(b"\n"):
            raise BillerError("bad_statement", "biller_bad_reply")
        return msgspec.convert(rows, list[StatementRow]), msgspec.convert(end, StatementEnd)
    except (ValueError, csv.Error) as error:
        raise BillerError("bad_statement", "biller_bad_reply") from error
