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
from faturat.store.postgres.columns import Columns, literals
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import audit_from, case_from, case_row, payment_from
from faturat.store.postgres.tables import AuditRow, CaseRow

CASE = Columns(CaseRow)


def _payments_in(where: str = "") -> str:
    return f"""
SELECT * FROM payment
WHERE state = ANY($1::text[]) {where} AND ($2::text IS NULL OR biller = $2)
    AND ($3::timestamptz IS NULL OR state_since <= $3) AND id > $4
ORDER BY id LIMIT $5
"""


_LIVE = f"AND state IN ({literals(LIVE)})"
PAYMENTS_IN = _payments_in()
LIVE_PAYMENTS_IN = _payments_in(_LIVE)  # few rows of many, by the index that knows them

COUNT_PAYMENTS = f"""
SELECT state, count(*), min(state_since) AS since FROM payment
WHERE state = ANY($1::text[]) {_LIVE} GROUP BY state
"""

CARRIED_BY = """
SELECT file.name, file.sent_at FROM exchange_order AS carried
JOIN exchange_outgoing AS file ON file.biller = carried.biller AND file.name = carried.name
WHERE carried.payment = $1
"""

OPEN_CASE = f"""
WITH opened AS (
    INSERT INTO payment_case ({CASE.names}) VALUES ({CASE.parameters(1)})
    ON CONFLICT (payment, said_hash) DO NOTHING
    RETURNING id
), audited AS (
    INSERT INTO audit ({sql.AUDIT.names})
    SELECT {sql.AUDIT.of("new")} FROM opened, {sql.AUDIT.rows("new", 1 + len(CASE))}
)
SELECT count(*) FROM opened
"""

CLOSE_CASE = f"""
WITH closed AS (
    UPDATE payment_case SET closed_at = $2, adjustment = $3 WHERE id = $1 AND closed_at IS NULL RETURNING id
), audited AS (
    INSERT INTO audit ({sql.AUDIT.names}) SELECT {sql.AUDIT.parameters(4)} FROM closed
)
SELECT count(*) FROM closed
"""

ADD_AUDIT = f"INSERT INTO audit ({sql.AUDIT.names}) VALUES ({sql.AUDIT.parameters(1)})"


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
        statement = LIVE_PAYMENTS_IN if LIVE.issuperset(states) else PAYMENTS_IN
        rows = await self._database.fetch(statement, list(states), biller, since, after, limit)
        return [payment_from(row) for row in rows]

    async def count_payments(self, states: Sequence[PaymentState]) -> dict[PaymentState, StateCount]:
        rows = await self._database.fetch(COUNT_PAYMENTS, list(states))
        return {PaymentState(row["state"]): StateCount(row["count"], row["since"]) for row in rows}

    async def carried_by(self, payment_id: str) -> CarriedBy | None:
        for row in await self._database.fetch(CARRIED_BY, payment_id):
            return CarriedBy(row["name"], row["sent_at"])
        return None

    async def open_case(self, case: Case, audit: AuditEntry | None = None) -> bool:
        entries = [] if audit is None else [asdict(audit)]
        [row] = await self._database.fetch(OPEN_CASE, *CASE.values(case_row(case)), *sql.AUDIT.arrays(entries))
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
            CLOSE_CASE, case.id, row["closed_at"], row["adjustment"], *sql.AUDIT.values(asdict(audit))
        )
        return bool(closed["count"])

    async def add_audit(self, entry: AuditEntry) -> None:
        await self._database.fetch(ADD_AUDIT, *sql.AUDIT.values(asdict(entry)))

    async def audit(self, *, subject: str | None = None, before: str = "", limit: int = 100) -> list[AuditEntry]:
        query = AuditRow.select()
        if subject is not None:
            query = query.where(AuditRow.subject == subject)
        if before:
            query = query.where(AuditRow.id < before)
        return [audit_from(row) for row in await query.order_by(AuditRow.id, ascending=False).limit(limit)]
