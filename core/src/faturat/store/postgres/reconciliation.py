"""Reconciliations in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import convert, json
from msgspec.structs import asdict

from faturat.payments.types import Payment
from faturat.reconciliation.rules import SETTLED
from faturat.reconciliation.types import Reconciliation, ReconciliationHead
from faturat.store.port_reconciliation import FAR
from faturat.store.postgres.columns import Columns, literals
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import Row, payment_from
from faturat.store.postgres.tables import ReconciliationRow

RECONCILIATION_HEAD = Columns(ReconciliationRow, without=("content", "findings"))
RECONCILIATION = Columns(ReconciliationRow)

SETTLED_PAYMENTS = f"""
SELECT * FROM payment
WHERE biller = $1 AND settled_at >= $2 AND settled_at < $3 AND state IN ({literals(SETTLED)})
ORDER BY id
"""

PAYMENTS_OF = "SELECT * FROM payment WHERE id = ANY($2::text[]) AND biller = $1 ORDER BY id"

SAVE_RECONCILIATION = f"INSERT INTO reconciliation ({RECONCILIATION.names}) VALUES ({RECONCILIATION.parameters(1)})"

RECONCILIATIONS = f"SELECT {RECONCILIATION_HEAD.names} FROM reconciliation WHERE biller = $1 ORDER BY id DESC LIMIT $2"

LISTED_ON = """
WITH newest AS (
    SELECT DISTINCT ON (day) day, findings FROM reconciliation
    WHERE biller = $1 AND day BETWEEN $3 AND $4 AND day <> $2
    ORDER BY day, id DESC
)
SELECT finding ->> 'order_id' AS order_id, max(day) AS day
FROM newest, jsonb_array_elements(findings) AS finding
WHERE finding ->> 'order_id' = ANY($5::text[]) AND finding ->> 'amount_there' IS NOT NULL
GROUP BY 1
"""


class Reconciliations:
    _database: Database

    async def settled_payments(self, biller: str, begin: datetime, end: datetime) -> list[Payment]:
        return [payment_from(row) for row in await self._database.fetch(SETTLED_PAYMENTS, biller, begin, end)]

    async def payments_of(self, biller: str, ids: Sequence[str]) -> list[Payment]:
        return [payment_from(row) for row in await self._database.fetch(PAYMENTS_OF, biller, list(ids))]

    async def save_reconciliation(self, made: Reconciliation) -> None:
        nested = {name: json.encode(getattr(made, name)).decode() for name in ("totals", "findings")}
        await self._database.fetch(SAVE_RECONCILIATION, *RECONCILIATION.values(asdict(made) | nested))

    async def reconciliations(self, biller: str, limit: int) -> list[ReconciliationHead]:
        rows = await self._database.fetch(RECONCILIATIONS, biller, limit)
        return [convert(_plain(row), ReconciliationHead) for row in rows]

    async def reconciliation(self, reconciliation_id: str) -> Reconciliation | None:
        row = await ReconciliationRow.select().where(ReconciliationRow.id == reconciliation_id).first()
        return None if row is None else convert(_plain(row), Reconciliation)

    async def listed_on(self, biller: str, day: date, order_ids: Sequence[str]) -> dict[str, date]:
        if not order_ids:
            return {}
        rows = await self._database.fetch(LISTED_ON, biller, day, day - FAR, day + FAR, list(order_ids))
        return {row["order_id"]: row["day"] for row in rows}


def _plain(row: Row) -> Row:
    nested = {name: json.decode(row[name]) for name in ("totals", "findings") if name in row}
    return {**row, **nested}
