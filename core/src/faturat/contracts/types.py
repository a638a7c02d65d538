"""A contract, as the host keeps it."""

from datetime import datetime

from msgspec import Struct

from faturat.billers import Reference


class Contract(Struct, frozen=True, kw_only=True):
    """A customer's registration of a reference, with a name they chose.

    `checked_at` is when the biller was asked for its last complete answer that fits what is stored: a payment under way
    keeps its invoice as it was. `due_at` is when the sweep asks again; `failures` counts the unanswered asks since.
    `version` rises with every stored reading.
    """

    id: str
    customer: str
    biller: str
    reference: Reference
    name: str
    subscriber: str
    created_at: datetime
    due_at: datetime
    checked_at: datetime | None = None
    failures: int = 0
    version: int = 1
