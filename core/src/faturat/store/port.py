"""What the services ask of a store. tests/store runs one conformance suite on every implementation.

Every write is one atomic step: it is stored whole and durably when the call returns True, and not at all otherwise.
Lists are ordered by id, which sorts by creation; `after` is the last id of the page before.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from faturat.billers import Reference
from faturat.contracts.types import Contract
from faturat.exchange.types import OutgoingFile, RegisterEntry, Swap
from faturat.invoices.types import InvoiceState, KnownInvoice
from faturat.notices.types import Delivery, Notice
from faturat.payments.types import IdempotencyKey, Order, Payment, PaymentEvent, Plan
from faturat.store.port_autopay import AutopayStore
from faturat.store.port_checkpoints import CheckpointStore
from faturat.store.port_health import HealthStore
from faturat.store.port_history import HistoryStore
from faturat.store.port_notices import NoticeStore
from faturat.store.port_operators import OperatorStore
from faturat.store.port_readings import ReadingsStore
from faturat.store.port_reconciliation import ReconciliationStore


class Occupied(Exception):
    """Another payment of this (biller, invoice_key) is live, one of this part is paid, or one of this invoice row is
    scheduled; nothing was stored.
    """


class KeyTaken(Exception):
    """The customer used this idempotency key before; nothing was stored."""


class Duplicate(Exception):
    """The customer has registered this reference already; nothing was stored."""


class Reading(Struct, frozen=True, kw_only=True):
    """One complete answer about a contract (or a failed ask), for the store to commit whole or refuse.

    `contract` is the row after it, one version above the row now. `new` and `changed` are invoice rows after it, a
    changed one a version above the row now: where a payment has moved it since, the whole reading no longer fits.
    A notice is stored once per (customer, event, subject, version), its deliveries with it.
    """

    contract: Contract
    new: tuple[KnownInvoice, ...] = ()
    changed: tuple[KnownInvoice, ...] = ()
    notices: tuple[Notice, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


class Store(
    AutopayStore,
    CheckpointStore,
    HealthStore,
    HistoryStore,
    NoticeStore,
    OperatorStore,
    ReadingsStore,
    ReconciliationStore,
    Protocol,
):
    # contracts
    async def add_contract(self, contract: Contract, invoices: Sequence[KnownInvoice]) -> None:
        """Store a contract with the invoices found; raises Duplicate. A removed contract does not count."""
        ...

    async def contract(self, contract_id: str) -> Contract | None:
        """One contract that is not removed."""
        ...

    async def contracts(self, customer: str, after: str = "", limit: int = 100) -> list[Contract]: ...

    async def count_contracts(self, customer: str) -> int: ...

    async def rename_contract(self, contract_id: str, name: str) -> bool: ...

    async def remove_contract(self, contract_id: str, now: datetime) -> bool:
        """Take a contract out of every list and of the sweep; its invoices that are not paid or paying go with it.

        Those that a payment was of are kept without a contract, as what was paid without one.
        """
        ...

    async def removed_contract(self, contract_id: str) -> tuple[Contract, datetime] | None:
        """One contract that is removed, and since when."""
        ...

    async def removed_contracts(self, customer: str, since: datetime) -> list[tuple[Contract, datetime]]:
        """The contracts of a customer that were removed at a moment or after it, and when each was."""
        ...

    async def restore_contract(self, contract_id: str, now: datetime) -> bool:
        """Put a removed contract back into every list, one version on, never checked and due now, as is its autopay.

        Raises Duplicate; False where it is not removed.
        """
        ...

    async def claim_contracts(self, now: datetime, lease_until: datetime, limit: int) -> list[Contract]:
        """Take due contracts and move their due_at to lease_until, each to one claimer only.

        Ordered by biller, so that one claim makes full bulk calls. A claim does not change the version.
        """
        ...

    # invoices
    async def add_quotes(self, quotes: Sequence[KnownInvoice]) -> None: ...

    async def invoice(self, invoice_id: str) -> KnownInvoice | None: ...

    async def invoices(
        self,
        customer: str,
        *,
        contract: str | None = None,
        states: Sequence[InvoiceState] = (),
        after: str = "",
        limit: int = 100,
    ) -> list[KnownInvoice]:
        """Invoices of the customer's contracts (of one contract); `states` empty: in any state. No quotes.

        Of a removed contract only what is paid or being paid.
        """
        ...

    async def known_invoices(self, contract_ids: Sequence[str]) -> list[KnownInvoice]:
        """All invoices of some contracts, whatever their state."""
        ...

    async def occupied(self, biller: str, invoice_keys: Sequence[str]) -> dict[tuple[str, int], Payment]:
        """The payments that are live or paid, by (invoice_key, part)."""
        ...

    async def commit_reading(self, reading: Reading) -> bool:
        """Store a reading; False where the contract or a changed invoice moved or was removed since it was read."""
        ...

    async def purge_quotes(self, before: datetime) -> int:
        """Delete the quotes read before a moment that no payment started from; returns how many."""
        ...

    # payments
    async def commit(self, plan: Plan) -> bool:
        """Store a plan; False where the row or its autopay has another version by now. Raises Occupied or KeyTaken."""
        ...

    async def payment(self, payment_id: str) -> Payment | None: ...

    async def payment_by_key(self, customer: str, key: str) -> tuple[IdempotencyKey, Payment] | None: ...

    async def payment_events(self, payment_id: str) -> list[PaymentEvent]: ...

    async def claim_payments(self, now: datetime, lease_until: datetime, limit: int) -> list[Payment]:
        """Take due payments and move their due_at to lease_until, each to one claimer. The version stays."""
        ...

    def all_payments(self) -> AsyncIterator[tuple[Payment, list[PaymentEvent]]]:
        """Every payment with its events, oldest first, read in batches; for the check of the invariants."""
        ...

    # files swapped with billers
    async def claim_exchange(self, biller: str, now: datetime, lease_until: datetime) -> int | None:
        """Take a biller's exchange where it is due: the fence of this turn, above those before it; else None."""
        ...

    async def hold_exchange(self, biller: str, fence: int, due_at: datetime) -> bool:
        """Set until when nobody else takes the exchange; False where somebody has taken a later turn."""
        ...

    async def known_files(self, biller: str) -> frozenset[str]:
        """The names of the files that were taken in."""
        ...

    async def queued_orders(self, biller: str, held_until: datetime, limit: int) -> list[Order]:
        """The orders of pending payments that no file carries, oldest first, whose hold lives until then at least."""
        ...

    async def is_carried(self, payment_id: str) -> bool:
        """Whether a file carries the order of a payment."""
        ...

    async def commit_swap(self, swap: Swap) -> bool:
        """Store a swap; False, and nothing stored, where a later turn was taken, an order is no longer pending or is
        carried already, or a file of that name was stored before.
        """
        ...

    async def unsent_files(self, biller: str, held_until: datetime) -> list[OutgoingFile]:
        """The files that are not known to lie at the biller, by name; their orders all pending and held until then."""
        ...

    async def files_sent(self, biller: str, names: Sequence[str], now: datetime) -> None: ...

    async def register_entries(self, biller: str, references: Sequence[Reference]) -> list[RegisterEntry]:
        """The newest entry of each of some references that the register has."""
        ...

    async def has_register(self, biller: str) -> bool:
        """Whether any register of this biller was ever taken in."""
        ...
