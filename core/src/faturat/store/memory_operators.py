"""What operators need of a store, in memory."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from faturat.audit import AuditEntry
from faturat.exchange.types import OutgoingFile
from faturat.operators.cases import Case
from faturat.payments.types import Payment, PaymentState
from faturat.store.port_operators import CarriedBy, StateCount


class MemoryOperators:
    """The part of the memory store that keeps cases and deeds; nothing awaits inside."""

    _payments: dict[str, Payment]
    _outgoing: defaultdict[str, dict[str, OutgoingFile]]
    _sent: dict[tuple[str, str], datetime]

    def __init__(self) -> None:
        super().__init__()
        self._cases: dict[str, Case] = {}
        self._audit: dict[str, AuditEntry] = {}

    async def payments_in(
        self,
        states: Sequence[PaymentState],
        *,
        biller: str | None = None,
        since: datetime | None = None,
        after: str = "",
        limit: int = 100,
    ) -> list[Payment]:
        found = (
            row
            for row in self._payments.values()
            if row.state in states
            and biller in (None, row.order.biller)
            and (since is None or row.state_since <= since)
            and row.id > after
        )
        return sorted(found, key=lambda row: row.id)[:limit]

    async def count_payments(self, states: Sequence[PaymentState]) -> dict[PaymentState, StateCount]:
        since: defaultdict[PaymentState, list[datetime]] = defaultdict(list)
        for row in self._payments.values():
            if row.state in states:
                since[row.state].append(row.state_since)
        return {state: StateCount(len(moments), min(moments)) for state, moments in since.items()}

    async def carried_by(self, payment_id: str) -> CarriedBy | None:
        for biller, files in self._outgoing.items():
            for file in files.values():
                if payment_id in file.orders:
                    return CarriedBy(file.name, self._sent.get((biller, file.name)))
        return None

    async def open_case(self, case: Case, audit: AuditEntry | None = None) -> bool:
        said = (case.payment, case.said_hash)
        if any((row.payment, row.said_hash) == said for row in self._cases.values()):
            return False
        self._cases[case.id] = case
        self._put_audit(audit)
        return True

    async def case(self, case_id: str) -> Case | None:
        return self._cases.get(case_id)

    async def cases(
        self, *, payment: str | None = None, open_only: bool = False, before: str = "", limit: int = 100
    ) -> list[Case]:
        found = (
            row
            for row in self._cases.values()
            if payment in (None, row.payment)
            and not (open_only and row.closed_at is not None)
            and (not before or row.id < before)
        )
        return sorted(found, key=lambda row: row.id, reverse=True)[:limit]

    async def close_case(self, case: Case, audit: AuditEntry) -> bool:
        now = self._cases.get(case.id)
        if now is None or now.closed_at is not None:
            return False
        self._cases[case.id] = case
        self._put_audit(audit)
        return True

    async def add_audit(self, entry: AuditEntry) -> None:
        self._put_audit(entry)

    async def audit(self, *, subject: str | None = None, before: str = "", limit: int = 100) -> list[AuditEntry]:
        found = (
            row for row in self._audit.values() if subject in (None, row.subject) and (not before or row.id < before)
        )
        return sorted(found, key=lambda row: row.id, reverse=True)[:limit]

    def _put_audit(self, entry: AuditEntry | None) -> None:
        if entry is not None:
            self._audit[entry.id] = entry
