"""Cases, and what operators did, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import asdict

from faturat.audit import AuditEntry
from faturat.operators.cases import Case
from faturat.payments.states import LIVE
from faturat.payments.types import Payment, PaymentState
from faturat.store.port_operators import CarriedBy, StateCount
from faturat.store.postgres import statements as sql
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import audit_from, case_from, case_row, payment_from
from faturat.store.postgres.tables import AuditRow, CaseRow


class Operators:
    _database: Database

    async def payments_in(
        self,
        states: Sequence[PaymentState],
        *,
        biller: str | None = None,
        since: datetime | None = None,
        after: str = "",
        limit: int = 100,
    ) -> list[Payment]:
        statement = sql.LIVE_PAYMENTS_IN if LIVE.issuperset(states) else sql.PAYMENTS_IN
        rows = await self._database.fetch(statement, list(states), biller, since, after, limit)
        return [payment_from(row) for row in rows]

    async def count_payments(self, states: Sequence[PaymentState]) -> dict[PaymentState, StateCount]:
        rows = await self._database.fetch(sql.COUNT_PAYMENTS, list(states))
        return {PaymentState(row["state"]): StateCount(row["count"], row["since"]) for row in rows}

    async def carried_by(self, payment_id: str) -> CarriedBy | None:
        for row in await self._database.fetch(sql.CARRIED_BY, payment_id):
            return CarriedBy(row["name"], row["sent_at"])
        return None

    async def open_case(self, case: Case, audit: AuditEntry | None = None) -> bool:
        entries = [] if audit is None else [asdict(audit)]
        [row] = await self._database.fetch(sql.OPEN_CASE, *sql.CASE.values(case_row(case)), *sql.AUDIT.arrays(entries))
        return bool(row["count"])

    async def case(self, case_id: str) -> Case | None:
        row = await CaseRow.select().where(CaseRow.id == case_id).first()
        return None if row is None else case_from(row)

    async def cases(
        self, *, payment: str | None = None, open_only: bool = False, before: str = "", limit: int = 100
    ) -> list[Case]:
        query = CaseRow.select()
        if payment is not None:
            query = query.where(CaseRow.payment == payment)
        if open_only:
            query = query.where(CaseRow.closed_at.is_null())
        if before:
            query = query.where(CaseRow.id < before)
        return [case_from(row) for row in await query.order_by(CaseRow.id, ascending=False).limit(limit)]

    async def close_case(self, case: Case, audit: AuditEntry) -> bool:
        row = case_row(case)
        [closed] = await self._database.fetch(
            sql.CLOSE_CASE, case.id, row["closed_at"], row["adjustment"], *sql.AUDIT.values(asdict(audit))
        )
        return bool(closed["count"])

    async def add_audit(self, entry: AuditEntry) -> None:
        await self._database.fetch(sql.ADD_AUDIT, *sql.AUDIT.values(asdict(entry)))

    async def audit(self, *, subject: str | None = None, before: str = "", limit: int = 100) -> list[AuditEntry]:
        query = AuditRow.select()
        if subject is not None:
            query = query.where(AuditRow.subject == subject)
        if before:
            query = query.where(AuditRow.id < before)
        return [audit_from(row) for row in await query.order_by(AuditRow.id, ascending=False).limit(limit)]
