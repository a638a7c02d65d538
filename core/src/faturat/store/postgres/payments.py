"""Payments in PostgreSQL."""

from datetime import datetime

import asyncpg
from msgspec.structs import asdict

from faturat.payments.types import IdempotencyKey, Payment, PaymentEvent, Plan
from faturat.store.port import KeyTaken, Occupied
from faturat.store.postgres import statements as sql
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import event_from, notice_row, payment_from, payment_row
from faturat.store.postgres.tables import PaymentEventRow, PaymentRow


class Payments:
    _database: Database

    async def commit(self, plan: Plan) -> bool:
        payment = payment_row(plan.payment)
        if plan.expected == 0:
            keys = [] if plan.key is None else [asdict(plan.key) | {"payment": plan.payment.id}]
            statement = sql.BEGIN_PAYMENT if plan.autopay_version is None else sql.BEGIN_BY_AUTOPAY
            parameters = [*sql.PAYMENT.values(payment), *sql.KEY.arrays(keys)]
        else:
            statement = sql.MOVE_PAYMENT if plan.audit is None else sql.DECIDE_PAYMENT
            parameters = [plan.payment.id, plan.expected, *sql.MOVED_PAYMENT.values(payment)]
        parameters += sql.EVENT.values(asdict(plan.event))
        parameters.append(plan.invoice_state)
        parameters += sql.NOTICE.arrays([*map(notice_row, plan.notices)])
        parameters += sql.DELIVERY.arrays([*map(asdict, plan.deliveries)])
        if plan.audit is not None:
            parameters += sql.AUDIT.values(asdict(plan.audit))
        if plan.autopay_version is not None:
            parameters += [plan.payment.autopay, plan.autopay_version]
        try:
            [row] = await self._database.fetch(statement, *parameters)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name in ("payment_occupied", "payment_live", "payment_scheduled"):
                raise Occupied from error
            if error.constraint_name == "idempotency_pkey":
                raise KeyTaken from error
            raise
        return bool(row["count"])

    async def payment(self, payment_id: str) -> Payment | None:
        row = await PaymentRow.select().where(PaymentRow.id == payment_id).first()
        return None if row is None else payment_from(row)

    async def payment_by_key(self, customer: str, key: str) -> tuple[IdempotencyKey, Payment] | None:
        for row in await self._database.fetch(sql.PAYMENT_BY_KEY, customer, key):
            return IdempotencyKey(customer=customer, key=key, body_hash=row["body_hash"]), payment_from(row)
        return None

    async def payment_events(self, payment_id: str) -> list[PaymentEvent]:
        rows = await (
            PaymentEventRow.select().where(PaymentEventRow.payment == payment_id).order_by(PaymentEventRow.version)
        )
        return [event_from(row) for row in rows]

    async def claim_payments(self, now: datetime, lease_until: datetime, limit: int) -> list[Payment]:
        rows = await self._database.fetch(sql.CLAIM_PAYMENTS, now, lease_until, limit)
        return [payment_from(row) for row in rows]
