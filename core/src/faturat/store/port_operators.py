"""The part of the store port that operators need: payments by state and age, cases, and the record of deeds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from faturat.audit import AuditEntry
from faturat.operators.cases import Case
from faturat.payments.types import Payment, PaymentState


class CarriedBy(Struct, frozen=True):
    """The file that carries an order; `sent_at` None: it is not known to lie at the company."""

    name: str
    sent_at: datetime | None


class StateCount(Struct, frozen=True):
    """How many payments are in one state, and since when the first of them is."""

    count: int
    since: datetime


class OperatorStore(Protocol):
    async def payments_in(
        self,
        states: Sequence[PaymentState],
        *,
        biller: str | None = None,
        since: datetime | None = None,
        after: str = "",
        limit: int = 100,
    ) -> list[Payment]:
        """Payments in some states, oldest first by id, at one biller; `since`: in that state since then or longer."""
        ...

    async def count_payments(self, states: Sequence[PaymentState]) -> dict[PaymentState, StateCount]:
        """How many payments are in each of some live states, and for how long; a state without any is left out."""
        ...

    async def carried_by(self, payment_id: str) -> CarriedBy | None:
        """The file that carries the order of a payment, if one does."""
        ...

    async def open_case(self, case: Case, audit: AuditEntry | None = None) -> bool:
        """Store a case with the deed that opened it; False, and nothing stored, where the same was said before."""
        ...

    async def case(self, case_id: str) -> Case | None: ...

    async def cases(
        self, *, payment: str | None = None, open_only: bool = False, before: str = "", limit: int = 100
    ) -> list[Case]:
        """Cases (of one payment), newest first."""
        ...

    async def close_case(self, case: Case, audit: AuditEntry) -> bool:
        """Store a closed case with the deed that closed it; False, and nothing stored, where it is closed already."""
        ...

    async def add_audit(self, entry: AuditEntry) -> None: ...

    async def audit(self, *, subject: str | None = None, before: str = "", limit: int = 100) -> list[AuditEntry]:
        """Deeds (about one payment), newest first."""
        ...
