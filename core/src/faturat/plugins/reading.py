"""Reading a company's texts, for a plugin's mapping: what does not fit raises BillerError with a code, no words of it.

Amounts are decimals with two digits, days and times ISO 8601.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated

import msgspec

from faturat.errors import BillerError, FaturatError
from faturat.money import parse_decimal
from faturat.reconciliation.types import Statement, StatementEntry

_IDENTIFIER = re.compile(r"[0-9A-Za-z._/-]{1,64}", re.ASCII)
_CODE = re.compile(r"[A-Z_]{1,30}|[a-z_]{1,30}", re.ASCII)
_Aware = Annotated[datetime, msgspec.Meta(tz=True)]


def bad_reply(why: str) -> BillerError:
    """The company answered, and not in words that the plugin knows; `why` is a code for operators."""
    return BillerError(why, "biller_bad_reply")


def read_amount(text: str) -> int:
    """`1707.40` as minor units."""
    try:
        return parse_decimal(text)
    except FaturatError as error:
        raise bad_reply("bad_amount") from error


def read_date(text: str) -> date:
    try:
        return msgspec.convert(text, date)
    except msgspec.ValidationError as error:
        raise bad_reply("bad_date") from error


def read_moment(text: str | datetime) -> datetime:
    """A time with its offset, in UTC."""
    try:
        moment: datetime = msgspec.convert(text, _Aware)
        return moment.astimezone(UTC)
    except (msgspec.ValidationError, OverflowError) as error:
        raise bad_reply("bad_time") from error


def is_identifier(text: str) -> bool:
    """Whether it can be the number of an invoice, a receipt or a payment: 1 to 64 of `0-9 A-Z a-z . _ / -`."""
    return _IDENTIFIER.fullmatch(text) is not None


def read_identifier(text: str) -> str:
    if not is_identifier(text):
        raise bad_reply("bad_identifier")
    return text


def code_outside_the_table(kind: str, text: str) -> str:
    """An operator's code for a status that is not in the plugin's table; its words only where they hold no name."""
    return f"{kind}_{text.lower()}" if _CODE.fullmatch(text) else f"{kind}_unreadable"


def whole_statement(entries: Iterable[StatementEntry], count: str, total: str) -> Statement:
    """The statement, where the company's own count and total (`1707.40`) say that these entries are all of it."""
    listed = tuple(entries)
    if count != str(len(listed)) or read_amount(total) != sum(entry.amount for entry in listed):
        raise bad_reply("incomplete_statement")
    return Statement(listed)
