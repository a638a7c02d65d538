"""What Faturat and a bank say to each other; all amounts in minor units."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from faturat.text import Text


class Account(Struct, frozen=True):
    """Where money comes from; `available` is what may be held now."""

    id: str
    name: str
    available: int
    currency: str


class Hold(Struct, frozen=True, tag="hold"):
    """Money reserved for one order; it lives until `expires_at`."""

    order_id: str
    amount: int
    currency: str
    expires_at: datetime


REFUSALS = frozenset({"insufficient_funds", "unknown_account", "wrong_currency", "released", "refused"})


class Refusal(Struct, frozen=True, tag="refusal"):
    """The bank's explicit no: nothing was and will be moved for this order by the refused call.

    `code` is one of REFUSALS.
    `available` is the account's balance, where that is the reason.
    """

    code: str
    message: Text
    available: int | None = None


HoldReply: TypeAlias = Hold | Refusal


class Captured(Struct, frozen=True, tag="captured"):
    """The hold was turned into a debit, credited to the biller's suspense account."""

    order_id: str
    amount: int


CaptureReply: TypeAlias = Captured | Refusal


class Released(Struct, frozen=True):
    """The hold, if there was one, is lifted in full, and none can be made for this order any more."""

    order_id: str


class FundsState(StrEnum):
    NONE = "none"
    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


class FundsStatus(Struct, frozen=True):
    """What the bank holds for one order; `amount` is 0 where the state is none."""

    order_id: str
    state: FundsState
    amount: int
