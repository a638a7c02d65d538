"""Checkpoints in PostgreSQL, and what the check of the invariants asks."""

from collections.abc import AsyncIterator, Sequence

import msgspec
from msgspec.structs import asdict

from faturat.checkpoints.types import Checkpoint, Head
from faturat.faults import Fault
from faturat.payments.types import Payment, PaymentEvent
from faturat.store.port_checkpoints import History
from faturat.store.postgres.columns import Columns
from faturat.store.postgres.contradictions import CONTRADICTIONS
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import Row, event_from, payment_from
from faturat.store.postgres.tables import CheckpointRow, PaymentEventRow, PaymentRow

CHECKPOINT = Columns(CheckpointRow)

UNCOVERED_HEADS = """
SELECT id AS payment, version, chain_head AS head FROM payment WHERE covered_version <> version ORDER BY id LIMIT $1
"""

CHECKPOINT_HEADS = "SELECT payment, version, head FROM checkpoint_head WHERE checkpoint = $1 ORDER BY payment"

_HEADS = 1 + len(CHECKPOINT)

# a row that somebody else holds is not waited for: it stays uncovered, and the next checkpoint has it again
ADD_CHECKPOINT = f"""
WITH made AS (
    INSERT INTO checkpoint ({CHECKPOINT.names}) VALUES ({CHECKPOINT.parameters(1)})
    ON CONFLICT (number) DO NOTHING
    RETURNING number
), covered AS (
    INSERT INTO checkpoint_head (checkpoint, payment, version, head)
    SELECT made.number, new.* FROM made,
        unnest(${_HEADS}::text[], ${_HEADS + 1}::integer[], ${_HEADS + 2}::text[]) AS new
    RETURNING payment, version
), free AS (
    SELECT id FROM payment WHERE id = ANY(${_HEADS}::text[]) AND EXISTS (SELECT FROM made) FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE payment SET covered_version = covered.version FROM free, covered
    WHERE payment.id = free.id AND payment.id = covered.payment
)
SELECT count(*) FROM made
"""


class Checkpoints:
    _database: Database

    async def uncovered_heads(self, limit: int) -> list[Head]:
        return [Head(*row.values()) for row in await self._database.fetch(UNCOVERED_HEADS, limit)]

    async def add_checkpoint(self, checkpoint: Checkpoint, heads: Sequence[Head]) -> bool:
        parameters = CHECKPOINT.values(asdict(checkpoint))
        arrays = [[getattr(head, name) for head in heads] for name in Head.__struct_fields__]
        [row] = await self._database.fetch(ADD_CHECKPOINT, *parameters, *arrays)
        return bool(row["count"])

    async def newest_checkpoint(self) -> Checkpoint | None:
        row = await CheckpointRow.select().order_by(CheckpointRow.number, ascending=False).first()
        return None if row is None else msgspec.convert(row, Checkpoint)

    async def checkpoints(self, after: int = 0, limit: int = 100) -> list[Checkpoint]:
        query = CheckpointRow.select().where(CheckpointRow.number > after).order_by(CheckpointRow.number)
        return [msgspec.convert(row, Checkpoint) for row in await query.limit(limit)]

    async def checkpoint_heads(self, number: int) -> list[Head]:
        return [Head(*row.values()) for row in await self._database.fetch(CHECKPOINT_HEADS, number)]

    async def histories(self, after: str = "", limit: int = 500) -> list[History]:
        # one snapshot for both reads, or a payment that moves between them would seem to lack its newest event
        async with self._database.transaction(isolation="repeatable_read"):
            rows = await PaymentRow.select().where(PaymentRow.id > after).order_by(PaymentRow.id).limit(limit)
            events: dict[str, list[PaymentEvent]] = {row["id"]: [] for row in rows}
            if rows:
                query = PaymentEventRow.select().where(PaymentEventRow.payment.is_in(list(events)))
                for row in await query.order_by(PaymentEventRow.payment, PaymentEventRow.version):
                    events[row["payment"]].append(event_from(row))
        return [_history(row, events[row["id"]]) for row in rows]

    async def all_payments(self) -> AsyncIterator[tuple[Payment, list[PaymentEvent]]]:
        after = ""
        while batch := await self.histories(after):
            for history in batch:
                assert history.payment is not None, f"the row of {history.id} cannot be read"
                yield history.payment, list(history.events)
            after = batch[-1].id

    async def missing_payments(self, payment_ids: Sequence[str]) -> set[str]:
        rows = await self._database.fetch("SELECT id FROM payment WHERE id = ANY($1::text[])", list(payment_ids))
        return set(payment_ids) - {row["id"] for row in rows}

    async def contradictions(self) -> list[Fault]:
        faults = []
        for invariant, query in CONTRADICTIONS:
            rows = await self._database.fetch(query)
            faults += [Fault(invariant, row["row"], row["what"]) for row in rows]
        return faults


def _history(row: Row, events: list[PaymentEvent]) -> History:
    try:
        payment = payment_from(row)
    except msgspec.MsgspecError:
        payment = None  # somebody wrote into the row what no code of ours writes
    return History(row["id"], payment, tuple(events))
