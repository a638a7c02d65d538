"""Files swapped with billers, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from faturat.billers import Reference
from faturat.exchange.types import OutgoingFile, RegisterEntry, Swap
from faturat.payments.types import Order
from faturat.store.postgres.columns import Columns
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import Row, payment_from, register_from, register_row
from faturat.store.postgres.tables import RegisterRow

_BATCH = 5000

REGISTER = Columns(RegisterRow)

# the first turn of a biller makes its row
CLAIM_EXCHANGE = """
INSERT INTO exchange_turn AS turn (biller, fence, due_at) VALUES ($1, 1, $3)
ON CONFLICT (biller) DO UPDATE SET fence = turn.fence + 1, due_at = excluded.due_at WHERE turn.due_at <= $2
RETURNING fence
"""

HOLD_EXCHANGE = "UPDATE exchange_turn SET due_at = $3 WHERE biller = $1 AND fence = $2 RETURNING biller"

LOCK_TURN = "SELECT FROM exchange_turn WHERE biller = $1 AND fence = $2 FOR UPDATE"

QUEUED_ORDERS = """
SELECT * FROM payment
WHERE biller = $1 AND state = 'pending' AND hold_expires_at >= $2
    AND NOT EXISTS (SELECT FROM exchange_order WHERE payment = payment.id)
ORDER BY id LIMIT $3
"""

TAKE_IN = """
INSERT INTO exchange_taken (biller, name, content, taken_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (biller, name) DO NOTHING
"""

PUT_OUT = """
INSERT INTO exchange_outgoing (biller, name, content, stored_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (biller, name) DO NOTHING
RETURNING name
"""

# locked, so that none of them leaves pending before it is carried
CARRY = """
WITH pending AS (
    SELECT id FROM payment WHERE id = ANY($3::text[]) AND biller = $1 AND state = 'pending' FOR UPDATE
)
INSERT INTO exchange_order (payment, biller, name) SELECT id, $1, $2 FROM pending
ON CONFLICT (payment) DO NOTHING
RETURNING payment
"""

UNSENT_FILES = """
SELECT name, content, (
    SELECT array_agg(payment ORDER BY payment) FROM exchange_order AS carried
    WHERE carried.biller = file.biller AND carried.name = file.name
) AS orders
FROM exchange_outgoing AS file
WHERE biller = $1 AND sent_at IS NULL AND NOT EXISTS (
    SELECT FROM exchange_order AS carried JOIN payment ON payment.id = carried.payment
    WHERE carried.biller = file.biller AND carried.name = file.name
        AND (payment.state <> 'pending' OR payment.hold_expires_at < $2)
)
ORDER BY name
"""

FILES_SENT = "UPDATE exchange_outgoing SET sent_at = $3 WHERE biller = $1 AND name = ANY($2::text[])"

WRITE_REGISTER = f"""
INSERT INTO exchange_register AS known ({REGISTER.names}) SELECT * FROM {REGISTER.rows("new", 1)}
ON CONFLICT (biller, reference_key) DO UPDATE
SET subscriber = excluded.subscriber, as_of = excluded.as_of, invoices = excluded.invoices
WHERE known.as_of <= excluded.as_of
"""

REGISTER_ENTRIES = "SELECT * FROM exchange_register WHERE biller = $1 AND reference_key = ANY($2::text[])"


class _Lost(Exception):
    """Ends the transaction of a swap that must not be stored."""


class Exchange:
    _database: Database

    async def claim_exchange(self, biller: str, now: datetime, lease_until: datetime) -> int | None:
        rows = await self._database.fetch(CLAIM_EXCHANGE, biller, now, lease_until)
        return int(rows[0]["fence"]) if rows else None

    async def hold_exchange(self, biller: str, fence: int, due_at: datetime) -> bool:
        return bool(await self._database.fetch(HOLD_EXCHANGE, biller, fence, due_at))

    async def known_files(self, biller: str) -> frozenset[str]:
        rows = await self._database.fetch("SELECT name FROM exchange_taken WHERE biller = $1", biller)
        return frozenset(row["name"] for row in rows)

    async def queued_orders(self, biller: str, held_until: datetime, limit: int) -> list[Order]:
        rows = await self._database.fetch(QUEUED_ORDERS, biller, held_until, limit)
        return [payment_from(row).order for row in rows]

    async def is_carried(self, payment_id: str) -> bool:
        return bool(await self._database.fetch("SELECT FROM exchange_order WHERE payment = $1", payment_id))

    async def commit_swap(self, swap: Swap) -> bool:
        try:
            async with self._database.transaction():
                # the row of the turn stays locked: whoever takes the next one waits for this
                if not await self._database.fetch(LOCK_TURN, swap.biller, swap.fence):
                    raise _Lost
                await self._take_in(swap)
                await self._put_out(swap)
        except _Lost:
            return False
        return True

    async def _take_in(self, swap: Swap) -> None:
        for file in swap.taken:
            await self._database.fetch(TAKE_IN, swap.biller, file.name, file.content, swap.at)
        # one statement must not touch a row twice, so the newest entry of each reference goes
        newest: dict[str, Row] = {}
        for entry in sorted(swap.register, key=lambda entry: entry.as_of):
            newest[entry.reference.key] = register_row(swap.biller, entry)
        rows = list(newest.values())
        for start in range(0, len(rows), _BATCH):
            await self._database.fetch(WRITE_REGISTER, *REGISTER.arrays(rows[start : start + _BATCH]))

    async def _put_out(self, swap: Swap) -> None:
        for file in swap.files:
            if not await self._database.fetch(PUT_OUT, swap.biller, file.name, file.content, swap.at):
                raise _Lost
            carried = await self._database.fetch(CARRY, swap.biller, file.name, list(file.orders))
            if len(carried) != len(file.orders):
                raise _Lost

    async def unsent_files(self, biller: str, held_until: datetime) -> list[OutgoingFile]:
        rows = await self._database.fetch(UNSENT_FILES, biller, held_until)
        return [OutgoingFile(row["name"], row["content"], tuple(row["orders"])) for row in rows]

    async def files_sent(self, biller: str, names: Sequence[str], now: datetime) -> None:
        await self._database.fetch(FILES_SENT, biller, list(names), now)

    async def register_entries(self, biller: str, references: Sequence[Reference]) -> list[RegisterEntry]:
        keys = [reference.key for reference in references]
        return [register_from(row) for row in await self._database.fetch(REGISTER_ENTRIES, biller, keys)]

    async def has_register(self, biller: str) -> bool:
        return bool(await self._database.fetch("SELECT FROM exchange_register WHERE biller = $1 LIMIT 1", biller))
