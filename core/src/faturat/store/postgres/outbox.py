"""Notices and the outbox in PostgreSQL."""

from datetime import datetime

from faturat.notices.types import Delivery, Notice
from faturat.store.postgres import statements as sql
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import delivery_from, notice_from
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
