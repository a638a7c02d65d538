"""Notices and the outbox, in memory."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice

from msgspec.structs import replace

from faturat.contracts.types import Contract
from faturat.invoices.types import GONE, InvoiceState, KnownInvoice
from faturat.notices.types import Delivery, Named, Notice, NoticeEvent


class MemoryNotices:
    """The part of the memory store that keeps what is to be told; nothing awaits inside."""

    _contracts: dict[str, Contract]
    _removed: dict[str, tuple[Contract, datetime]]
    _invoices: dict[str, KnownInvoice]
    _scheduled: dict[str, str]

    def __init__(self) -> None:
        super().__init__()
        self._notices: dict[str, Notice] = {}
        self._told: set[tuple[str, str, str, int]] = set()
        self._deliveries: dict[str, Delivery] = {}
        self._owed: set[tuple[str, str, str, int]] = set()

    async def notices(self, customer: str, before: str = "", limit: int = 100) -> list[Notice]:
        found = (row for row in self._notices.values() if row.customer == customer and (not before or row.id < before))
        return sorted(found, key=lambda row: row.id, reverse=True)[:limit]

    async def notice(self, notice_id: str) -> Notice | None:
        return self._notices.get(notice_id)

    async def names_of(self, invoice_id: str) -> Named:
        row = self._invoices.get(invoice_id)
        if row is None:
            return Named("", "")
        removed = self._removed.get(row.contract or "")
        contract = self._contracts.get(row.contract or "") or (removed[0] if removed else None)
        return Named("" if contract is None else contract.name, row.invoice.number)

    async def invoices_due(
        self, days: Sequence[date], read_before: datetime, limit: int
    ) -> list[tuple[KnownInvoice, str]]:
        rows = self._invoices.values()
        open_rows = [row for row in rows if row.state is InvoiceState.OPEN and row.id not in self._scheduled]
        found = [
            (row, NoticeEvent.INVOICE_DUE, (day - days[0]).days + 1)
            for row in open_rows
            for day in days
            if row.invoice.due_on == day and (row.version > 1 or row.read_at < read_before)
        ]
        return self._untold(found, limit)

    async def invoices_gone(self, since: datetime, until: datetime, limit: int) -> list[tuple[KnownInvoice, str]]:
        found = [
            (row, NoticeEvent.INVOICE_WITHDRAWN, row.version)
            for row in self._invoices.values()
            if row.state in GONE and row.version > 1 and since <= row.read_at < until
        ]
        return self._untold(found, limit)

    def _untold(
        self, found: Iterable[tuple[KnownInvoice, NoticeEvent, int]], limit: int
    ) -> list[tuple[KnownInvoice, str]]:
        rows = [
            (row, self._contracts[row.contract].name)
            for row, event, version in found
            if row.contract in self._contracts and (row.customer, event, row.id, version) not in self._told
        ]
        return sorted(rows, key=lambda each: each[0].id)[:limit]

    async def add_notices(self, notices: Sequence[Notice], deliveries: Sequence[Delivery]) -> int:
        told = self._tell(notices)
        self._owe(row for row in deliveries if row.subject in told)
        return len(told)

    async def claim_deliveries(self, now: datetime, lease_until: datetime, limit: int) -> list[Delivery]:
        due = sorted((row for row in self._deliveries.values() if row.due_at <= now), key=lambda row: row.due_at)
        claimed = [replace(row, due_at=lease_until) for row in due[:limit]]
        self._deliveries |= {row.id: row for row in claimed}
        return claimed

    async def delivery_done(self, delivery_id: str, now: datetime) -> None:
        self._deliveries.pop(delivery_id, None)

    async def delivery_failed(self, delivery_id: str, due_at: datetime | None) -> None:
        delivery = self._deliveries.pop(delivery_id, None)
        if delivery is not None and due_at is not None:
            self._deliveries[delivery_id] = replace(delivery, due_at=due_at, attempts=delivery.attempts + 1)

    async def overdue_deliveries(self, now: datetime) -> list[Delivery]:
        late = (row for row in self._deliveries.values() if row.deadline < now)
        return list(islice(sorted(late, key=lambda row: row.id), 1000))

    def _tell(self, notices: Iterable[Notice]) -> set[str]:
        """Store those that were not told yet; returns their ids."""
        told: set[str] = set()
        for notice in notices:
            about = (notice.customer, notice.event, notice.subject, notice.version)
            if about not in self._told:
                self._told.add(about)
                self._notices[notice.id] = notice
                told.add(notice.id)
        return told

    def _owe(self, deliveries: Iterable[Delivery]) -> None:
        for row in deliveries:
            about = (row.channel, row.hook, row.subject, row.version)
            if about not in self._owed:
                self._owed.add(about)
                self._deliveries[row.id] = row
