"""Where the points of the crash tests are: found by code, so that none is forgotten when the store grows."""

from datetime import datetime

from doomed_server import writes

from faturat.store.postgres import PostgresStore
from faturat.store.postgres import statements as sql


class GrownStore(PostgresStore):
    async def freeze_contract(self, contract_id: str) -> None:
        await self._database.fetch("UPDATE contract SET due_at = NULL WHERE id = $1", contract_id)

    async def newest_contract(self) -> None:
        await self._database.fetch("SELECT id FROM contract ORDER BY id DESC LIMIT 1")

    async def settle_all(self, now: datetime) -> None:
        for payment in await self.payments("demo"):
            await self._settle(payment.id, now)

    async def list_due(self) -> None:
        await self._database.fetch(sql.KNOWN_INVOICES, await self._ids())

    async def somewhere_else(self) -> None:
        await self._elsewhere.keep("a row")

    async def _settle(self, payment: str, now: datetime) -> None:
        await self._database.fetch(sql.MOVE_PAYMENT, payment, now)

    async def _ids(self) -> None:
        await self._database.fetch("SELECT id FROM contract")


def test_what_writes_is_found_by_code() -> None:
    grown = set(writes(GrownStore)) - set(writes(PostgresStore))
    assert grown == {"freeze_contract", "settle_all", "somewhere_else"}, "what cannot be seen to read counts as written"


def test_what_a_bank_lives_by_is_among_it() -> None:
    assert {"commit", "commit_reading", "commit_swap", "claim_payments", "files_sent"} < set(writes(PostgresStore))
    assert {"payment", "contracts", "unsent_files", "occupied"}.isdisjoint(writes(PostgresStore))
