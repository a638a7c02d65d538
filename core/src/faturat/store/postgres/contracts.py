"""Contracts and invoices in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec.structs import asdict

from faturat.contracts.types import Contract
from faturat.invoices.types import InvoiceState, KnownInvoice
from faturat.payments.types import Payment
from faturat.store.port import Duplicate, Reading
from faturat.store.postgres import statements as sql
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import (
    contract_from,
    contract_row,
    invoice_from,
    invoice_row,
    notice_row,
    payment_from,
)
from faturat.store.postgres.tables import ContractRow, InvoiceRow


class Contracts:
    _database: Database

    async def add_contract(self, contract: Contract, invoices: Sequence[KnownInvoice]) -> None:
        parameters = sql.CONTRACT.values(contract_row(contract)), sql.INVOICE.arrays([*map(invoice_row, invoices)])
        try:
            await self._database.fetch(sql.ADD_CONTRACT, *parameters[0], *parameters[1])
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "contract_reference":
                raise Duplicate from error
            raise

    async def contract(self, contract_id: str) -> Contract | None:
        query = ContractRow.select().where(ContractRow.id == contract_id, ContractRow.removed_at.is_null())
        row = await query.first()
        return None if row is None else contract_from(row)

    async def contracts(self, customer: str, after: str = "", limit: int = 100) -> list[Contract]:
        rows = await (
            ContractRow.select()
            .where(ContractRow.customer == customer, ContractRow.removed_at.is_null(), ContractRow.id > after)
            .order_by(ContractRow.id)
            .limit(limit)
        )
        return [contract_from(row) for row in rows]

    async def count_contracts(self, customer: str) -> int:
        active = ContractRow.count().where(ContractRow.customer == customer, ContractRow.removed_at.is_null())
        return int(await active)

    async def rename_contract(self, contract_id: str, name: str) -> bool:
        renamed = await (
            ContractRow.update({ContractRow.name: name})
            .where(ContractRow.id == contract_id, ContractRow.removed_at.is_null())
            .returning(ContractRow.id)
        )
        return bool(renamed)

    async def remove_contract(self, contract_id: str, now: datetime) -> bool:
        # two statements: the second must see the invoices of a reading that the first had to wait for
        async with self._database.transaction():
            removed = await (
                ContractRow.update({ContractRow.removed_at: now})
                .where(ContractRow.id == contract_id, ContractRow.removed_at.is_null())
                .returning(ContractRow.id)
            )
            if removed:
                await self._database.fetch(sql.DETACH_INVOICES, contract_id)
                staying = [state.value for state in sql.STAYING]
                await InvoiceRow.delete().where(InvoiceRow.contract == contract_id, InvoiceRow.state.not_in(staying))
        return bool(removed)

    async def removed_contract(self, contract_id: str) -> tuple[Contract, datetime] | None:
        query = ContractRow.select().where(ContractRow.id == contract_id, ContractRow.removed_at.is_not_null())
        row = await query.first()
        return None if row is None else (contract_from(row), row["removed_at"])

    async def removed_contracts(self, customer: str, since: datetime) -> list[tuple[Contract, datetime]]:
        query = ContractRow.select().where(ContractRow.customer == customer, ContractRow.removed_at >= since)
        return [(contract_from(row), row["removed_at"]) for row in await query.order_by(ContractRow.id)]

    async def restore_contract(self, contract_id: str, now: datetime) -> bool:
        try:
            rows = await self._database.fetch(sql.RESTORE_CONTRACT, contract_id, now)
        except asyncpg.UniqueViolationError as error:
            raise Duplicate from error
        return bool(rows)

    async def claim_contracts(self, now: datetime, lease_until: datetime, limit: int) -> list[Contract]:
        rows = await self._database.fetch(sql.CLAIM_CONTRACTS, now, lease_until, limit)
        return sorted(map(contract_from, rows), key=lambda contract: (contract.biller, contract.id))

    async def add_quotes(self, quotes: Sequence[KnownInvoice]) -> None:
        await self._database.fetch(sql.ADD_QUOTES, *sql.INVOICE.arrays([*map(invoice_row, quotes)]))

    async def invoice(self, invoice_id: str) -> KnownInvoice | None:
        row = await InvoiceRow.select().where(InvoiceRow.id == invoice_id).first()
        return None if row is None else invoice_from(row)

    async def invoices(
        self,
        customer: str,
        *,
        contract: str | None = None,
        states: Sequence[InvoiceState] = (),
        after: str = "",
        limit: int = 100,
    ) -> list[KnownInvoice]:
        kept = ContractRow.select(ContractRow.id).where(
            ContractRow.customer == customer, ContractRow.removed_at.is_null()
        )
        # a payment that came to nothing opens its invoice again, but nobody reads a removed contract any more
        listed = InvoiceRow.state.is_in([state.value for state in sql.STAYING]) | InvoiceRow.contract.is_in(kept)
        query = InvoiceRow.select().where(
            InvoiceRow.customer == customer, InvoiceRow.contract.is_not_null(), InvoiceRow.id > after, listed
        )
        if contract is not None:
            query = query.where(InvoiceRow.contract == contract)
        if states:
            query = query.where(InvoiceRow.state.is_in([state.value for state in states]))
        return [invoice_from(row) for row in await query.order_by(InvoiceRow.id).limit(limit)]

    async def known_invoices(self, contract_ids: Sequence[str]) -> list[KnownInvoice]:
        rows = await self._database.fetch(sql.KNOWN_INVOICES, list(contract_ids))
        return [invoice_from(row) for row in rows]

    async def occupied(self, biller: str, invoice_keys: Sequence[str]) -> dict[tuple[str, int], Payment]:
        rows = await self._database.fetch(sql.OCCUPIED, biller, list(invoice_keys))
        return {(row["invoice_key"], row["part"]): payment_from(row) for row in rows}

    async def commit_reading(self, reading: Reading) -> bool:
        contract = reading.contract
        try:
            [row] = await self._database.fetch(
                sql.COMMIT_READING,
                contract.id,
                contract.version - 1,
                *sql.READ_CONTRACT.values(contract_row(contract)),
                *sql.INVOICE.arrays([*map(invoice_row, reading.new)]),
                *sql.INVOICE.arrays([*map(invoice_row, reading.changed)]),
                *sql.NOTICE.arrays([*map(notice_row, reading.notices)]),
                *sql.DELIVERY.arrays([*map(asdict, reading.deliveries)]),
            )
        except asyncpg.DivisionByZeroError:
            return False
        return bool(row["count"])

    async def purge_quotes(self, before: datetime) -> int:
        [row] = await self._database.fetch(sql.PURGE_QUOTES, before)
        return int(row["count"])
