"""Files swapped with billers, in memory."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from faturat.billers import Reference
from faturat.exchange.types import OutgoingFile, RegisterEntry, Swap
from faturat.payments.types import Order, Payment, PaymentState


class MemoryExchange:
    """The part of the memory store that keeps turns, files and registers; nothing awaits inside."""

    _payments: dict[str, Payment]

    def __init__(self) -> None:
        super().__init__()
        self._turns: dict[str, tuple[int, datetime]] = {}
        self._taken: defaultdict[str, set[str]] = defaultdict(set)
        self._outgoing: defaultdict[str, dict[str, OutgoingFile]] = defaultdict(dict)
        self._sent: set[tuple[str, str]] = set()
        self._carried: set[str] = set()
        self._register: dict[tuple[str, Reference], RegisterEntry] = {}

    async def claim_exchange(self, biller: str, now: datetime, lease_until: datetime) -> int | None:
        fence, due_at = self._turns.get(biller, (0, now))
        if due_at > now:
            return None
        self._turns[biller] = (fence + 1, lease_until)
        return fence + 1

    async def hold_exchange(self, biller: str, fence: int, due_at: datetime) -> bool:
        if self._turns[biller][0] != fence:
            return False
        self._turns[biller] = (fence, due_at)
        return True

    async def known_files(self, biller: str) -> frozenset[str]:
        return frozenset(self._taken[biller])

    async def queued_orders(self, biller: str, held_until: datetime, limit: int) -> list[Order]:
        queued = (row.order for row in self._payments.values() if self._is_queued(row, biller))
        held = (order for order in queued if self._may_go(order.id, held_until))
        return sorted(held, key=lambda order: order.id)[:limit]

    def _is_queued(self, payment: Payment, biller: str) -> bool:
        pending = payment.state is PaymentState.PENDING and payment.order.biller == biller
        return pending and payment.id not in self._carried

    def _may_go(self, payment_id: str, held_until: datetime) -> bool:
        payment = self._payments[payment_id]
        held = payment.hold_expires_at is not None and payment.hold_expires_at >= held_until
        return held and payment.state is PaymentState.PENDING

    async def is_carried(self, payment_id: str) -> bool:
        return payment_id in self._carried

    async def commit_swap(self, swap: Swap) -> bool:
        orders = [order for file in swap.files for order in file.orders]
        pending = all(
            order in self._payments and self._is_queued(self._payments[order], swap.biller) for order in orders
        )
        names = [*self._outgoing[swap.biller], *(file.name for file in swap.files)]
        again = len(set(names)) < len(names) or len(set(orders)) < len(orders)
        if self._turns[swap.biller][0] != swap.fence or not pending or again:
            return False
        self._taken[swap.biller].update(file.name for file in swap.taken)
        for file in swap.files:
            self._outgoing[swap.biller][file.name] = file
        self._carried.update(orders)
        for entry in swap.register:
            place = (swap.biller, entry.reference)
            if place not in self._register or self._register[place].as_of <= entry.as_of:
                self._register[place] = entry
        return True

    async def unsent_files(self, biller: str, held_until: datetime) -> list[OutgoingFile]:
        unsent = [file for name, file in sorted(self._outgoing[biller].items()) if (biller, name) not in self._sent]
        return [file for file in unsent if all(self._may_go(order, held_until) for order in file.orders)]

    async def files_sent(self, biller: str, names: Sequence[str], now: datetime) -> None:
        self._sent.update((biller, name) for name in names)

    async def register_entries(self, biller: str, references: Sequence[Reference]) -> list[RegisterEntry]:
        return [self._register[biller, each] for each in references if (biller, each) in self._register]

    async def has_register(self, biller: str) -> bool:
        return any(of == biller for of, _ in self._register)
