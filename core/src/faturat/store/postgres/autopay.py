"""Autopay in PostgreSQL."""

from datetime import datetime

from faturat.autopay.types import Autopay
from faturat.payments.types import Payment
from faturat.store.postgres import statements as sql
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import autopay_from, autopay_row, payment_from
from faturat.store.postgres.tables import AutopayRow, PaymentRow


class Autopays:
    _database: Database

    async def autopay(self, contract_id: str) -> Autopay | None:
        row = await AutopayRow.select().where(AutopayRow.contract == contract_id).first()
        return None if row is None else autopay_from(row)

    async def save_autopay(self, autopay: Autopay) -> bool:
        return bool(await self._database.fetch(sql.SAVE_AUTOPAY, *sql.AUTOPAY.values(autopay_row(autopay))))

    async def claim_autopays(self, now: datetime, lease_until: datetime, limit: int) -> list[Autopay]:
        rows = await self._database.fetch(sql.CLAIM_AUTOPAYS, now, lease_until, limit)
        return [autopay_from(row) for row in rows]

    async def autopay_payments(self, contract_id: str, limit: int) -> list[Payment]:
        query = PaymentRow.select().where(PaymentRow.autopay == contract_id)
        return [payment_from(row) for row in await query.order_by(PaymentRow.id, ascending=False).limit(limit)]
