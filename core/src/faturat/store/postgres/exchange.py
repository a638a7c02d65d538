"""Files swapped with billers, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from faturat.billers import Reference
from faturat.exchange.types import OutgoingFile, RegisterEntry, Swap
from faturat.payments.types import Order
from faturat.store.postgres import statements as sql
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import Row, payment_from, register_from, register_row

_BATCH = 5000


class _Lost(Exception):
    """Ends the transaction of a swap that must not be stored."""


class Exchange:
    _database: Database

    async def claim_exchange(self, biller: str, now: datetime, lease_until: datetime) -> int | None:
        rows = await self._database.fetch(sql.CLAIM_EXCHANGE, biller, now, lease_until)
        return int(rows[0]["fence"]) if rows else None

    async def hold_exchange(self, biller: str, fence: int, due_at: datetime) -> bool:
        return bool(await self._database.fetch(sql.HOLD_EXCHANGE, biller, fence, due_at))

    async def known_files(self, biller: str) -> frozenset[str]:
        rows = await self._database.fetch("SELECT name FROM exchange_taken WHERE biller = $1", biller)
        return frozenset(row["name"] for row in rows)

    async def queued_orders(self, biller: str, held_until: datetime, limit: int) -> list[Order]:
        rows = await self._database.fetch(sql.QUEUED_ORDERS, biller, held_until, limit)
        return [payment_from(row).order for row in rows]

    async def is_carried(self, payment_id: str) -> bool:
        return bool(await self._database.fetch("SELECT FROM exchange_order WHERE payment = $1", payment_id))

    async def commit_swap(self, swap: Swap) -> bool:
        try:
            async with self._database.transaction():
                # the row of the turn stays locked: whoever takes the next one waits for this
                if not await self._database.fetch(sql.LOCK_TURN, swap.biller, swap.fence):
                    raise _Lost
                await self._take_in(swap)
                await self._put_out(swap)
        except _Lost:
            return False
        return True

    async def _take_in(self, swap: Swap) -> None:
        for file in swap.taken:
            await self._database.fetch(sql.TAKE_IN, swap.biller, file.name, file.content, swap.at)
        # one statement must not touch a row twice, so the newest entry of each reference goes
        newest: dict[str, Row] = {}
        for entry in sorted(swap.register, key=lambda entry: entry.as_of):
            newest[entry.reference.key] = register_row(swap.biller, entry)
        rows = list(newest.values())
        for start in range(0, len(rows), _BATCH):
            await self._database.fetch(sql.WRITE_REGISTER, *sql.REGISTER.arrays(rows[start : start + _BATCH]))

    async def _put_out(self, swap: Swap) -> None:
        for file in swap.files:
            if not await self._database.fetch(sql.PUT_OUT, swap.biller, file.name, file.content, swap.at):
                raise _Lost
            carried = await self._database.fetch(sql.CARRY, swap.biller, file.name, list(file.orders))
            if len(carried) != len(file.orders):
                raise _Lost

    async def unsent_files(self, biller: str, held_until: datetime) -> list[OutgoingFile]:
        rows = await self._database.fetch(sql.UNSENT_FILES, biller, held_until)
        return [OutgoingFile(row["name"], row["content"], tuple(row["orders"])) for row in rows]

    async def files_sent(self, biller: str, names: Sequence[str], now: datetime) -> None:
        await self._database.fetch(sql.FILES_SENT, biller, list(names), now)

    async def register_entries(self, biller: str, references: Sequence[Reference]) -> list[RegisterEntry]:
        keys = [reference.key for reference in references]
        return [register_from(row) for row in await self._database.fetch(sql.REGISTER_ENTRIES, biller, keys)]

    async def has_register(self, biller: str) -> bool:
        return bool(await self._database.fetch("SELECT FROM exchange_register WHERE biller = $1 LIMIT 1", biller))
