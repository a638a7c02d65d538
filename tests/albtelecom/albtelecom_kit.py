"""What the tests of ALBTELECOM share: orders, samples, a clock set by hand, and a host of forty lines."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from faturat.billers import Reference
from faturat.exchange.types import ExchangeFile, ExchangeReply, OutgoingFile, RegisterEntry
from faturat.gate.files import check_collected, check_exchange
from faturat.gate.replies import check_pay
from faturat.invoices.types import Invoice
from faturat.payments.types import Order, Outcome, Pending
from faturat_albtelecom import wire
from faturat_albtelecom.plugin import Albtelecom

SAMPLES = Path(__file__).parents[2] / "plugins" / "albtelecom" / "samples"
FIRST, SECOND, NOBODY = "200000001", "200000002", "299999999"
MADE_AT = "2018-08-15T08:30:00.000000+00:00"


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2018, 8, 15, 8, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Host:
    """What a host keeps for a biller that swaps files, in dicts; every reply goes through the real gate's checks."""

    def __init__(self, plugin: Albtelecom) -> None:
        self.plugin = plugin
        self.biller = plugin.describe_biller()
        self.known: set[str] = set()
        self.register: dict[str, RegisterEntry] = {}
        self.queued: dict[str, Order] = {}
        self.unsent: dict[str, OutgoingFile] = {}
        self.outcomes: dict[str, Outcome] = {}

    async def pay(self, order: Order) -> Outcome:
        outcome = check_pay(await self.plugin.pay_invoice(order))
        if isinstance(outcome, Pending):
            self.queued[order.id] = order
        return outcome

    async def swap(self) -> ExchangeReply:
        """Collect, exchange, keep, send; what could not be sent is sent the next time."""
        known = frozenset(self.known)
        inbox = check_collected(await self.plugin.collect_files(known), known)
        queued = tuple(self.queued.values())
        reply = check_exchange(await self.plugin.exchange(inbox, queued), inbox, queued, self.biller, datetime.now(UTC))
        self.known |= {file.name for file in inbox} - set(reply.incomplete)
        for entry in reply.register:
            contract = entry.reference.values["contract"]
            if contract not in self.register or self.register[contract].as_of <= entry.as_of:
                self.register[contract] = entry
        self.outcomes |= reply.outcomes
        for file in reply.files:
            self.unsent[file.name] = file
            for order_id in file.orders:
                del self.queued[order_id]
        if self.unsent:
            await self.plugin.send_files(tuple(self.unsent.values()))
            self.unsent.clear()
        return reply

    def owed(self, contract: str) -> tuple[Invoice, ...]:
        return self.register[contract].invoices


def reference(contract: str) -> Reference:
    return Reference("contract", {"contract": contract})


def order(id: str = "pay_0194f0000001", **changes: object) -> Order:
    """The payment of the first contract's invoice, or of what `changes` say."""
    fields: dict[str, object] = {
        "customer": "c1",
        "account": "a1",
        "biller": "albtelecom",
        "reference": reference(str(changes.pop("contract", FIRST))),
        "invoice_key": "000000001",
        "amount": 1850_00,
        "currency": "ALL",
        "created_at": datetime(2018, 8, 15, 8, 30, tzinfo=UTC),
    }
    return Order(id=id, **(fields | changes))


def settled_record(**changes: str) -> wire.Acknowledgement:
    """The company's word that it booked order()."""
    fields = {
        "order_id": "pay_0194f0000001",
        "result": "OK",
        "code": "",
        "receipt_number": "R000000001",
        "settled_at": "2018-08-15T10:30:00+02:00",
        "amount": "1850.00",
        "currency": "ALL",
    }
    return wire.Acknowledgement(**(fields | changes))


def register_file(*records: wire.Record, number: int = 1, made_at: str = MADE_AT) -> ExchangeFile:
    return ExchangeFile(f"OPEN-20180815-{number:03d}.csv", wire.build(wire.OPEN, made_at, records))


def ack_file(*records: wire.Record, number: int = 1) -> ExchangeFile:
    return ExchangeFile(f"ACK-PAY-20180815-0123456789ab-{number:03d}.csv", wire.build(wire.ACK, MADE_AT, records))
