"""Reading invoices from billers: look-up without registering, refresh of one contract, the sweep of all."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct
from msgspec.structs import replace

from faturat.billers import Reference, Subscriber
from faturat.clock import Clock, new_id
from faturat.contracts.types import Contract
from faturat.errors import FaturatError
from faturat.gate.biller import BillerGate
from faturat.invoices.merge import Changes, first_state, merge
from faturat.invoices.types import Invoice, InvoiceState, KnownInvoice
from faturat.logs import log_failure
from faturat.notices.outbox import Outbox
from faturat.payments.states import invoice_state
from faturat.references import LookAlikeWarning, read_reference
from faturat.store.port import Reading, Store

log = structlog.stdlib.get_logger()


class SweepTiming(Struct, frozen=True):
    """How often contracts are checked, and how long a quote may be paid without reading it again."""

    every: timedelta = timedelta(minutes=15)
    after_failure: timedelta = timedelta(minutes=5)
    lease: timedelta = timedelta(minutes=2)
    quote_lives: timedelta = timedelta(minutes=15)


class LookUp(Struct, frozen=True):
    """What a biller holds for a reference: the subscriber, and a quote per unpaid invoice."""

    subscriber: Subscriber
    quotes: tuple[KnownInvoice, ...]
    warnings: tuple[LookAlikeWarning, ...]


class InvoiceService:
    def __init__(
        self, store: Store, gates: Mapping[str, BillerGate], outbox: Outbox, clock: Clock, timing: SweepTiming
    ) -> None:
        self._store = store
        self._gates = gates
        self._outbox = outbox
        self._clock = clock
        self.timing = timing

    async def look_up(self, customer: str, biller: str, kind: str | None, values: Mapping[str, str]) -> LookUp:
        """Read a reference's invoices without registering it; each unpaid one becomes a quote bound to this customer.

        What the company booked already is nothing to pay, and whoever knows the number need not learn of it.
        Raises FaturatError: unknown_biller, those of read_reference, unknown_reference, biller_unavailable,
        biller_bad_reply.
        """
        gate = self.gate(biller)
        read = read_reference(gate.biller, kind, values, register=False)
        subscriber = await gate.find_contract(read.reference)
        said = [invoice for invoice in await self.read(gate, read.reference) if invoice.paid_by_order is None]
        now = self._clock.now()
        occupied = await self.occupied(biller, [invoice.invoice_key for invoice in said])
        quotes = tuple(
            KnownInvoice(
                id=new_id("quo", now),
                customer=customer,
                biller=biller,
                reference=read.reference,
                contract=None,
                invoice=invoice,
                state=first_state(invoice, occupied),
                version=1,
                read_at=now,
                subscriber=subscriber.name,
            )
            for invoice in said
        )
        await self._store.add_quotes(quotes)
        return LookUp(subscriber, quotes, read.warnings)

    async def get(self, customer: str, invoice_id: str) -> KnownInvoice:
        """One invoice or quote of this customer; raises FaturatError unknown_invoice, also for a quote too old."""
        invoice = await self.find(customer, invoice_id)
        if invoice is None:
            raise FaturatError("unknown_invoice", field="invoice")
        if invoice.contract is None and self._clock.now() > invoice.read_at + self.timing.quote_lives:
            raise FaturatError("unknown_invoice", field="invoice")
        return invoice

    async def of(
        self,
        customer: str,
        *,
        contract: str | None = None,
        states: Sequence[InvoiceState] = (),
        after: str = "",
        limit: int = 100,
    ) -> list[KnownInvoice]:
        """Invoices of the customer's contracts (of one contract), oldest known first; `states` empty: in any state."""
        return await self._store.invoices(customer, contract=contract, states=states, after=after, limit=limit)

    async def find(self, customer: str, invoice_id: str) -> KnownInvoice | None:
        """One invoice or quote of this customer, however old; None where it is no longer kept."""
        invoice = await self._store.invoice(invoice_id)
        return invoice if invoice is not None and invoice.customer == customer else None

    async def read(self, gate: BillerGate, reference: Reference) -> tuple[Invoice, ...]:
        """What the biller asks of one reference now; raises FaturatError as the gate does."""
        entry = (await gate.fetch_invoices((reference,)))[reference]
        if isinstance(entry, FaturatError):
            raise entry
        return entry

    async def refresh(self, contract: Contract) -> tuple[Invoice, ...]:
        """Read one contract now and store what changed; returns what the biller said.

        Raises FaturatError where the biller does not answer.
        """
        said = await self.read(self.gate(contract.biller), contract.reference)
        await self._store_answers([(contract, said)])
        return said

    async def refresh_all(self, biller: str, contracts: Sequence[Contract]) -> None:
        """Read some contracts of one biller now, in bulk, and store every complete answer.

        Raises the first FaturatError that came instead of an answer, after what was answered is stored.
        """
        answers = await self.gate(biller).fetch_invoices(tuple(contract.reference for contract in contracts))
        complete, errors = [], []
        for contract in contracts:
            entry = answers[contract.reference]
            if isinstance(entry, FaturatError):
                errors.append(entry)
            else:
                complete.append((contract, entry))
        await self._store_answers(complete)
        if errors:
            raise errors[0]

    def is_valid(self, known: KnownInvoice | None, contract: Contract | None) -> bool:
        """Whether an invoice was read so short a time ago that it may be paid without reading it again."""
        if known is None:
            return False
        read_at = contract.checked_at if contract is not None and contract.checked_at is not None else known.read_at
        return self._clock.now() < read_at + self.timing.quote_lives

    async def purge_quotes(self) -> int:
        """Delete the quotes that are too old to pay and that nobody paid; they hold subscribers' names."""
        return await self._store.purge_quotes(self._clock.now() - self.timing.quote_lives)

    async def sweep(self, limit: int = 500) -> int:
        """Check contracts whose time has come, in bulk calls per biller; returns how many were claimed.

        Claims are leases: where this process dies, the contracts come due again.
        """
        now = self._clock.now()
        claimed = await self._store.claim_contracts(now, now + self.timing.lease, limit)
        by_biller: dict[str, list[Contract]] = defaultdict(list)
        for contract in claimed:
            by_biller[contract.biller].append(contract)
        for biller, contracts in by_biller.items():
            gate = self._gates.get(biller)
            if gate is None:
                log.warning("sweep_without_plugin", biller=biller, contracts=len(contracts))
                continue
            try:
                await self._sweep_biller(gate, contracts)
            except Exception as error:
                log_failure("sweep_failed", error, biller=biller)  # the others are swept all the same
        return len(claimed)

    async def _sweep_biller(self, gate: BillerGate, contracts: Sequence[Contract]) -> None:
        answers = await gate.fetch_invoices(tuple(contract.reference for contract in contracts))
        complete = []
        for contract in contracts:
            entry = answers[contract.reference]
            if isinstance(entry, FaturatError):
                await self._store.commit_reading(Reading(contract=self._unanswered(contract)))
            else:
                complete.append((contract, entry))
        await self._store_answers(complete)

    async def _store_answers(self, answers: Sequence[tuple[Contract, tuple[Invoice, ...]]]) -> None:
        """Merge complete answers with what is known, one atomic reading per contract."""
        if not answers:
            return
        known: dict[str, list[KnownInvoice]] = defaultdict(list)
        keys = {invoice.invoice_key for _, said in answers for invoice in said}
        for row in await self._store.known_invoices([contract.id for contract, _ in answers]):
            assert row.contract is not None
            known[row.contract].append(row)
            if row.state is InvoiceState.PAYING:
                keys.add(row.invoice.invoice_key)
        # after `known`, never before: see merge
        occupied = await self.occupied(answers[0][0].biller, keys)
        now = self._clock.now()
        for contract, said in answers:
            changes = merge(contract, known[contract.id], said, occupied, now, lambda: new_id("inv", now))
            # what a payment keeps as it was, this answer does not vouch for: it is read again before it is next paid
            kept = any(row.state is InvoiceState.PAYING and row.invoice not in said for row in known[contract.id])
            checked_at = contract.checked_at or contract.created_at if kept else now
            await self._store.commit_reading(self._reading(contract, changes, checked_at))

    def _reading(self, contract: Contract, changes: Changes, checked_at: datetime) -> Reading:
        now = self._clock.now()
        after = replace(
            contract, version=contract.version + 1, checked_at=checked_at, due_at=now + self.timing.every, failures=0
        )
        # what the first complete answer brings was there when the contract was registered: no notice
        fresh = [] if contract.checked_at is None else [row for row in changes.new if row.state is InvoiceState.OPEN]
        name = self.gate(contract.biller).biller.name
        notices = tuple(self._outbox.new_invoice(contract, row, name, now) for row in fresh)
        heard = self._outbox.invoice_deliveries((*changes.new, *changes.changed), now)
        return Reading(
            contract=after,
            new=changes.new,
            changed=changes.changed,
            notices=notices,
            deliveries=(*self._outbox.notice_deliveries(notices), *heard),
        )

    def _unanswered(self, contract: Contract) -> Contract:
        """The contract after an ask without a complete answer: nothing is withdrawn, and it is asked again later."""
        failures = contract.failures + 1
        wait = min(self.timing.after_failure * 2 ** min(failures - 1, 8), timedelta(days=1))
        return replace(contract, version=contract.version + 1, failures=failures, due_at=self._clock.now() + wait)

    async def occupied(self, biller: str, invoice_keys: Collection[str]) -> dict[tuple[str, int], InvoiceState]:
        """What live and paid payments make of some invoices, by (invoice_key, part)."""
        payments = await self._store.occupied(biller, list(invoice_keys)) if invoice_keys else {}
        states = {place: invoice_state(payment.state) for place, payment in payments.items()}
        return {place: state for place, state in states.items() if state is not None}

    def gate(self, biller: str) -> BillerGate:
        """The gate to one biller; raises FaturatError unknown_biller."""
        gate = self._gates.get(biller)
        if gate is None:
            raise FaturatError("unknown_biller", field="biller")
        return gate
