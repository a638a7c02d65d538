"""The invariants, checked by one function: used by tests, simulation and `faturat verify`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from faturat.audit import vouched
from faturat.bank import FundsState, FundsStatus
from faturat.checkpoints.checking import check_checkpoints
from faturat.checkpoints.types import Checkpoint
from faturat.engine import Faturat
from faturat.faults import Fault
from faturat.gate.bank import BankSilent
from faturat.payments.checking import check_payment
from faturat.payments.types import Payment
from faturat.payments.types import PaymentState as S
from faturat.store.port_checkpoints import History

__all__ = ["MAX_FAULTS", "Fault", "Report", "check_payment", "funds_fit", "verify"]

MAX_FAULTS = 100
"""After so many faults the check of payments stops: they have one cause."""
AT_ONCE = 8
"""How many payments the bank is asked about at a time."""
PAGE = 1000
"""Orders of one page of the bank's list."""
AHEAD = 5 * PAGE
"""How far the bank's list is read ahead of the payments."""
MOST_DEEDS = 10_000
"""Deeds about one payment that are read."""
GIVING_UP = timedelta(minutes=10)
"""A delivery whose last try is under way at its deadline is not unsent yet."""

NONE, HELD, CAPTURED, RELEASED = FundsState
FUNDS: dict[S, frozenset[FundsState]] = {
    **dict.fromkeys((S.HELD, S.SUBMITTING, S.PENDING, S.UNKNOWN, S.SETTLED, S.REJECTED, S.NOT_SENT), frozenset({HELD})),
    **dict.fromkeys((S.HOLDING, S.RELEASING), frozenset({NONE, HELD, RELEASED})),
    S.CAPTURING: frozenset({HELD, CAPTURED}),
    S.UNDER_REVIEW: frozenset(FundsState),
    S.PAID: frozenset({CAPTURED}),
}
"""What the bank may say of a payment's money, by its state; in all others that none is held or was taken."""


class Report(Struct, frozen=True):
    """`unchecked` says what could not be looked at, for then no faults prove little; `notes` what nobody looks at here.

    `checkpoints` is the newest one's number, `keys` the public keys that signed them.
    """

    payments: int
    events: int
    faults: tuple[Fault, ...]
    unchecked: tuple[str, ...] = ()
    checkpoints: int = 0
    keys: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


async def verify(
    faturat: Faturat,
    *,
    paper: Checkpoint | None = None,
    trusted: Sequence[str] = (),
    progress: Callable[[int], None] = lambda payments: None,
) -> Report:
    """Check every payment with its events and its funds at the bank, all checkpoints, the outbox, the bank's books.

    May run on a live database: what moves while it reads is read again before it is called a fault. Reads batch by
    batch, so memory does not grow with the payments; `progress` hears how many are done. `paper` is a checkpoint that
    was printed; `trusted` are the public keys that may sign, none: whichever stands beside a checkpoint.
    """
    check = _Check(faturat)
    payments = events = 0
    async for batch in _batches(faturat):
        await check.payments(batch)
        payments, events = payments + len(batch), events + sum(len(each.events) for each in batch)
        progress(payments)
        if len(check.faults) >= MAX_FAULTS or len(check.unchecked) >= MAX_FAULTS:
            break
    await check.rows()
    await check.books()
    seen = await check_checkpoints(faturat.store, paper, trusted)
    notes = []
    if not seen.number:
        notes.append("no checkpoint was ever made: a history that was rewritten whole would not be seen")
    if not faturat.bank.lists_orders:
        notes.append("the bank lists no orders: money held for one that no payment knows would not be seen")
    return Report(
        payments=payments,
        events=events,
        faults=(*check.faults, *seen.faults),
        unchecked=(*check.unchecked, *seen.unchecked),
        checkpoints=seen.number,
        keys=seen.keys,
        notes=tuple(notes),
    )


async def _batches(faturat: Faturat) -> AsyncIterator[list[History]]:
    after = ""
    while batch := await faturat.store.histories(after):
        yield batch
        after = batch[-1].id


