"""A biller's statement of one day, and what comes of comparing it with our payments; all amounts in minor units."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from faturat.payments.types import PaymentState


class StatementEntry(Struct, frozen=True, kw_only=True):
    """One booking of a statement: the order that it was made for, and what the biller says of it."""

    order_id: str
    receipt: str
    """The biller's own number of the booking, as on the receipt."""
    amount: int
    currency: str
    settled_at: datetime


class Statement(Struct, frozen=True):
    """All that a biller booked for us on one day: every booking, each once as its list has it, and nothing left out."""

    entries: tuple[StatementEntry, ...] = ()


class FindingKind(StrEnum):
    """What comparing one order came to. A duplicate is one more booking of an order beside the one that is compared."""

    MISSING_THERE = "missing_there"
    MISSING_HERE = "missing_here"
    DIFFERENT_AMOUNT = "different_amount"
    DUPLICATE_THERE = "duplicate_there"
    MATCHED = "matched"


class Note(StrEnum):
    """What else is to be said of an order; it is no difference."""

    SETTLED_ON_ANOTHER_DAY = "settled_on_another_day"
    """Our receipt is of another day than the statement."""
    LISTED_ON_ANOTHER_DAY = "listed_on_another_day"
    """The statement of `listed_on` has it, as we reconciled it."""
    ANOTHER_RECEIPT = "another_receipt"
    """The numbers of the receipt differ, as where the contract's entry proved the payment."""


class Finding(Struct, frozen=True, kw_only=True):
    """One order of a reconciliation: what stands here and what there, None or empty where nothing does.

    `state` is that of our payment as it was then; None: we have no payment of this id at this biller.
    """

    kind: FindingKind
    order_id: str
    state: PaymentState | None = None
    amount_here: int | None = None
    amount_there: int | None = None
    receipt_here: str = ""
    receipt_there: str = ""
    settled_here: datetime | None = None
    settled_there: datetime | None = None
    notes: tuple[Note, ...] = ()
    listed_on: date | None = None


class Totals(Struct, frozen=True, kw_only=True):
    """How many findings of each kind there are, and what they sum up to on either side.

    A payment that another day's statement has is left out of `amount_here`, so that both are equal where all matched.
    """

    matched: int = 0
    missing_there: int = 0
    missing_here: int = 0
    different_amount: int = 0
    duplicate_there: int = 0
    amount_here: int = 0
    amount_there: int = 0

    @property
    def differences(self) -> int:
        return self.missing_there + self.missing_here + self.different_amount + self.duplicate_there


class ReconciliationHead(Struct, frozen=True, kw_only=True):
    """One reconciliation without its findings. `day` is the companies'; `file` names the statement's file."""

    id: str
    biller: str
    day: date
    made_at: datetime
    currency: str
    file: str
    sha256: str
    totals: Totals


class Reconciliation(ReconciliationHead, frozen=True, kw_only=True):
    """A reconciliation whole, with the file that it rests on."""

    content: bytes
    findings: tuple[Finding, ...]

    @property
    def differences(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.kind is not FindingKind.MATCHED)
