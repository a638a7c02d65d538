"""Notices and the outbox in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec.structs import asdict

from faturat.invoices.types import KnownInvoice
from faturat.notices.types import Delivery, Named, Notice
from faturat.store.postgres import statements as sql
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import delivery_from, invoice_from, notice_from, notice_row
from faturat.store.postgres.tables import DeliveryRow, NoticeRow

_MOST_OVERDUE = 1000


class Outbox:
    _database: Database

    async def notices(self, customer: str, before: str = "", limit: int = 100) -> list[Notice]:
        query = NoticeRow.select().where(NoticeRow.customer == customer)
        if before:
            query = query.where(NoticeRow.id < before)
        return [notice_from(row) for row in await query.order_by(NoticeRow.id, ascending=False).limit(limit)]

    async def notice(self, notice_id: str) -> Notice | None:
        row = await NoticeRow.select().where(NoticeRow.id == notice_id).first()
        return None if row is None else notice_from(row)

    async def names_of(self, invoice_id: str) -> Named:
        for row in await self._database.fetch(sql.NAMES_OF, invoice_id):
            return Named(row["contract"], row["number"])
        return Named("", "")

    async def invoices_due(
        self, days: Sequence[date], read_before: datetime, limit: int
    ) -> list[tuple[KnownInvoice, str]]:
        rows = await self._database.fetch(sql.INVOICES_DUE, [day.isoformat() for day in days], read_before, limit)
        return [(invoice_from(row), row["contract_name"]) for row in rows]

    async def invoices_gone(self, since: datetime, until: datetime, limit: int) -> list[tuple[KnownInvoice, str]]:
        rows = await self._database.fetch(sql.INVOICES_GONE, since, until, limit)
        return [(invoice_from(row), row["contract_name"]) for row in rows]

    async def add_notices(self, notices: Sequence[Notice], deliveries: Sequence[Delivery]) -> int:
        parameters = sql.NOTICE.arrays([*map(notice_row, notices)]), sql.DELIVERY.arrays([*map(asdict, deliveries)])
        [row] = await self._database.fetch(sql.ADD_NOTICES, *parameters[0], *parameters[1])
        return int(row["count"])

    async def claim_deliveries(self, now: datetime, lease_until: datetime, limit: int) -> list[Delivery]:
        rows = await self._database.fetch(sql.CLAIM_DELIVERIES, now, lease_until, limit)
        return [delivery_from(row) for row in rows]

    async def delivery_done(self, delivery_id: str, now: datetime) -> None:
        await DeliveryRow.update({DeliveryRow.due_at: None, DeliveryRow.done_at: now}).where(
            DeliveryRow.id == delivery_id
        )

    async def delivery_failed(self, delivery_id: str, due_at: datetime | None) -> None:
        # one that another worker has finished meanwhile stays finished
        await DeliveryRow.update({DeliveryRow.due_at: due_at, DeliveryRow.attempts: DeliveryRow.attempts + 1}).where(
            DeliveryRow.id == delivery_id, DeliveryRow.due_at.is_not_null()
        )

    async def overdue_deliveries(self, now: datetime) -> list[Delivery]:
        rows = await (
            DeliveryRow.select()
            .where(DeliveryRow.due_at.is_not_null(), DeliveryRow.deadline < now)
            .order_by(DeliveryRow.id)
            .limit(_MOST_OVERDUE)
        )
        return [delivery_from(row) for row in rows]