class _Check:
    """What was found so far."""

    def __init__(self, faturat: Faturat) -> None:
        self._faturat = faturat
        self._few = asyncio.Semaphore(AT_ONCE)
        self._listed = _ListedOrders(faturat)
        self.faults: list[Fault] = []
        self.unchecked: list[str] = []

    async def payments(self, batch: Sequence[History]) -> None:
        now, billers = self._faturat.clock.now(), self._faturat.billers
        readable = []
        for history in batch:
            if history.payment is None:
                self.faults.append(Fault(9, history.id, "the row cannot be read: a field holds what no code writes"))
                continue
            readable.append(history.payment)
            biller = billers.get(history.payment.order.biller)
            self.faults += check_payment(history.payment, history.events, now, biller, self._faturat.timing)
        await self._deeds(batch)
        listed = await self._listed.take({payment.id for payment in readable})
        unclear = [row for row in readable if row.id not in listed or not funds_fit(row, listed[row.id], now)]
        await asyncio.gather(*map(self._funds, unclear))

    async def _deeds(self, batch: Sequence[History]) -> None:
        """What operators decided must stand in the record as the chain vouches for it."""
        for history in batch:
            digests = {digest for event in history.events if (digest := vouched(event.evidence)[1])}
            if not digests:
                continue
            recorded = {entry.digest for entry in await self._faturat.store.audit(subject=history.id, limit=MOST_DEEDS)}
            if digests - recorded:
                self.faults.append(Fault(9, history.id, "an operator's deed is not recorded as its event vouches for"))

    async def rows(self) -> None:
        """What rows say against each other, and what was to be sent by now."""
        now = self._faturat.clock.now()
        self.faults += await self._faturat.store.contradictions()
        for delivery in await self._faturat.store.overdue_deliveries(now - GIVING_UP):
            self.faults.append(Fault(8, delivery.id, f"unsent past its deadline {delivery.deadline.isoformat()}"))

    async def books(self) -> None:
        try:
            self.faults += [Fault(1, "ledger", sentence) for sentence in await self._faturat.bank.check_books()]
        except BankSilent:
            self.unchecked.append("the bank did not check its books")
        await self._listed.read_to_the_end()
        for status in self._listed.of_nobody:
            what = f"the bank says {status.state} {status.amount}, and there is no such payment"
            self.faults.append(Fault(3, status.order_id, what))
        if self._listed.silent:
            self.unchecked.append("the bank did not list its orders")

    async def _funds(self, payment: Payment) -> None:
        """Every hold ends in one receipt or one full release: what the bank holds must fit the payment's state."""
        async with self._few:
            try:
                while True:
                    status = await self._faturat.bank.funds_status(payment.order)
                    if funds_fit(payment, status, self._faturat.clock.now()):
                        return
                    # the intent is stored before the bank is asked, so a payment that stands still must fit
                    now = await self._faturat.store.payment(payment.id)
                    if now is None or now.version == payment.version:
                        what = f"{payment.state}, but the bank says {status.state} {status.amount}"
                        self.faults.append(Fault(3, payment.id, f"{what} of {payment.order.to_hold}"))
                        return
                    payment = now
            except BankSilent:
                self.unchecked.append(f"{payment.id}: the bank did not say what it holds")


def funds_fit(payment: Payment, status: FundsStatus, now: datetime) -> bool:
    """Whether what the bank says fits the state of a payment that stands still."""
    may = FUNDS.get(payment.state, frozenset({NONE, RELEASED}))
    until = payment.hold_expires_at
    if HELD in may and until is not None and until <= now:
        may = may | {NONE, RELEASED}  # a bank may let a hold go that has outlived its time
    whole = status.state in (NONE, RELEASED) or status.amount == payment.order.to_hold
    return status.state in may and whole


class _ListedOrders:
    """The bank's list of orders, read along with the payments, so that each need not be asked for.

    The list need not have the order of the payments; where it has, as by id, little of it has to be kept.
    `of_nobody` are orders that no payment has: it was lost, as with a restore from before it.
    """

    def __init__(self, faturat: Faturat) -> None:
        self._bank, self._store = faturat.bank, faturat.store
        self._ahead: dict[str, FundsStatus] = {}
        self._after = ""
        self._more = faturat.bank.lists_orders
        self.of_nobody: list[FundsStatus] = []
        self.silent = False

    async def take(self, wanted: set[str]) -> dict[str, FundsStatus]:
        """What the list says of some orders, as far as it is read; those without money are not in it."""
        while self._more and len(self._ahead) < AHEAD and not wanted <= self._ahead.keys():
            await self._read()
        found = {order: self._ahead.pop(order) for order in wanted & self._ahead.keys()}
        if not found and len(self._ahead) >= AHEAD:
            await self._let_go()
        return found

    async def read_to_the_end(self) -> None:
        await self._let_go()
        while self._more:
            await self._read()
            await self._let_go()

    async def _read(self) -> None:
        try:
            page = await self._bank.list_orders(self._after, PAGE)
        except BankSilent:
            self.silent, self._more = True, False
            return
        self._ahead |= {status.order_id: status for status in page}
        self._more = bool(page)
        self._after = page[-1].order_id if page else ""

    async def _let_go(self) -> None:
        # after the list, never before: a payment is stored before the bank hears of it
        missing = await self._store.missing_payments(list(self._ahead))
        self.of_nobody += [status for order, status in self._ahead.items() if order in missing]
        self._ahead.clear()
