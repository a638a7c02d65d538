"""The company's messages, as assumed: JSON objects of plain texts. What the texts mean is for mapping.py.

Amounts are texts, decimals with two digits. A member that is not known is passed over; one that is missing, or of
another type, makes the whole message unreadable, for each is about one reference or one payment.
"""

from datetime import date, datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from faturat.errors import BillerError


class Message(Struct, frozen=True, omit_defaults=True):
    """A message or a part of one."""


class Vehicle(Message, frozen=True):
    plate: str
    chassis: str


class Search(Message, frozen=True):
    """What POST /fines/search asks: one of the two."""

    vehicle: Vehicle | None = None
    fine: str | None = None


class Fine(Message, frozen=True, kw_only=True):
    """A fine that is not paid, and what it costs today."""

    number: str
    registered_on: date
    due_on: date | None = None
    amount: str
    penalty: str
    discount: str
    total: str
    currency: str


class SearchReply(Message, frozen=True):
    """`subscriber` and `fines` come with the result OK; `fines` may be empty, but never missing."""

    result: str
    subscriber: str | None = None
    fines: tuple[Fine, ...] | None = None


class Pay(Message, frozen=True):
    """What POST /payments orders; `order` is the bank's own id of the payment."""

    order: str
    fine: str
    amount: str
    currency: str


class Payment(Message, frozen=True):
    """A payment that stands in the company's books; of another's, only order and fine are shown."""

    order: str
    fine: str
    amount: str | None = None
    currency: str | None = None
    receipt: str | None = None
    settled_at: Annotated[datetime, Meta(tz=True)] | None = None


class PaymentReply(Message, frozen=True):
    """The answer of POST /payments and of GET /payments/{order}; `payment` comes with PAID and ALREADY_PAID."""

    result: str
    payment: Payment | None = None


class DailyPayments(Message, frozen=True):
    """The answer of GET /payments?day=: what the bank ordered and was booked; `count` and `total` are of the day."""

    day: date
    count: int
    total: str
    payments: tuple[Payment, ...]


M = TypeVar("M", bound=Message)


def build(message: Message) -> bytes:
    return msgspec.json.encode(message)


def parse(document: bytes, kind: type[M]) -> M:
    """Raises BillerError bad_json or bad_message where it cannot be read as a message of this kind."""
    try:
        return msgspec.json.decode(document, type=kind)
    except msgspec.ValidationError as error:
        raise BillerError("bad_message", "biller_bad_reply") from error
    except (ValueError, RecursionError) as error:  # msgspec raises UnicodeDecodeError too
        raise BillerError("bad_json", "biller_bad_reply") from error
