"""The billers' health and limits, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import convert
from msgspec.structs import asdict

from faturat.health.types import Circuit
from faturat.store.postgres.columns import Columns
from faturat.store.postgres.database import Database
from faturat.store.postgres.tables import CircuitRow

CIRCUIT = Columns(CircuitRow)

# the first version is an insert, and loses against another first one; every other one replaces the one below it
MOVE_CIRCUIT = f"""
INSERT INTO circuit AS stored ({CIRCUIT.names})
SELECT new.* FROM (SELECT {CIRCUIT.parameters(1)}) AS new({CIRCUIT.names})
WHERE new.version = 1 OR EXISTS (SELECT FROM circuit WHERE biller = new.biller)
ON CONFLICT (biller) DO UPDATE SET ({CIRCUIT.names}) = ROW({CIRCUIT.of("excluded")})
WHERE stored.version = excluded.version - 1
RETURNING version
"""

TAKE_SLOTS = """
INSERT INTO call_slot AS kept (biller, next_at) VALUES ($1, $2::timestamptz + $4::interval)
ON CONFLICT (biller) DO UPDATE SET next_at = greatest(kept.next_at, $2) + $4
WHERE greatest(kept.next_at, $2) <= $3
RETURNING next_at
"""

NEXT_SLOT = "SELECT greatest(next_at, $2) AS next_at FROM call_slot WHERE biller = $1"

# one row a customer, so that two look-ups at once are counted one after the other
COUNT_LOOK_UP = """
INSERT INTO look_up AS kept (customer, asked) VALUES ($1, ARRAY[$2::timestamptz])
ON CONFLICT (customer) DO UPDATE
SET asked = ARRAY(SELECT at FROM unnest(kept.asked) AS at WHERE at > $4 ORDER BY at) || $2
WHERE (SELECT count(*) FROM unnest(kept.asked) AS at WHERE at > $4) < $3
RETURNING customer
"""

OLDEST_LOOK_UP = "SELECT asked[cardinality(asked) - $2::integer + 1] AS at FROM look_up WHERE customer = $1"

PURGE_LOOK_UPS = """
WITH gone AS (DELETE FROM look_up WHERE asked[cardinality(asked)] < $1 RETURNING 1) SELECT count(*) FROM gone
"""

PUT_OFF = "UPDATE contract SET due_at = $2 WHERE id = ANY($1::text[]) AND removed_at IS NULL"


class Health:
    _database: Database

    async def circuits(self) -> dict[str, Circuit]:
        rows = await self._database.fetch("SELECT * FROM circuit")
        return {row["biller"]: convert(dict(row), Circuit) for row in rows}

    async def move_circuit(self, circuit: Circuit) -> bool:
        return bool(await self._database.fetch(MOVE_CIRCUIT, *CIRCUIT.values(asdict(circuit))))

    async def take_slots(
        self, biller: str, now: datetime, latest: datetime, interval: timedelta, count: int
    ) -> datetime:
        span = interval * count
        if taken := await self._database.fetch(TAKE_SLOTS, biller, now, latest, span):
            after: datetime = taken[0]["next_at"]
            return after - span
        first: datetime = (await self._database.fetch(NEXT_SLOT, biller, now))[0]["next_at"]
        return first

    async def count_look_up(self, customer: str, now: datetime, most: int, within: timedelta) -> datetime | None:
        if await self._database.fetch(COUNT_LOOK_UP, customer, now, most, now - within):
            return None
        oldest: datetime = (await self._database.fetch(OLDEST_LOOK_UP, customer, most))[0]["at"]
        return oldest + within

    async def purge_look_ups(self, before: datetime) -> int:
        return int((await self._database.fetch(PURGE_LOOK_UPS, before))[0]["count"])

    async def put_off_contracts(self, contract_ids: Sequence[str], due_at: datetime) -> None:
        await self._database.fetch(PUT_OFF, list(contract_ids), due_at)
