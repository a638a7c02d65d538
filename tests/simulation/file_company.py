"""A company that works by files: its plugin's pure part, and its own side of the exchange."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
from msgspec import Struct

from faturat import (
    ExchangeFile,
    ExchangeReply,
    Order,
    Outcome,
    OutgoingFile,
    Pending,
    Reference,
    RegisterEntry,
)
from simulation.company import CODES, Company


class Content(Struct):
    """What a file of the company says; one that is cut short has no `end`."""

    register: tuple[RegisterEntry, ...] = ()
    outcomes: dict[str, Outcome] = {}
    end: bool = False


def read_files(inbox: tuple[ExchangeFile, ...], queued: tuple[Order, ...]) -> ExchangeReply:
    """The plugin's `exchange`."""
    read = {file.name: msgspec.json.decode(file.content, type=Content) for file in inbox}
    whole = [content for content in read.values() if content.end]
    return ExchangeReply(
        files=tuple(_file(order) for order in _halves(queued) if order),
        register=tuple(entry for content in whole for entry in content.register),
        outcomes={order: outcome for content in whole for order, outcome in content.outcomes.items()},
        incomplete=tuple(name for name, content in read.items() if not content.end),
    )


def _halves(orders: tuple[Order, ...]) -> tuple[tuple[Order, ...], ...]:
    middle = (len(orders) + 1) // 2
    return orders[:middle], orders[middle:]


def _file(orders: tuple[Order, ...]) -> OutgoingFile:
    content = msgspec.json.encode(orders)
    name = f"PAY-{hashlib.sha256(content).hexdigest()[:12]}"
    return OutgoingFile(name, content, tuple(order.id for order in orders))


@dataclass
class FileCompany(Company):
    offered: dict[str, bytes] = field(default_factory=dict)
    to_cut: dict[str, bytes] = field(default_factory=dict)
    """Files that lie there cut short, and what they will be."""
    received: dict[str, bytes] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.work(cut=False)

    def queue(self, order: Order) -> Outcome:
        """What its plugin says of an order: a file may carry it."""
        return Pending()

    def collect(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        self._answering()
        return tuple(ExchangeFile(name, content) for name, content in self.offered.items() if name not in known)

    def take(self, files: tuple[OutgoingFile, ...]) -> None:
        self._answering()
        for file in files:
            self.received.setdefault(file.name, file.content)

    def work(self, cut: bool) -> None:
        """Read what was sent, book or refuse it, and offer files: outcomes, a register, at times an older one after."""
        self.offered |= self.to_cut
        self.to_cut = {}
        early = self._register(timedelta(seconds=1))
        outcomes: dict[str, Outcome] = {}
        for name in [name for name in self.received if name not in self.read]:
            self.read.add(name)
            for order in msgspec.json.decode(self.received[name], type=tuple[Order, ...]):
                self.arrivals[order.id] += 1
                outcomes[order.id] = self.decide(order)
        number = len(self.offered)
        if outcomes:
            self._offer(f"OUT-{number:04}", Content(outcomes=outcomes, end=True), cut)
        self._offer(f"REG-{number:04}", Content(register=self._register(), end=True), cut)
        if outcomes and self.random.random() < 0.5:
            self._offer(f"REG-{number:04}-OLD", Content(register=early, end=True), cut=False)

    def _offer(self, name: str, content: Content, cut: bool) -> None:
        whole = msgspec.json.encode(content)
        if cut and self.random.random() < 0.5:
            self.to_cut[name] = whole
            whole = self.random.choice((b'{"register":[],"outcomes":{}}', whole[: len(whole) // 2]))
        self.offered[name] = whole

    def _register(self, ago: timedelta = timedelta()) -> tuple[RegisterEntry, ...]:
        return tuple(
            RegisterEntry(
                reference=Reference("contract", {"code": code}),
                subscriber="Test Test",
                as_of=self.moment() - ago,
                invoices=self.listed(code),
            )
            for code in CODES
        )
