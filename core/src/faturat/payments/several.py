"""Several invoices paid by one confirmation: one payment each, one after the other, from one account.

There is no table of such groups. Each payment's key is derived from the confirmation's key and its invoice, so whoever
knows that key and the invoices finds every payment that was begun, and what was not begun has nothing to be kept: no
row, no money. An address made of the payments' ids could not name what was not begun.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec import Struct

from faturat.bank import Account
from faturat.clock import Clock
from faturat.errors import FaturatError
from faturat.gate.bank import BankGate, BankSilent
from faturat.invoices.service import InvoiceService
from faturat.money import amount_text
from faturat.payments.service import MAX_KEY, PaymentService
from faturat.payments.timing import Timing
from faturat.payments.types import Payment
from faturat.payments.types import PaymentState as S

MOST = 20
"""The most invoices that one confirmation pays."""
BEGIN_WITHIN = timedelta(seconds=25)
"""From the confirmation to the last moment at which one of its payments may begin: a person waits for the answer."""
STOPPED = frozenset({S.HOLDING, S.CAPTURING, S.RELEASING, S.DECLINED, S.UNDER_REVIEW})
"""Where a payment halts by what the bank said, or did not say: it is not asked for the next one's money."""


class Chosen(Struct, frozen=True):
    """One invoice or quote to pay in full, with the total (minor units) that the customer saw."""

    invoice: str
    total: int


class Begun(Struct, frozen=True):
    """What one confirmation has come to: the payments that it began, and the invoices whose turn may still come.

    Both by invoice id. An invoice in neither was not begun and will not be: nothing of its money was touched.
    """

    payments: Mapping[str, Payment]
    waiting: frozenset[str]


class SeveralService:
    def __init__(
        self, payments: PaymentService, invoices: InvoiceService, bank: BankGate, clock: Clock, timing: Timing
    ) -> None:
        self._payments = payments
        self._invoices = invoices
        self._bank = bank
        self._clock = clock
        self._timing = timing

    async def pay(self, customer: str, chosen: Sequence[Chosen], account: str, key: str) -> None:
        """Pay invoices in full, in this order, once per (customer, key); `begun` says what became of each.

        One that is scheduled for a later day is left to that payment, and the others are paid.
        A repeat begins nothing: whatever the first did not come to needs a confirmation of its own. No payment begins
        after the bank refused one or did not answer, nor later than BEGIN_WITHIN. Raises FaturatError before anything
        is stored: key_required, no_invoices, too_many_invoices, bank_unavailable, insufficient_funds for the sum of the
        totals, and what `PaymentService.pay` raises about any one of the invoices.
        """
        if not 1 <= len(key) <= MAX_KEY or not key.isprintable():
            raise FaturatError("key_required", field="Idempotency-Key")
        check_number(len(chosen))
        begin_by = self._clock.now() + BEGIN_WITHIN
        if await self._found(customer, [each.invoice for each in chosen], key):
            return
        try:
            able = await self._check(customer, chosen, account)
        except FaturatError:
            # perhaps it is its twin, sent at the same time, that makes it look so
            if await self._found(customer, [each.invoice for each in chosen], key):
                return
            raise
        for each in able:
            if self._clock.now() >= begin_by:
                return
            try:
                if not await self._pay_next(customer, each, account, key):
                    return
            except FaturatError:
                # it changed since it was looked at: the others go on, but where nothing is begun yet it is said
                if each is able[0]:
                    raise

    async def _pay_next(self, customer: str, one: Chosen, account: str, key: str) -> bool:
        """Pay one of them; False where no other is to begin after it. Raises FaturatError where it was not begun."""
        own_key = _own_key(key, one.invoice)
        try:
            answer = await self._payments.pay_by_key(customer, one.invoice, account, one.total, own_key, one.total)
        except FaturatError as error:
            if error.code in ("key_in_use", "key_reused"):
                return False  # its twin pays them at this moment
            raise
        return answer.payment.state not in STOPPED

    async def begun(self, customer: str, invoices: Sequence[str], key: str) -> Begun:
        """What became of a confirmation of these invoices, in its order.

        Raises FaturatError unknown_payment where it began none.
        """
        payments = await self._found(customer, invoices, key)
        if not payments:
            raise FaturatError("unknown_payment")
        return Begun(payments, self._waiting(invoices, payments))

    async def _found(self, customer: str, invoices: Sequence[str], key: str) -> dict[str, Payment]:
        found = {each: await self._payments.by_key(customer, _own_key(key, each)) for each in invoices}
        return {invoice: payment for invoice, payment in found.items() if payment is not None}

    def _waiting(self, invoices: Sequence[str], payments: Mapping[str, Payment]) -> frozenset[str]:
        """Those after the last one begun, for as long as the process that has the confirmation may begin them.

        One that it passed over will not be begun. It may ask the bank for the accounts once more just before.
        """
        begun_at = min(payment.order.created_at for payment in payments.values())
        over = begun_at + BEGIN_WITHIN + self._timing.bank_call + self._timing.margin
        last = max(index for index, invoice in enumerate(invoices) if invoice in payments)
        refused = any(payment.state is S.DECLINED for payment in payments.values())
        return frozenset() if refused or self._clock.now() >= over else frozenset(invoices[last + 1 :])

    async def _check(self, customer: str, chosen: Sequence[Chosen], account: str) -> list[Chosen]:
        """Those that are to be paid now; each is checked again when its turn comes.

        Says what stands against any of them before the first is paid, or that all are scheduled for later.
        """
        able: dict[Chosen, str] = {}
        scheduled: FaturatError | None = None
        for each in chosen:
            try:
                able[each] = await self._currency(customer, each)
            except FaturatError as error:
                if error.code != "already_scheduled":
                    raise
                scheduled = error
        if scheduled is not None and not able:
            raise scheduled
        found = await self._account(customer, account)
        for currency in {*able.values()} - {found.currency}:
            raise FaturatError("wrong_currency", field="account", currency=currency)
        if found.available < sum(each.total for each in able):
            available = amount_text(found.available, found.currency)
            raise FaturatError("insufficient_funds", field="account", amount=available)
        return [*able]

    async def _currency(self, customer: str, chosen: Chosen) -> str:
        """The currency of an invoice that can be paid so; raises FaturatError."""
        known = await self._invoices.get(customer, chosen.invoice)
        await self._payments.check(known, chosen.total, chosen.total)
        return known.invoice.currency

    async def _account(self, customer: str, account: str) -> Account:
        try:
            accounts = await self._bank.list_accounts(customer)
        except BankSilent as error:
            raise FaturatError("bank_unavailable") from error
        found = next((each for each in accounts if each.id == account), None)
        if found is None:
            raise FaturatError("unknown_account", field="account")
        return found


def check_number(chosen: int) -> None:
    """Whether so many invoices can be paid by one confirmation; raises FaturatError no_invoices, too_many_invoices."""
    if chosen == 0:
        raise FaturatError("no_invoices", field="invoice")
    if chosen > MOST:
        raise FaturatError("too_many_invoices", field="invoice", limit=MOST, count=chosen)


def _own_key(key: str, invoice: str) -> str:
    """The idempotency key of one payment of a confirmation: as long as a key may be, whatever both are made of."""
    return hashlib.sha256(f"{key}\n{invoice}".encode()).hexdigest()
