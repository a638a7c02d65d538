"""What billers answered: merged with what is known, stored with its notices, and what it means for payments to come."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from faturat.clock import Clock, new_id
from faturat.contracts.types import Contract
from faturat.gate.biller import BillerGate
from faturat.invoices.merge import Changes, merge
from faturat.invoices.timing import SweepTiming
from faturat.invoices.types import Invoice, InvoiceState, KnownInvoice
from faturat.notices.outbox import Outbox
from faturat.notices.rules import of_reading
from faturat.notices.types import Notice
from faturat.payments import rules
from faturat.payments.states import invoice_state
from faturat.payments.types import PaymentState
from faturat.store.port import Reading, Store


class Answers:
    def __init__(
        self, store: Store, gates: Mapping[str, BillerGate], outbox: Outbox, clock: Clock, timing: SweepTiming
    ) -> None:
        self._store = store
        self._gates = gates
        self._outbox = outbox
        self._clock = clock
        self._timing = timing

    async def put(
        self,
        answers: Sequence[tuple[Contract, tuple[Invoice, ...]]],
        asked_at: datetime,
        paying: str | None = None,
    ) -> None:
        """Merge complete answers with what is known, one atomic reading per contract.

        They are as old as the question: what was asked later, by whomever, counts more.
        """
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
        refused = []
        for contract, said in answers:
            changes = merge(contract, known[contract.id], said, occupied, asked_at, lambda: new_id("inv", asked_at))
            # what a payment keeps as it was, this answer does not vouch for: it is read again before it is next paid
            kept = any(row.state is InvoiceState.PAYING and row.invoice not in said for row in known[contract.id])
            checked_at = contract.checked_at or contract.created_at if kept else asked_at
            before = {row.id: row for row in known[contract.id]}
            name, now = self._gates[contract.biller].biller.name, self._clock.now()
            notices = of_reading(contract, before, changes, name, now, paying)
            if await self._store.commit_reading(self._reading(contract, changes, checked_at, notices)):
                await self._stop_payments(contract, changes)
            else:
                refused.append((contract, said, any(row.state is InvoiceState.PAYING for row in known[contract.id])))
        await self.put(await self._still_newest(refused, asked_at), asked_at, paying)

    async def _still_newest(
        self, refused: Sequence[tuple[Contract, tuple[Invoice, ...], bool]], asked_at: datetime
    ) -> list[tuple[Contract, tuple[Invoice, ...]]]:
        """Of readings that met a row which had moved: those that nobody asked for later, to be merged anew.

        While a payment keeps an invoice as it was, `checked_at` stays and does not tell which of two readings is the
        later one; then whichever came first stands until the sweep asks again.
        """
        newest = []
        for contract, said, paying in refused:
            current = await self._store.contract(contract.id)
            if current is None:
                continue
            later = current.version != contract.version and (
                paying or (current.checked_at is not None and current.checked_at >= asked_at)
            )
            if not later:
                newest.append((current, said))
        return newest

    async def _stop_payments(self, contract: Contract, changes: Changes) -> None:
        """End the payments that wait for an invoice which is no longer to be paid so: no money has moved yet.

        One that this passes over is stopped when it is due, for then the biller's newest word is looked at again.
        """
        rows = {row.id: row for row in changes.changed}
        for payment in await self._store.waiting_payments(contract.customer, list(rows)) if rows else ():
            row = rows[payment.invoice]
            said = None if row.state is InvoiceState.WITHDRAWN else row.invoice
            now = self._clock.now()
            if (plan := rules.no_longer_stands(payment, said, now)) is not None:
                owing = await self._outbox.owing(plan, self._gates[contract.biller].biller)
                await self._store.commit(owing)  # or it has begun, and asks for itself

    async def contract_removed(self, contract: Contract, invoice_ids: Sequence[str]) -> None:
        """End what was scheduled for invoices that went with their contract; one passed over ends when it is due."""
        for payment in await self._store.waiting_payments(contract.customer, invoice_ids):
            if payment.state is PaymentState.SCHEDULED:
                plan = rules.cancel(payment, self._clock.now(), "contract_removed")
                gate = self._gates.get(contract.biller)
                await self._store.commit(await self._outbox.owing(plan, None if gate is None else gate.biller))

    def _reading(
        self, contract: Contract, changes: Changes, checked_at: datetime, notices: Sequence[Notice]
    ) -> Reading:
        now = self._clock.now()
        after = replace(
            contract, version=contract.version + 1, checked_at=checked_at, due_at=now + self._timing.every, failures=0
        )
        heard = self._outbox.invoice_deliveries((*changes.new, *changes.changed), now)
        return Reading(
            contract=after,
            new=changes.new,
            changed=changes.changed,
            notices=tuple(notices),
            deliveries=(*self._outbox.notice_deliveries(notices), *heard),
        )

    def unanswered(self, contract: Contract) -> Contract:
        """The contract after an ask without a complete answer: nothing is withdrawn, and it is asked again later."""
        failures = contract.failures + 1
        wait = min(self._timing.after_failure * 2 ** min(failures - 1, 8), timedelta(days=1))
        return replace(contract, version=contract.version + 1, failures=failures, due_at=self._clock.now() + wait)

    async def occupied(self, biller: str, invoice_keys: Collection[str]) -> dict[tuple[str, int], InvoiceState]:
        """What live and paid payments make of some invoices, by (invoice_key, part)."""
        payments = await self._store.occupied(biller, list(invoice_keys)) if invoice_keys else {}
        states = {place: invoice_state(payment.state) for place, payment in payments.items()}
        return {place: state for place, state in states.items() if state is not None}
