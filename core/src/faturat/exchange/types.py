"""What is swapped with a biller that works by files."""

from datetime import datetime

from msgspec import Struct

from faturat.billers import Reference
from faturat.invoices.types import Invoice
from faturat.payments.types import Outcome


class ExchangeFile(Struct, frozen=True):
    """A file of a biller, as it was collected."""

    name: str
    content: bytes


class OutgoingFile(Struct, frozen=True):
    """A file for a biller, and the ids of the orders that it carries.

    `name` derives from the content (its date and the orders in it), so that a repeat is the same file.
    """

    name: str
    content: bytes
    orders: tuple[str, ...]


class RegisterEntry(Struct, frozen=True, kw_only=True):
    """What a biller's file says of one reference: all of its unpaid invoices as of a moment."""

    reference: Reference
    subscriber: str
    as_of: datetime
    invoices: tuple[Invoice, ...]


class ExchangeReply(Struct, frozen=True):
    """What one exchange yields: files to send, entries of the biller's register, outcomes by order id.

    `incomplete` names inbox files that are cut short: they are collected again, all others count as taken in.
    """

    files: tuple[OutgoingFile, ...] = ()
    register: tuple[RegisterEntry, ...] = ()
    outcomes: dict[str, Outcome] = {}
    incomplete: tuple[str, ...] = ()


class Swap(Struct, frozen=True, kw_only=True):
    """What one exchange came to, for the store to commit whole or refuse.

    `fence` is the turn in which it was made; where somebody has taken a later one, nothing is stored. An entry of the
    register that is older than the stored one is passed over.
    """

    biller: str
    fence: int
    at: datetime
    taken: tuple[ExchangeFile, ...] = ()
    register: tuple[RegisterEntry, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
