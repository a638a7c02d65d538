"""A biller that works by files, in memory: what it offers, what it was sent, and what goes wrong in between."""

import hashlib
from datetime import timedelta
from typing import Any

import msgspec

from fakes.biller import FakeBiller
from fakes.faults import Script
from faturat import (
    Capabilities,
    ExchangeFile,
    ExchangeReply,
    Invoice,
    Order,
    Outcome,
    OutgoingFile,
    Pending,
    Receipt,
    Reference,
    RegisterEntry,
    Settled,
    hookimpl,
)

EVERY = timedelta(hours=1)
BY_FILES = Capabilities(exchange_every=EVERY, settles_later=timedelta(days=3), parts=True, max_bulk=100)


class Content(msgspec.Struct):
    """A file of this biller's is this, as JSON; one that is cut short has no `end`."""

    register: tuple[RegisterEntry, ...] = ()
    outcomes: dict[str, Outcome] = {}
    end: bool = True


class FileBiller(FakeBiller):
    def __init__(self, settings: Any = None) -> None:
        super().__init__(settings, BY_FILES)
        self.offered: dict[str, bytes] = {}
        self.received: list[OutgoingFile] = []
        self.collecting, self.sending = Script(), Script()
        self.collected: list[frozenset[str]] = []

    def offer(self, name: str, content: Content | bytes) -> None:
        self.offered[name] = content if isinstance(content, bytes) else msgspec.json.encode(content)

    def register(self, code: str = "AB12", *invoices: Invoice) -> Content:
        reference = Reference("contract", {"code": code})
        found = RegisterEntry(reference=reference, subscriber="Test Test", as_of=self.clock.now(), invoices=invoices)
        return Content(register=(found,))

    def settled(self, order: Order) -> Outcome:
        return Settled(Receipt(f"R-{order.id}", self.clock.now(), order.amount))

    @hookimpl
    async def find_contract(self, reference: Reference) -> Any:
        raise AssertionError("the register answers")

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> Any:
        raise AssertionError("the register answers")

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        fault = self.script.before()
        self.pay_calls.append(order.id)
        self.script.after(fault)
        return Pending()

    @hookimpl
    async def collect_files(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        fault = self.collecting.before()
        self.collected.append(known)
        self.collecting.after(fault)
        return tuple(ExchangeFile(name, content) for name, content in self.offered.items() if name not in known)

    @hookimpl
    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        read = {file.name: msgspec.json.decode(file.content, type=Content) for file in inbox}
        whole = [content for content in read.values() if content.end]
        ids = sorted(order.id for order in queued_orders)
        name = f"PAY-{hashlib.sha256(' '.join(ids).encode()).hexdigest()[:12]}"
        return ExchangeReply(
            files=(OutgoingFile(name, msgspec.json.encode(ids), tuple(ids)),) if ids else (),
            register=tuple(entry for content in whole for entry in content.register),
            outcomes={order: outcome for content in whole for order, outcome in content.outcomes.items()},
            incomplete=tuple(name for name, content in read.items() if not content.end),
        )

    @hookimpl
    async def send_files(self, files: tuple[OutgoingFile, ...]) -> None:
        for file in files:
            fault = self.sending.before()
            if file.name not in [each.name for each in self.received]:
                self.received.append(file)
            self.sending.after(fault)
