"""The store in memory, for simulation and for trials of an embedding. Nothing awaits inside, so each step is atomic."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from faturat.contracts.types import Contract
from faturat.invoices.types import InvoiceState, KnownInvoice
from faturat.payments.states import LIVE, OCCUPYING
from faturat.payments.types import IdempotencyKey, Payment, PaymentEvent, PaymentState, Plan
from faturat.store.memory_autopay import MemoryAutopay
from faturat.store.memory_checkpoints import MemoryCheckpoints
from faturat.store.memory_exchange import MemoryExchange
from faturat.store.memory_health import MemoryHealth
from faturat.store.memory_history import MemoryHistory
from faturat.store.memory_notices import MemoryNotices
from faturat.store.memory_operators import MemoryOperators
from faturat.store.memory_readings import MemoryReadings
from faturat.store.memory_reconciliation import MemoryReconciliation
from faturat.store.port import Duplicate, KeyTaken, Occupied, Reading

_STAYING = frozenset({InvoiceState.PAID, InvoiceState.PAYING})
_PAYABLE = frozenset({InvoiceState.OPEN, InvoiceState.PAYING})


class MemoryStore(
    MemoryAutopay,
    MemoryNotices,
    MemoryOperators,
    MemoryExchange,
    MemoryHistory,
    MemoryReadings,
    MemoryCheckpoints,
    MemoryHealth,
    MemoryReconciliation,
):
    """The Store port in this process's memory; gone with it."""

    def __init__(self) -> None:
        super().__init__()
        self._contracts: dict[str, Contract] = {}
        self._removed: dict[str, tuple[Contract, datetime]] = {}
        self._registered: dict[tuple[str, str, str], str] = {}
        self._invoices: dict[str, KnownInvoice] = {}
        self._same_invoice: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._payments: dict[str, Payment] = {}
        self._events: dict[str, list[PaymentEvent]] = {}
        self._occupied: dict[tuple[str, str, int], str] = {}
        self._live: dict[tuple[str, str], str] = {}
        self._scheduled: dict[str, str] = {}
        self._keys: dict[tuple[str, str], tuple[IdempotencyKey, str]] = {}

    # contracts
    async def add_contract(self, contract: Contract, invoices: Sequence[KnownInvoice]) -> None:
        if _registration(contract) in self._registered:
            raise Duplicate
        self._registered[_registration(contract)] = contract.id
        self._contracts[contract.id] = contract
        for known in invoices:
            self._put_invoice(known)

    async def contract(self, contract_id: str) -> Contract | None:
        return self._contracts.get(contract_id)

    async def contracts(self, customer: str, after: str = "", limit: int = 100) -> list[Contract]:
        found = (row for row in self._contracts.values() if row.customer == customer and row.id > after)
        return sorted(found, key=lambda row: row.id)[:limit]

    async def count_contracts(self, customer: str) -> int:
        return sum(row.customer == customer for row in self._contracts.values())

    async def rename_contract(self, contract_id: str, name: str) -> bool:
        contract = self._contracts.get(contract_id)
        if contract is None:
            return False
        self._contracts[contract_id] = replace(contract, name=name)
        return True

    async def remove_contract(self, contract_id: str, now: datetime) -> bool:
        contract = self._contracts.pop(contract_id, None)
        if contract is None:
            return False
        self._removed[contract_id] = contract, now
        del self._registered[_registration(contract)]
        paid = {payment.invoice for payment in self._payments.values()}
        for known in await self.known_invoices([contract_id]):
            if known.state not in _STAYING:
                self._drop_invoice(known)
                if known.id in paid:
                    self._put_invoice(replace(known, contract=None))
        return True

    async def removed_contract(self, contract_id: str) -> tuple[Contract, datetime] | None:
        return self._removed.get(contract_id)

    async def removed_contracts(self, customer: str, since: datetime) -> list[tuple[Contract, datetime]]:
        found = (row for row in self._removed.values() if row[0].customer == customer and row[1] >= since)
        return sorted(found, key=lambda row: row[0].id)

    async def restore_contract(self, contract_id: str, now: datetime) -> bool:
        if contract_id not in self._removed:
            return False
        contract, _ = self._removed[contract_id]
        if _registration(contract) in self._registered:
            raise Duplicate
        del self._removed[contract_id]
        self._registered[_registration(contract)] = contract_id
        self._contracts[contract_id] = replace(contract, version=contract.version + 1, checked_at=None, due_at=now)
        autopay = self._autopays.get(contract_id)
        if autopay is not None and autopay.due_at is not None:
            self._autopays[contract_id] = replace(autopay, due_at=now)
        return True

    async def claim_contracts(self, now: datetime, lease_until: datetime, limit: int) -> list[Contract]:
        due = sorted((row for row in self._contracts.values() if row.due_at <= now), key=lambda row: row.due_at)
        claimed = [replace(row, due_at=lease_until) for row in due[:limit]]
        self._contracts |= {row.id: row for row in claimed}
        return sorted(claimed, key=lambda row: (row.biller, row.id))

    # invoices
    async def add_quotes(self, quotes: Sequence[KnownInvoice]) -> None:
        for quote in quotes:
            self._put_invoice(quote)

    async def invoice(self, invoice_id: str) -> KnownInvoice | None:
        return self._invoices.get(invoice_id)

    async def invoices(
        self,
        customer: str,
        *,
        contract: str | None = None,
        states: Sequence[InvoiceState] = (),
        after: str = "",
        limit: int = 100,
    ) -> list[KnownInvoice]:
        found = (
            row
            for row in self._invoices.values()
            if row.customer == customer
            and row.contract is not None
            and (row.contract in self._contracts or row.state in _STAYING)
            and contract in (None, row.contract)
            and (not states or row.state in states)
            and row.id > after
        )
        return sorted(found, key=lambda row: row.id)[:limit]

    async def known_invoices(self, contract_ids: Sequence[str]) -> list[KnownInvoice]:
        wanted = set(contract_ids)
        return sorted((row for row in self._invoices.values() if row.contract in wanted), key=lambda row: row.id)

    async def occupied(self, biller: str, invoice_keys: Sequence[str]) -> dict[tuple[str, int], Payment]:
        wanted = set(invoice_keys)
        return {
            (key, part): self._payments[payment]
            for (at, key, part), payment in self._occupied.items()
            if at == biller and key in wanted
        }

    async def commit_reading(self, reading: Reading) -> bool:
        before = self._contracts.get(reading.contract.id)
        if before is None or before.version != reading.contract.version - 1:
            return False
        known = [self._invoices.get(row.id) for row in reading.changed]
        if [None if row is None else row.version for row in known] != [row.version - 1 for row in reading.changed]:
            return False
        # the name is the customer's: a reading does not bring an older one back
        self._contracts[before.id] = replace(reading.contract, name=before.name)
        stored = {(row.id, row.version) for row in self._stored(before.id, reading)}
        told = self._tell(notice for notice in reading.notices if (notice.subject, notice.version) in stored)
        self._owe(row for row in reading.deliveries if row.subject in told or (row.subject, row.version) in stored)
        return True

    def _stored(self, contract: str, reading: Reading) -> list[KnownInvoice]:
        """Store the invoices of a reading; returns them."""
        now = {row.id: row for row in self._invoices.values() if row.contract == contract}
        keys = {row.invoice.invoice_key for row in now.values()}
        rows = []
        for row in reading.new:
            if row.invoice.invoice_key not in keys:
                keys.add(row.invoice.invoice_key)
                rows.append(row)
        rows += reading.changed
        for row in rows:
            self._put_invoice(row)
        return rows

    async def purge_quotes(self, before: datetime) -> int:
        paid = {payment.invoice for payment in self._payments.values()}
        gone = [
            row
            for row in self._invoices.values()
            if row.contract is None and row.read_at < before and row.id not in paid
        ]
        for row in gone:
            self._drop_invoice(row)
        return len(gone)

    # payments
    async def commit(self, plan: Plan) -> bool:
        payment, order = plan.payment, plan.payment.order
        now = self._payments.get(payment.id)
        if (0 if now is None else now.version) != plan.expected:
            return False
        if not self._is_autopays_turn(plan):
            return False
        place = (order.biller, order.invoice_key, order.part)
        if payment.state in OCCUPYING and self._occupied.get(place, payment.id) != payment.id:
            raise Occupied
        if payment.state in LIVE and self._live.get(place[:2], payment.id) != payment.id:
            raise Occupied
        if payment.state is PaymentState.SCHEDULED and self._scheduled.get(payment.invoice, payment.id) != payment.id:
            raise Occupied
        if now is None and plan.key is not None:
            if (plan.key.customer, plan.key.key) in self._keys:
                raise KeyTaken
            self._keys[plan.key.customer, plan.key.key] = (plan.key, payment.id)
        self._count_autopays_turn(plan)
        self._payments[payment.id] = payment
        self._events.setdefault(payment.id, []).append(plan.event)
        if payment.state is PaymentState.SCHEDULED:
            self._scheduled[payment.invoice] = payment.id
        elif self._scheduled.get(payment.invoice) == payment.id:
            del self._scheduled[payment.invoice]
        if payment.state in LIVE:
            self._live[place[:2]] = payment.id
        elif self._live.get(place[:2]) == payment.id:
            del self._live[place[:2]]
        if payment.state in OCCUPYING:
            self._occupied[place] = payment.id
        elif self._occupied.get(place) == payment.id:
            del self._occupied[place]
        if plan.invoice_state is not None:
            self._move_invoices(place, plan.invoice_state)
        known = {notice.id for notice in plan.notices} - self._tell(plan.notices)
        self._owe(row for row in plan.deliveries if row.subject not in known)
        self._put_audit(plan.audit)
        return True

    def _move_invoices(self, place: tuple[str, str, int], state: InvoiceState) -> None:
        biller, key, part = place
        for row in [self._invoices[row_id] for row_id in self._same_invoice[biller, key]]:
            movable = row.state in _PAYABLE or state is InvoiceState.PAID
            if row.invoice.part == part and row.state is not state and movable:
                self._invoices[row.id] = replace(row, state=state, version=row.version + 1)

    async def payment(self, payment_id: str) -> Payment | None:
        return self._payments.get(payment_id)

    async def payment_by_key(self, customer: str, key: str) -> tuple[IdempotencyKey, Payment] | None:
        found = self._keys.get((customer, key))
        return None if found is None else (found[0], self._payments[found[1]])

    async def payment_events(self, payment_id: str) -> list[PaymentEvent]:
        return list(self._events.get(payment_id, ()))

    async def claim_payments(self, now: datetime, lease_until: datetime, limit: int) -> list[Payment]:
        due = [(row.due_at, row) for row in self._payments.values() if row.due_at is not None and row.due_at <= now]
        due.sort(key=lambda pair: pair[0])
        claimed = [replace(row, due_at=lease_until) for _, row in due[:limit]]
        self._payments |= {row.id: row for row in claimed}
        return claimed

    async def all_payments(self) -> AsyncIterator[tuple[Payment, list[PaymentEvent]]]:
        for payment in sorted(self._payments.values(), key=lambda row: row.id):
            yield self._payments[payment.id], list(self._events[payment.id])

    def _put_invoice(self, known: KnownInvoice) -> None:
        self._invoices[known.id] = known
        self._same_invoice[known.biller, known.invoice.invoice_key].add(known.id)

    def _drop_invoice(self, known: KnownInvoice) -> None:
        del self._invoices[known.id]
        self._same_invoice[known.biller, known.invoice.invoice_key].discard(known.id)


def _registration(contract: Contract) -> tuple[str, str, str]:
    return contract.customer, contract.biller, contract.reference.key
