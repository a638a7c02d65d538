"""Payments as a caller sees them: one per idempotency key, from a quote, driven while the caller waits."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date

import msgspec
import structlog
from msgspec import Struct

from faturat.autopay.types import Autopay
from faturat.bank import Account
from faturat.clock import Clock, new_id
from faturat.errors import FaturatError
from faturat.gate.bank import BankGate, BankSilent
from faturat.invoices.service import InvoiceService
from faturat.invoices.types import InvoiceState, KnownInvoice, Payable, PayChoices
from faturat.logs import log_failure
from faturat.money import amount_text
from faturat.payments import rules
from faturat.payments.driver import Driver
from faturat.payments.later import check_day, day_of
from faturat.payments.states import BEFORE_HOLDING
from faturat.payments.timing import Timing
from faturat.payments.types import (
    EVERY_PAYMENT,
    IdempotencyKey,
    Order,
    Outcome,
    Payment,
    PaymentEvent,
    PaymentFilter,
    PaymentState,
    Receipt,
)
from faturat.store.port import KeyTaken, Occupied, Store
from faturat.text import Text

log = structlog.stdlib.get_logger()

BATCH = 500
"""Payments that are read at once where all are wanted."""
MAX_KEY = 64
CLAIM = 50
"""The most payments that one pass of recovery takes."""


class Answer(Struct, frozen=True):
    """A payment as it stands, and whether its key had led to it before."""

    payment: Payment
    repeated: bool


class PaymentService:
    def __init__(
        self, store: Store, invoices: InvoiceService, bank: BankGate, driver: Driver, clock: Clock, timing: Timing
    ) -> None:
        self._store = store
        self._invoices = invoices
        self._bank = bank
        self._driver = driver
        self._clock = clock
        self._timing = timing

    async def pay(
        self, customer: str, invoice_id: str, account: str, amount: int, key: str, seen_total: int | None = None
    ) -> Payment:
        """Pay `amount` (minor units) of an invoice or quote from an account, once per (customer, key).

        `seen_total` is the total that the customer was shown; where the invoice has another by now, nothing is stored.
        Returns the payment as it stands when it ended, or has to wait; a repeat returns the same payment as it now
        stands. Raises FaturatError before anything is stored: key_required, key_reused, key_in_use, unknown_invoice,
        unknown_account, wrong_currency, invoice_not_open, already_paying, already_scheduled, amount_changed,
        amount_not_accepted.
        """
        return (await self.pay_by_key(customer, invoice_id, account, amount, key, seen_total)).payment

    async def schedule(
        self, customer: str, invoice_id: str, account: str, amount: int, key: str, on: date, seen_total: int
    ) -> Payment:
        """Pay an invoice of a contract on a later day, as `pay` does, if it then still has the total that was seen.

        Raises FaturatError as `pay` does, later_without_contract, no_day_left, bad_pay_day.
        """
        return (await self.pay_by_key(customer, invoice_id, account, amount, key, seen_total, on)).payment

    async def pay_by_key(
        self,
        customer: str,
        invoice_id: str,
        account: str,
        amount: int,
        key: str,
        seen_total: int | None = None,
        on: date | None = None,
    ) -> Answer:
        """The same as `pay`, or on a later day as `schedule`, with whether this key had led to the payment before."""
        if not 1 <= len(key) <= MAX_KEY or not key.isprintable():
            raise FaturatError("key_required", field="Idempotency-Key")
        asked = [invoice_id, account, amount, seen_total, *([] if on is None else [on])]
        body = hashlib.sha256(msgspec.json.encode(asked)).hexdigest()
        idempotency = IdempotencyKey(customer=customer, key=key, body_hash=body)
        if (earlier := await self._earlier(idempotency)) is not None:
            return Answer(earlier, repeated=True)
        try:
            invoice = await self._payable(customer, invoice_id, account, amount, seen_total)
            if on is not None:
                check_day(invoice, on, self._clock.now())
        except FaturatError:
            # perhaps it is its twin, sent at the same time, that makes it look so
            if (earlier := await self._earlier(idempotency)) is not None:
                return Answer(earlier, repeated=True)
            raise
        order = self._order(customer, account, invoice, amount)
        try:
            if on is None:
                plan = rules.create(order, invoice.id, invoice.invoice.total, idempotency, self._timing)
            else:
                plan = rules.schedule(order, invoice.id, invoice.invoice.total, idempotency, on)
            payment = await self._driver.commit(plan)
        except KeyTaken:
            raise FaturatError("key_in_use", field="Idempotency-Key") from None  # by a request at the same time
        except Occupied:
            if (earlier := await self._earlier(idempotency)) is not None:
                return Answer(earlier, repeated=True)
            await self._check_unscheduled(invoice)
            raise FaturatError("already_paying", field="invoice") from None  # it has begun, or ended, meanwhile
        assert payment is not None, "an insert loses no race"
        return Answer(payment if on is not None else await self._driver.drive(payment), repeated=False)

    async def _payable(
        self, customer: str, invoice_id: str, account: str, amount: int, seen_total: int | None
    ) -> KnownInvoice:
        """The invoice, if it can be paid so; raises FaturatError."""
        invoice = await self._invoices.get(customer, invoice_id)
        await self.check(invoice, amount, seen_total)
        await self._check_account(customer, account, invoice.invoice.currency)
        return invoice

    def _order(self, customer: str, account: str, invoice: KnownInvoice, amount: int) -> Order:
        now = self._clock.now()
        return Order(
            id=new_id("pay", now),
            customer=customer,
            account=account,
            biller=invoice.biller,
            reference=invoice.reference,
            invoice_key=invoice.invoice.invoice_key,
            amount=amount,
            currency=invoice.invoice.currency,
            part=invoice.invoice.part,
            created_at=now,
        )

    async def get(self, customer: str, payment_id: str) -> Payment:
        """One payment of this customer; raises FaturatError unknown_payment."""
        payment = await self._store.payment(payment_id)
        if payment is None or payment.order.customer != customer:
            raise FaturatError("unknown_payment")
        return payment

    async def find_all(self, customer: str, payment_ids: Sequence[str]) -> dict[str, Payment]:
        """Some payments of a customer, by id; others' are left out."""
        return {row.id: row for row in await self._store.customer_payments(customer, payment_ids)}

    async def by_key(self, customer: str, key: str) -> Payment | None:
        """The payment that this idempotency key led to, if it led to one."""
        found = await self._store.payment_by_key(customer, key)
        return None if found is None else found[1]

    async def receipt(self, customer: str, payment_id: str) -> tuple[Payment, Receipt]:
        """A paid payment with the biller's receipt; raises FaturatError unknown_payment or no_receipt."""
        payment = await self.get(customer, payment_id)
        if payment.receipt is None:
            raise FaturatError("no_receipt")
        return payment, payment.receipt

    async def of(
        self, customer: str, before: str = "", limit: int = 100, wanted: PaymentFilter = EVERY_PAYMENT
    ) -> list[Payment]:
        """A page of payments, newest first; `before` is the last id of the page before."""
        return await self._store.payments(customer, before, limit, wanted)

    async def all_of(self, customer: str, wanted: PaymentFilter) -> list[Payment]:
        """All payments that a filter admits, newest first."""
        found: list[Payment] = []
        while True:
            batch = await self._store.payments(customer, found[-1].id if found else "", BATCH, wanted)
            found += batch
            if len(batch) < BATCH:
                return found

    async def events(self, customer: str, payment_id: str) -> list[PaymentEvent]:
        await self.get(customer, payment_id)
        return await self._store.payment_events(payment_id)

    async def cancel(self, customer: str, payment_id: str) -> Payment:
        """Cancel a payment before any money was asked for; returns it as it stands, cancelled or gone on."""
        # a worker may move it at the same moment, and it can be cancelled still
        while (payment := await self.get(customer, payment_id)).state in BEFORE_HOLDING:
            await self._driver.commit(rules.cancel(payment, self._clock.now(), "cancelled"))
        return payment

    async def told(self, biller: str, order_id: str, outcome: Outcome) -> None:
        """Take what a biller said of its own accord about one of its orders; an order not its own is passed over."""
        payment = await self._store.payment(order_id)
        if payment is None or payment.order.biller != biller:
            log.warning("answer_of_unknown_order", biller=biller)
            return
        moved = await self._driver.told(payment, outcome, self._invoices.gate(biller).biller)
        if moved is not None:
            await self._driver.drive(moved)

    async def recover(self) -> int:
        """Go on with payments whose time has come, whoever left them; returns how many were claimed."""
        now = self._clock.now()
        claimed = await self._store.claim_payments(now, now + self._timing.lease, CLAIM)
        await asyncio.gather(*(self._go_on(payment) for payment in claimed))
        return len(claimed)

    async def _go_on(self, payment: Payment) -> None:
        """Drive one payment; a fault of this one must not keep the others waiting, and its lease brings it back."""
        try:
            await self._driver.drive(payment)
        except Exception as error:
            log_failure("payment_not_driven", error, payment=payment.id, state=payment.state)

    async def _earlier(self, key: IdempotencyKey) -> Payment | None:
        found = await self._store.payment_by_key(key.customer, key.key)
        if found is None:
            return None
        stored, payment = found
        if stored.body_hash != key.body_hash:
            raise FaturatError("key_reused", field="Idempotency-Key")
        return payment

    async def check(self, invoice: KnownInvoice, amount: int, seen_total: int | None) -> None:
        """Whether an invoice, as it is known now, can be paid so; raises FaturatError as `pay` does."""
        if invoice.state is InvoiceState.PAYING:
            raise FaturatError("already_paying", field="invoice")
        if invoice.state is not InvoiceState.OPEN:
            raise FaturatError("invoice_not_open", field="invoice")
        await self._check_unscheduled(invoice)
        name = self._invoices.gate(invoice.biller).biller.name
        if seen_total is not None and seen_total != invoice.invoice.total:
            now = amount_text(invoice.invoice.total, invoice.invoice.currency)
            raise FaturatError("amount_changed", field="amount", biller=name, amount=now)
        if not invoice.invoice.payable.accepts(amount):
            accepted = describe_payable(invoice.invoice.payable, invoice.invoice.currency)
            raise FaturatError("amount_not_accepted", field="amount", biller=name, accepted=accepted)

    async def scheduled_for(self, invoice: KnownInvoice) -> Payment | None:
        """The payment that is scheduled for an invoice."""
        if invoice.contract is None:
            return None
        return (await self.scheduled_of(invoice.customer, [invoice.id])).get(invoice.id)

    async def scheduled_of(self, customer: str, invoices: Sequence[str]) -> dict[str, Payment]:
        """The payments that are scheduled for some invoices of a customer, by the invoice's id."""
        waiting = await self._store.waiting_payments(customer, invoices)
        return {payment.invoice: payment for payment in waiting if payment.state is PaymentState.SCHEDULED}

    async def schedule_by_autopay(self, autopay: Autopay, invoice: KnownInvoice, on: date, key: str) -> bool:
        """Schedule an invoice's total for a day by its contract's autopay, if that still has the version given.

        False where it moved, or somebody schedules this invoice at the same moment. Raises FaturatError as `pay` does.
        """
        total, account = invoice.invoice.total, autopay.terms.account
        await self.check(invoice, total, total)
        await self._check_account(autopay.customer, account, invoice.invoice.currency)
        order = self._order(autopay.customer, account, invoice, total)
        body = hashlib.sha256(msgspec.json.encode([invoice.id, account, total, total, on])).hexdigest()
        idempotency = IdempotencyKey(customer=autopay.customer, key=key, body_hash=body)
        plan = rules.schedule(order, invoice.id, total, idempotency, on)
        try:
            return await self._driver.commit(rules.by_autopay(plan, autopay.contract, autopay.version)) is not None
        except (KeyTaken, Occupied):
            return False

    async def cancel_scheduled(self, payment: Payment, reason: str) -> None:
        """End a scheduled payment for a reason of its own; one that has begun meanwhile goes on."""
        await self._driver.commit(rules.cancel(payment, self._clock.now(), reason))

    async def _check_unscheduled(self, invoice: KnownInvoice) -> None:
        """Never two payments of one invoice: the scheduled one is cancelled first, by its customer."""
        scheduled = await self.scheduled_for(invoice)
        if scheduled is not None:
            day = day_of(scheduled)
            raise FaturatError(
                "already_scheduled", field="invoice", number=invoice.invoice.number, day=f"{day:%d.%m.%Y}"
            )

    async def _check_account(self, customer: str, account: str, currency: str) -> None:
        """A clear word before anything is stored; the bank checks again, and its word counts."""
        try:
            accounts = await self._bank.list_accounts(customer)
        except BankSilent:
            return
        check_account(accounts, account, currency)


def check_account(accounts: Sequence[Account], account: str, currency: str) -> None:
    """Whether a customer with these accounts can pay from one of them; raises unknown_account or wrong_currency."""
    chosen = next((each for each in accounts if each.id == account), None)
    if chosen is None:
        raise FaturatError("unknown_account", field="account")
    if chosen.currency != currency:
        raise FaturatError("wrong_currency", field="account", currency=currency)


def describe_payable(payable: Payable, currency: str) -> Text:
    """The amounts that a biller accepts, for a person."""
    if isinstance(payable, PayChoices):
        amounts, between = [amount_text(choice.amount, currency) for choice in payable.choices], "; "
    else:
        amounts, between = [amount_text(payable.minimum, currency), amount_text(payable.maximum, currency)], " - "
    return Text(between.join(each.sq for each in amounts), between.join(each.en for each in amounts))
