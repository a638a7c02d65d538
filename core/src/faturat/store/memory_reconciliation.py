"""Reconciliations, in memory."""

from collections.abc import Sequence
from datetime import date, datetime

from faturat.payments.types import Payment
from faturat.reconciliation.rules import is_settled
from faturat.reconciliation.types import Reconciliation, ReconciliationHead
from faturat.store.port_reconciliation import FAR


class MemoryReconciliation:
    """The part of the memory store that keeps reconciliations; nothing awaits inside."""

    _payments: dict[str, Payment]

    def __init__(self) -> None:
        super().__init__()
        self._reconciliations: dict[str, Reconciliation] = {}

    async def settled_payments(self, biller: str, begin: datetime, end: datetime) -> list[Payment]:
        settled = (row for row in self._payments.values() if row.order.biller == biller and is_settled(row))
        found = (row for row in settled if row.receipt is not None and begin <= row.receipt.settled_at < end)
        return sorted(found, key=lambda row: row.id)

    async def payments_of(self, biller: str, ids: Sequence[str]) -> list[Payment]:
        found = (self._payments[each] for each in sorted(set(ids)) if each in self._payments)
        return [row for row in found if row.order.biller == biller]

    async def save_reconciliation(self, made: Reconciliation) -> None:
        self._reconciliations[made.id] = made

    async def reconciliations(self, biller: str, limit: int) -> list[ReconciliationHead]:
        found = [row for row in self._reconciliations.values() if row.biller == biller]
        heads = ReconciliationHead.__struct_fields__
        newest = sorted(found, key=lambda row: row.id, reverse=True)[:limit]
        return [ReconciliationHead(**{name: getattr(row, name) for name in heads}) for row in newest]

    async def reconciliation(self, reconciliation_id: str) -> Reconciliation | None:
        return self._reconciliations.get(reconciliation_id)

    async def listed_on(self, biller: str, day: date, order_ids: Sequence[str]) -> dict[str, date]:
        newest: dict[date, Reconciliation] = {}
        for row in sorted(self._reconciliations.values(), key=lambda row: row.id):
            if row.biller == biller and row.day != day and abs(row.day - day) <= FAR:
                newest[row.day] = row
        wanted = set(order_ids)
        return {
            finding.order_id: near
            for near in sorted(newest)
            for finding in newest[near].findings
            if finding.order_id in wanted and finding.amount_there is not None
        }
