"""ALBTELECOM's files, as assumed: a line per record, fields between semicolons, a trailer over all that stands before.

A record is a Struct of texts in the order in which they stand, after the letter of its kind. What the texts mean is for
mapping.py. A field with a semicolon or a quotation mark is quoted as in CSV; none has a line break. The trailer tells a
whole file from one that is cut short or still being written.
"""

import csv
from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import StringIO
from typing import TypeAlias

import msgspec
from msgspec import Struct

from faturat.errors import FaturatError
from faturat.money import parse_decimal

OPEN, PAY, ACK, BOOKED = "OPEN", "PAY", "ACK", "BOOKED"
"""The kinds of files: open invoices, acknowledgements and statements of the company, payments of the bank."""
VERSION = "1"


class Cut(Exception):
    """A file that does not hold together: cut short, still being written, or damaged on its way."""


class Header(Struct, frozen=True, array_like=True, tag="H", forbid_unknown_fields=True):
    """A file's first line; `made_at`: the moment that it speaks of."""

    kind: str
    version: str
    made_at: str


class OpenContract(Struct, frozen=True, array_like=True, tag="C", forbid_unknown_fields=True):
    """A contract, with or without debts; `invoices` counts its records of OpenInvoice."""

    contract: str
    subscriber: str
    invoices: str


class OpenInvoice(Struct, frozen=True, array_like=True, tag="I", forbid_unknown_fields=True):
    """What is still owed of one invoice; amounts as decimals with two digits."""

    contract: str
    invoice_number: str
    issued_on: str
    due_on: str
    part: str
    amount: str
    penalty: str
    discount: str
    total: str
    currency: str


class Payment(Struct, frozen=True, array_like=True, tag="P", forbid_unknown_fields=True):
    """A payment that the bank orders."""

    order_id: str
    contract: str
    invoice_number: str
    part: str
    amount: str
    currency: str


class Acknowledgement(Struct, frozen=True, array_like=True, tag="A", forbid_unknown_fields=True):
    """What became of a payment: booked under `receipt_number` at `settled_at`, or refused with a `code`."""

    order_id: str
    result: str
    code: str
    receipt_number: str
    settled_at: str
    amount: str
    currency: str


class Day(Struct, frozen=True, array_like=True, tag="D", forbid_unknown_fields=True):
    """The day of a statement, its first record: `2018-08-15`."""

    day: str


class Booked(Struct, frozen=True, array_like=True, tag="B", forbid_unknown_fields=True):
    """A payment of the bank that stands in the company's books."""

    order_id: str
    invoice_number: str
    part: str
    receipt_number: str
    settled_at: str
    amount: str
    currency: str


class Trailer(Struct, frozen=True, array_like=True, tag="T", forbid_unknown_fields=True):
    """A file's last line: how many records, the sum of their amounts in minor units, SHA-256 of all before it."""

    records: str
    sum: str
    sha256: str


Record: TypeAlias = OpenContract | OpenInvoice | Payment | Acknowledgement | Day | Booked
Line: TypeAlias = Header | Record | Trailer
LINES: dict[str, type[Line]] = {
    "H": Header,
    "C": OpenContract,
    "I": OpenInvoice,
    "P": Payment,
    "A": Acknowledgement,
    "D": Day,
    "B": Booked,
    "T": Trailer,
}
"""By letter; msgspec would work the union out anew for each line."""


def build(kind: str, made_at: str, records: Iterable[Record]) -> bytes:
    """A whole file. Raises ValueError for a field with a line break."""
    return seal(write([Header(kind, VERSION, made_at), *records]))


def write(lines: Iterable[Line]) -> bytes:
    """Lines without a trailer. Raises ValueError for a field with a line break."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    for line in lines:
        fields = msgspec.to_builtins(line)
        if any("\n" in field or "\r" in field for field in fields):
            raise ValueError("a field has a line break")
        writer.writerow(fields)
    return text.getvalue().encode()


def seal(body: bytes) -> bytes:
    """A body with its trailer, which sums the amounts that can be read."""
    if body and not body.endswith(b"\n"):
        body += b"\n"
    lines = body.split(b"\n")[1:-1]
    total = sum(_amount(_line(line)) or 0 for line in lines)
    return body + write([Trailer(str(len(lines)), str(total), sha256(body).hexdigest())])


def read(content: bytes, kind: str) -> tuple[Header, Iterator[Record | None]]:
    """The header and the records of a whole file of a kind; None for a record that cannot be read.

    Raises Cut, here or at the end of the records, where the file does not hold together.
    """
    start = content.rfind(b"\n", 0, -1) + 1
    body, last = content[:start], content[start:]
    trailer = _line(last[:-1]) if last.endswith(b"\n") else None
    if not isinstance(trailer, Trailer) or trailer.sha256 != sha256(body).hexdigest():
        raise Cut
    lines = body.split(b"\n")[:-1]
    header = _line(lines[0]) if lines else None
    if not isinstance(header, Header) or (header.kind, header.version) != (kind, VERSION):
        raise Cut
    if trailer.records != str(len(lines) - 1):
        raise Cut
    return header, _records(lines[1:], trailer)


def _records(lines: list[bytes], trailer: Trailer) -> Iterator[Record | None]:
    """The sum is compared where every amount can be read; else digest and count alone say that the file is whole."""
    total: int | None = 0
    for each in lines:
        line = _line(each)
        yield None if isinstance(line, Header | Trailer) else line
        amount = _amount(line)
        total = None if total is None or amount is None else total + amount
    if total is not None and trailer.sum != str(total):
        raise Cut


def _line(line: bytes) -> Line | None:
    """One line, or None where it cannot be read. Line by line: an open quotation mark must not hide the next record."""
    try:
        (fields,) = csv.reader([line.decode()], delimiter=";", strict=True)
        return msgspec.convert(fields, LINES[fields[0]])
    except (ValueError, LookupError, csv.Error):
        return None


def _amount(line: Line | None) -> int | None:
    """What a line adds to the sum, in minor units; None where it cannot be read."""
    match line:
        case OpenContract() | Day():
            return 0
        case OpenInvoice():
            amount = line.total
        case Payment() | Acknowledgement() | Booked():
            amount = line.amount
        case _:
            return None
    try:
        return parse_decimal(amount)
    except FaturatError:
        return None
