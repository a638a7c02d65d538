"""What a biller is, and the references by which it knows a contract."""

from datetime import timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct

from faturat.text import Text


class LookAlike(Struct, frozen=True):
    """A shape that resembles another number; it warns and never refuses, for no company publishes its format."""

    pattern: str
    """Regular expression, matched against the whole normalised value, also in browsers."""
    warning: Text


class ReferenceField(Struct, frozen=True):
    """One field of a reference, as a form shows it and as input is checked."""

    id: str
    label: Text
    help: Text
    example: str
    pattern: str = r"[0-9A-Za-z.\/\-]+"
    """Regular expression for the characters that may occur; matched against the whole normalised value.

    It means the same in Python and in JavaScript with the flag v, which has no `(?i)`; in brackets a dash is escaped.
    """
    max_length: int = 64
    """A bound on input, not the company's format."""
    exact_length: int | None = None
    """Set only where the bank configured it: companies do not publish lengths."""
    uppercase: bool = False
    ignore: str = " "
    """Characters that people paste in between and that mean nothing."""
    look_alikes: tuple[LookAlike, ...] = ()


class ReferenceKind(Struct, frozen=True):
    """One of the ways in which a biller knows a contract (plate and chassis, or a fine's number)."""

    id: str
    label: Text
    fields: tuple[ReferenceField, ...]
    registrable: bool = True


class Capabilities(Struct, frozen=True):
    """What a biller can do; declared by the plugin and tried by the conformance kit."""

    idempotent_pay: bool = False
    """The same order sent twice settles once."""
    status_inquiry: bool = False
    """The biller can be asked what became of an order."""
    live_quote: bool = False
    """An invoice can be read again just before it is paid."""
    settles_later: timedelta | None = None
    """The longest time between acceptance and settlement; None where payment settles at once."""
    exchange_every: timedelta | None = None
    """How often files are swapped with a biller that works by files; None: it is called."""
    parts: bool = False
    """An invoice may be paid in several payments, each quoted anew."""
    max_bulk: int = 1
    """The most references that one fetch_invoices call may carry."""
    not_found_final_after: timedelta | None = None
    """After this time NOT_FOUND means that the order will never settle; None: it never means that."""
    statements: bool = False
    """The biller hands out a statement of what it booked on a day, for reconciliation."""


class Category(StrEnum):
    """What a biller bills for, roughly: by it people tell companies apart at a glance."""

    ELECTRICITY = "electricity"
    TELEPHONE = "telephone"
    TELEVISION = "television"
    WATER = "water"
    FINE = "fine"
    OTHER = "other"


class CallLimit(Struct, frozen=True):
    """How many calls a company allows in a time, of a second or more, from all processes together."""

    calls: int
    per: timedelta = timedelta(minutes=1)


class Biller(Struct, frozen=True):
    """A company that bills: its identity, reference kinds, capabilities and limits."""

    id: str
    name: str
    reference_kinds: tuple[ReferenceKind, ...]
    capabilities: Capabilities
    currency: str = "ALL"
    max_invoices: int = 500
    """The most invoices that one reference may answer with; more is a bad reply."""
    call_limit: CallLimit | None = None
    """How often the company may be called; None: as often as there is something to ask."""
    category: Category = Category.OTHER

    def kind(self, kind_id: str) -> ReferenceKind | None:
        return next((kind for kind in self.reference_kinds if kind.id == kind_id), None)


class Reference(Struct, frozen=True):
    """The fields by which a biller knows one contract, normalised; `values` maps field id to value."""

    kind: str
    values: dict[str, str]

    @property
    def key(self) -> str:
        """The same text for the same reference; what uniqueness is kept by."""
        return self.kind + "|" + msgspec.json.encode(sorted(self.values.items())).decode()

    def __hash__(self) -> int:
        return hash(self.key)


class Subscriber(Struct, frozen=True):
    """The name that the biller holds for a reference; personal data, never logged."""

    name: str

    @property
    def masked(self) -> str:
        """The name as shown to somebody who has not registered the contract: `T*** T***`."""
        return " ".join(word[0] + "***" for word in self.name.split())
