"""Autopay of contracts: the terms that customers set, and the pass that schedules payments by them."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import structlog

from faturat.autopay.rules import check_terms, decide, of_invoice, preview, upcoming, urgency
from faturat.autopay.types import Autopay, Preview, Refused, Terms
from faturat.clock import Clock, company_day
from faturat.contracts.service import ContractService
from faturat.contracts.types import Contract
from faturat.errors import FaturatError
from faturat.gate.bank import BankGate, BankSilent
from faturat.invoices.service import InvoiceService
from faturat.invoices.types import InvoiceState, KnownInvoice
from faturat.logs import log_failure
from faturat.notices import rules as notices
from faturat.notices.outbox import Outbox
from faturat.payments.service import PaymentService
from faturat.payments.types import Payment, PaymentState
from faturat.store.port import Store

log = structlog.stdlib.get_logger()

EVERY = timedelta(minutes=30)
"""How often the invoices of a contract with autopay are looked at; also the lease of whoever looks."""
CLAIM = 100
TRIES = 5
"""How often a change is tried, while workers schedule by the terms before."""
NOT_FROM_THIS_ACCOUNT = frozenset({"unknown_account", "wrong_currency"})
"""Refusals that last until the customer does something, so that they hear of it."""
LEFT = frozenset({Refused.NOT_IN_FULL, Refused.ABOVE_INVOICE, Refused.ABOVE_MONTH})
"""Why an invoice is left to the customer: they hear of it, where it was not so already as they set the terms."""
MOST_ROWS = 500
"""The most invoices of a contract that are looked at."""


class AutopayService:
    def __init__(
        self,
        store: Store,
        contracts: ContractService,
        invoices: InvoiceService,
        payments: PaymentService,
        bank: BankGate,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._contracts = contracts
        self._invoices = invoices
        self._payments = payments
        self._bank = bank
        self._outbox = outbox
        self._clock = clock

    async def get(self, customer: str, contract_id: str) -> Autopay | None:
        """A contract's autopay; None where there is none, or it is stopped. Raises FaturatError unknown_contract."""
        await self._contracts.get(customer, contract_id)
        found = await self._store.autopay(contract_id)
        return None if found is None or found.due_at is None else found

    async def set(self, customer: str, contract_id: str, terms: Terms) -> Autopay:
        """Begin autopay, or change its terms: what it has scheduled is cancelled, and looked at anew by the new ones.

        Raises FaturatError unknown_contract, unknown_account, bank_unavailable, autopay_moved, and those of the terms.
        """
        await self._contracts.get(customer, contract_id)
        check_terms(terms)
        await self._check_account(customer, terms.account)
        return await self._change(customer, contract_id, terms, stop=False)

    async def stop(self, customer: str, contract_id: str) -> None:
        """Stop autopay; what it has scheduled is cancelled. Raises FaturatError unknown_contract, autopay_moved."""
        found = await self.get(customer, contract_id)
        if found is not None:
            await self._change(customer, contract_id, found.terms, stop=True)

    async def preview(self, customer: str, contract_id: str, terms: Terms) -> tuple[Preview, ...]:
        """What terms would have made of the last year's invoices. Raises FaturatError as `set` does for the terms."""
        contract = await self._contracts.get(customer, contract_id)
        check_terms(terms)
        return preview(terms, await self._store.known_invoices([contract.id]), self._clock.now())

    async def upcoming(self, customer: str, contract_id: str, terms: Terms) -> tuple[Preview, ...]:
        """What terms, once they are set, make of the open invoices, but of those that the customer scheduled.

        What autopay itself has scheduled makes way for them. Raises FaturatError unknown_contract.
        """
        contract, today = await self._contracts.get(customer, contract_id), company_day(self._clock.now())
        payments = await self._store.autopay_payments(contract.id, MOST_ROWS)
        earlier = [payment for payment in payments if payment.state is not PaymentState.SCHEDULED]
        rows = [known for known in await self._store.known_invoices([contract.id]) if _is_open(known)][:MOST_ROWS]
        scheduled = await self._payments.scheduled_of(customer, [known.id for known in rows])
        own = {invoice for invoice, payment in scheduled.items() if payment.autopay is None}
        return upcoming(terms, [known for known in rows if known.id not in own], earlier, today)

    async def scheduled(self, contract_id: str) -> list[Payment]:
        """What autopay has scheduled for a contract, the next one first."""
        payments = await self._store.autopay_payments(contract_id, MOST_ROWS)
        waiting = [payment for payment in payments if payment.state is PaymentState.SCHEDULED]
        return sorted(waiting, key=lambda payment: payment.expires_at)

    async def outlook(self, autopay: Autopay, rows: Sequence[KnownInvoice]) -> tuple[Preview, ...]:
        """What becomes of a contract's open invoices, but of those for which a payment is scheduled already.

        Those with a day are scheduled by the next pass, unless something else comes before.
        """
        earlier, today = await self._store.autopay_payments(autopay.contract, MOST_ROWS), company_day(self._clock.now())
        scheduled = await self._payments.scheduled_of(autopay.customer, [known.id for known in rows])
        waits = [known for known in rows if _is_open(known) and known.id not in scheduled]
        return upcoming(autopay.terms, waits, earlier, today)

    async def run(self) -> int:
        """Look at the open invoices of contracts whose time has come; returns how many were claimed."""
        now = self._clock.now()
        claimed = await self._store.claim_autopays(now, now + EVERY, CLAIM)
        for autopay in claimed:
            try:
                await self._look(autopay)
            except Exception as error:
                log_failure("autopay_failed", error, contract=autopay.contract)  # the others are looked at all the same
        return len(claimed)

    async def _change(self, customer: str, contract_id: str, terms: Terms, *, stop: bool) -> Autopay:
        shown = () if stop else await self.upcoming(customer, contract_id, terms)
        for _ in range(TRIES):
            now, before = self._clock.now(), await self._store.autopay(contract_id)
            after = Autopay(
                contract=contract_id,
                customer=customer,
                terms=terms,
                version=1 if before is None else before.version + 1,
                changed_at=now,
                due_at=None if stop else now,
                seen=tuple(_as_seen(each.known) for each in shown if each.refused in LEFT),
            )
            if await self._store.save_autopay(after):
                break  # else a worker has just scheduled something by it
        else:
            raise FaturatError("autopay_moved")
        # by the old terms nothing is scheduled any more; what was, ends before anything is by the new ones
        await self._cancel_scheduled(contract_id, "autopay_stopped" if stop else "autopay_changed")
        return after

    async def _cancel_scheduled(self, contract_id: str, reason: str) -> None:
        for payment in await self.scheduled(contract_id):
            await self._payments.cancel_scheduled(payment, reason)

    async def _look(self, autopay: Autopay) -> None:
        contract = await self._store.contract(autopay.contract)
        if contract is None:
            return  # removed; taken back, it goes on
        rows = await self._invoices.of(
            autopay.customer, contract=contract.id, states=(InvoiceState.OPEN,), limit=MOST_ROWS
        )
        for known in sorted(rows, key=urgency):
            if not await self._plan(contract, known):
                return

    async def _plan(self, contract: Contract, known: KnownInvoice) -> bool:
        """Schedule the payment of one invoice, if the terms allow it; False where they moved meanwhile.

        The autopay's version is read before what it has spent, and the payment is stored only at that version: whatever
        two workers do at once, each saw the payments of the other.
        """
        autopay = await self._store.autopay(contract.id)
        if autopay is None or autopay.due_at is None:
            return False
        earlier = await self._store.autopay_payments(contract.id, MOST_ROWS)
        on = decide(autopay.terms, known, earlier, company_day(self._clock.now()))
        if await self._payments.scheduled_for(known) is not None:
            return True
        if isinstance(on, Refused):
            if on in LEFT and _as_seen(known) not in autopay.seen:
                await self._tell(autopay, contract, known, on)
            return True
        key = _key(known, earlier)
        try:
            return await self._payments.schedule_by_autopay(autopay, known, on, key)
        except FaturatError as error:
            log.info("autopay_not_scheduled", contract=contract.id, code=error.code)  # looked at again next time
            if error.code in NOT_FROM_THIS_ACCOUNT:
                await self._tell(autopay, contract, known, error.code)
            return True

    async def _tell(self, autopay: Autopay, contract: Contract, known: KnownInvoice, why: str) -> None:
        """Say that an invoice is not paid by itself, once; not where the terms were changed meanwhile."""
        now = await self._store.autopay(contract.id)
        if now is not None and now.version == autopay.version:
            biller_name = self._invoices.gate(known.biller).biller.name
            await self._outbox.say(notices.unpayable(known, contract.name, biller_name, why, self._clock.now()))

    async def _check_account(self, customer: str, account: str) -> None:
        try:
            accounts = await self._bank.list_accounts(customer)
        except BankSilent as error:
            raise FaturatError("bank_unavailable") from error
        if all(each.id != account for each in accounts):
            raise FaturatError("unknown_account", field="account")


def _is_open(known: KnownInvoice) -> bool:
    return known.state is InvoiceState.OPEN


def _as_seen(known: KnownInvoice) -> tuple[str, int]:
    """An invoice whose total changes is another one to whoever set the terms."""
    return known.invoice.invoice_key, known.invoice.total


def _key(known: KnownInvoice, earlier: Sequence[Payment]) -> str:
    """The idempotency key of a try: whoever tries at the same time has the same one."""
    tries = len(of_invoice(earlier, known))
    return hashlib.sha256(f"autopay\n{known.contract}\n{known.invoice.invoice_key}\n{tries}".encode()).hexdigest()
