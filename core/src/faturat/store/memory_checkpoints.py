"""Checkpoints in memory, and what the check of the invariants asks."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import timedelta

from faturat.checkpoints.types import Checkpoint, Head
from faturat.faults import Fault
from faturat.invoices.types import InvoiceState, KnownInvoice
from faturat.notices.types import Delivery, Notice
from faturat.payments.states import ENDED_LIVE, LIVE, OCCUPYING
from faturat.payments.types import IdempotencyKey, Payment, PaymentEvent, PaymentState
from faturat.store.port_checkpoints import History

CLOCKS_APART = timedelta(minutes=1)


class MemoryCheckpoints:
    """Nothing awaits inside. What the keys of its dicts make impossible is not looked for."""

    _payments: dict[str, Payment]
    _events: dict[str, list[PaymentEvent]]
    _invoices: dict[str, KnownInvoice]
    _keys: dict[tuple[str, str], tuple[IdempotencyKey, str]]
    _notices: dict[str, Notice]
    _deliveries: dict[str, Delivery]

    def __init__(self) -> None:
        super().__init__()
        self._checkpoints: list[tuple[Checkpoint, tuple[Head, ...]]] = []
        self._covered: dict[str, int] = {}

    async def uncovered_heads(self, limit: int) -> list[Head]:
        moved = (row for row in self._payments.values() if self._covered.get(row.id) != row.version)
        return [Head(row.id, row.version, row.chain_head) for row in sorted(moved, key=lambda row: row.id)[:limit]]

    async def add_checkpoint(self, checkpoint: Checkpoint, heads: Sequence[Head]) -> bool:
        if checkpoint.number <= len(self._checkpoints):
            return False
        self._checkpoints.append((checkpoint, tuple(heads)))
        self._covered |= {head.payment: head.version for head in heads}
        return True

    async def newest_checkpoint(self) -> Checkpoint | None:
        return self._checkpoints[-1][0] if self._checkpoints else None

    async def checkpoints(self, after: int = 0, limit: int = 100) -> list[Checkpoint]:
        return [checkpoint for checkpoint, _ in self._checkpoints[after : after + limit]]

    async def checkpoint_heads(self, number: int) -> list[Head]:
        return list(self._checkpoints[number - 1][1])

    async def histories(self, after: str = "", limit: int = 500) -> list[History]:
        ids = sorted(payment_id for payment_id in self._payments if payment_id > after)[:limit]
        return [History(each, self._payments[each], tuple(self._events[each])) for each in ids]

    async def missing_payments(self, payment_ids: Sequence[str]) -> set[str]:
        return set(payment_ids) - self._payments.keys()

    async def contradictions(self) -> list[Fault]:
        return [
            *self._places(),
            *self._invoice_states(),
            *self._key_faults(),
            *self._outbox_faults(),
            *self._rewritten(),
        ]

    def _places(self) -> Iterator[Fault]:
        rows = sorted(self._payments.values(), key=lambda row: row.id)
        occupying = [row for row in rows if row.state in OCCUPYING]
        live = [row for row in occupying if row.state in LIVE]
        places = [((row.order.biller, row.order.invoice_key, row.order.part), row.id) for row in occupying]
        invoices = [((row.order.biller, row.order.invoice_key), row.id) for row in live]
        yield from _twice(2, places, "live or paid beside")
        yield from _twice(2, invoices, "live beside")

    def _invoice_states(self) -> Iterator[Fault]:
        states = defaultdict(list)
        for row in self._payments.values():
            states[row.order.biller, row.order.invoice_key, row.order.part].append(row)
        for invoice in self._invoices.values():
            payments = states[invoice.biller, invoice.invoice.invoice_key, invoice.invoice.part]
            if invoice.state is InvoiceState.PAID and not any(row.state is PaymentState.PAID for row in payments):
                yield Fault(2, invoice.id, "paid, and no payment of it is")
            live = any(row.state in LIVE or self._ended_while_read(row, invoice) for row in payments)
            if invoice.state is InvoiceState.PAYING and not live:
                yield Fault(2, invoice.id, "paying, and no payment of it is live")

    def _ended_while_read(self, payment: Payment, invoice: KnownInvoice) -> bool:
        """Whether it ended between a reading's look at it and its commit: that left the invoice so till the next."""
        if payment.state not in ENDED_LIVE:
            return False
        began = [event.at for event in self._events[payment.id] if event.after == PaymentState.HOLDING]
        lived = bool(began) and began[0] < invoice.read_at <= payment.state_since + CLOCKS_APART
        return invoice.version == 1 or lived

    def _key_faults(self) -> Iterator[Fault]:
        yield from _twice(6, [(payment, payment) for _, payment in self._keys.values()], "two keys lead to it and to")
        keyed = {payment for _, payment in self._keys.values()}
        for row in self._payments.values():
            if row.id not in keyed:
                yield Fault(6, row.id, "no key leads to it")
        for (customer, _), (_, payment) in self._keys.items():
            if self._payments[payment].order.customer != customer:
                yield Fault(6, payment, "the key of another customer leads to it")

    def _outbox_faults(self) -> Iterator[Fault]:
        there = {"deliver_notice": self._notices.keys(), "payment_changed": self._payments.keys()}
        for row in self._deliveries.values():
            if row.hook in there and row.subject not in there[row.hook]:
                yield Fault(8, row.id, f"owed about {row.subject}, which is not there")

    def _rewritten(self) -> Iterator[Fault]:
        for checkpoint, heads in self._checkpoints:
            for head in heads:
                events = self._events.get(head.payment, [])
                if head.payment not in self._payments:
                    yield Fault(9, head.payment, f"gone; checkpoint {checkpoint.number} has it at {head.version}")
                elif len(events) < head.version or events[head.version - 1].hash != head.head:
                    what = f"checkpoint {checkpoint.number} has another event {head.version} of it"
                    yield Fault(9, head.payment, what)


def _twice(invariant: int, pairs: Iterable[tuple[Hashable, str]], words: str) -> Iterator[Fault]:
    """A fault of each row whose place another row has."""
    first: dict[Hashable, str] = {}
    for place, row in pairs:
        if place in first:
            yield Fault(invariant, row, f"{words} {first[place]}")
        else:
            first[place] = row
