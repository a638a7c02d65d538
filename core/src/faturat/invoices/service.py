"""Reading invoices from billers: look-up without registering, refresh of one contract, the sweep of all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from faturat.billers import Reference, Subscriber
from faturat.clock import Clock, new_id, seconds_until
from faturat.contracts.types import Contract
from faturat.errors import FaturatError, NotAsked
from faturat.gate.biller import BillerGate
from faturat.health.types import Lane
from faturat.invoices.answers import Answers
from faturat.invoices.merge import first_state
from faturat.invoices.timing import SweepTiming
from faturat.invoices.types import GONE, Invoice, InvoiceState, KnownInvoice
from faturat.logs import log_failure
from faturat.notices.outbox import Outbox
from faturat.references import LookAlikeWarning, read_reference
from faturat.store.port import Reading, Store

log = structlog.stdlib.get_logger()

AN_HOUR = timedelta(hours=1)


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
        self._clock = clock
        self.timing = timing
        self.answers = Answers(store, gates, outbox, clock, timing)

    async def look_up(self, customer: str, biller: str, kind: str | None, values: Mapping[str, str]) -> LookUp:
        """Read a reference's invoices without registering it; each unpaid one becomes a quote bound to this customer.

        What the company booked already is nothing to pay, and whoever knows the number need not learn of it.
        Raises FaturatError: unknown_biller, those of read_reference, too_many_look_ups, unknown_reference,
        biller_unavailable, biller_busy, biller_bad_reply.
        """
        gate = self.gate(biller)
        read = read_reference(gate.biller, kind, values, register=False)
        await self.count_look_up(customer, gate)
        subscriber = await gate.find_contract(read.reference)
        now = self._clock.now()
        said = [invoice for invoice in await self.read(gate, read.reference) if invoice.paid_by_order is None]
        occupied = await self.answers.occupied(biller, [invoice.invoice_key for invoice in said])
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

    async def find_all(self, customer: str, invoice_ids: Sequence[str]) -> dict[str, KnownInvoice]:
        """Some invoices and quotes of this customer by id, however old; those no longer kept are left out."""
        return {row.id: row for row in await self._store.customer_invoices(customer, invoice_ids)}

    async def count_look_up(self, customer: str, gate: BillerGate) -> None:
        """Before a customer's question about a reference that is not theirs yet: whoever tries out numbers is stopped.

        Raises FaturatError too_many_look_ups; biller_unavailable, uncounted, where the biller would not be asked.
        """
        if (refusal := await gate.refusal()) is not None:
            raise refusal
        now, most = self._clock.now(), self.timing.look_ups_per_hour
        next_at = await self._store.count_look_up(customer, now, most, AN_HOUR)
        if next_at is not None:
            seconds = seconds_until(next_at, now)
            raise FaturatError("too_many_look_ups", limit=most, minutes=-(-seconds // 60), seconds=seconds)

    async def read(
        self, gate: BillerGate, reference: Reference, lane: Lane = Lane.CUSTOMER, anyway: bool = False
    ) -> tuple[Invoice, ...]:
        """What the biller asks of one reference now; raises FaturatError as the gate does."""
        entry = (await gate.fetch_invoices((reference,), lane, anyway=anyway))[reference]
        if isinstance(entry, FaturatError):
            raise entry
        return entry

    async def refresh(
        self, contract: Contract, lane: Lane = Lane.CUSTOMER, paying: str | None = None
    ) -> tuple[Invoice, ...]:
        """Read one contract now and store what changed; returns what the biller said.

        `paying` is the key of an invoice that is read for a payment of it, which says itself what it comes to.
        Raises FaturatError where the biller does not answer.
        """
        asked_at = self._clock.now()
        said = await self.read(self.gate(contract.biller), contract.reference, lane)
        await self.answers.put([(contract, said)], asked_at, paying)
        return said

    async def refresh_all(self, biller: str, contracts: Sequence[Contract]) -> None:
        """Read some contracts of one biller now, in bulk, and store every complete answer.

        Raises the first FaturatError that came instead of an answer, after what was answered is stored.
        """
        asked_at = self._clock.now()
        answers = await self.gate(biller).fetch_invoices(tuple(contract.reference for contract in contracts))
        complete, errors = [], []
        for contract in contracts:
            entry = answers[contract.reference]
            if isinstance(entry, FaturatError):
                errors.append(entry)
            else:
                complete.append((contract, entry))
        await self.answers.put(complete, asked_at)
        if errors:
            raise errors[0]

    async def still_stands(self, known: KnownInvoice | None, contract: Contract | None) -> bool:
        """Whether an invoice may be paid without reading it again: it was read a short time ago, and no later reading,
        whoever it was for, says otherwise.
        """
        if known is None:
            return False
        read_at = contract.checked_at if contract is not None and contract.checked_at is not None else known.read_at
        if self._clock.now() >= read_at + self.timing.quote_lives:
            return False
        rows = await self._store.same_invoice(known.biller, known.invoice.invoice_key)
        later = [row for row in rows if row.id != known.id and row.read_at >= read_at]
        return all(row.state not in GONE and row.invoice == known.invoice for row in later)

    async def listed_after_payment(self, rows: Sequence[KnownInvoice]) -> frozenset[str]:
        """The ids of those paid invoices that the company listed afterwards with another total than was paid for."""
        found = set()
        # an entry with an order id says what was booked, and asks for nothing
        asked = [row for row in rows if row.state is InvoiceState.PAID and row.invoice.paid_by_order is None]
        for biller in {row.biller for row in asked}:
            paid = [row for row in asked if row.biller == biller]
            payments = await self._store.occupied(biller, [row.invoice.invoice_key for row in paid])
            for row in paid:
                payment = payments.get((row.invoice.invoice_key, row.invoice.part))
                if payment is None or row.read_at <= payment.state_since:
                    continue
                if row.invoice.total != payment.quoted_total:
                    found.add(row.id)
        return frozenset(found)

    async def purge_quotes(self) -> int:
        """Delete the quotes that are too old to pay and that nobody paid, and who looked up before the last hour."""
        await self._store.purge_look_ups(self._clock.now() - AN_HOUR)
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
        asked_at = self._clock.now()
        # what takes longer than the lease, another worker would ask a second time
        call_by = asked_at + self.timing.lease / 2
        references = tuple(contract.reference for contract in contracts)
        answers = await gate.fetch_invoices(references, Lane.BACKGROUND, call_by)
        complete = []
        put_off: dict[datetime, list[str]] = defaultdict(list)
        for contract in contracts:
            entry = answers[contract.reference]
            if isinstance(entry, NotAsked):
                put_off[entry.until].append(contract.id)
            elif isinstance(entry, FaturatError):
                await self._store.commit_reading(Reading(contract=self.answers.unanswered(contract)))
            else:
                complete.append((contract, entry))
        await self.answers.put(complete, asked_at)
        for until, not_asked in put_off.items():
            await self._store.put_off_contracts(not_asked, until)

    def gate(self, biller: str) -> BillerGate:
        """The gate to one biller; raises FaturatError unknown_biller."""
        gate = self._gates.get(biller)
        if gate is None:
            raise FaturatError("unknown_biller", field="biller")
        return gate
