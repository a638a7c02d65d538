"""What the tests of DIGITALB share: references, orders, samples and a clock set by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from fakes.world import loaded

from faturat.billers import Reference
from faturat.gate.biller import BillerGate
from faturat.hookspecs import BillerSpec
from faturat.invoices.types import Invoice
from faturat.payments.types import Order
from faturat_digitalb.plugin import Digitalb

SAMPLES = Path(__file__).parents[2] / "plugins" / "digitalb" / "samples"
ONE, TWO, PAID = "1000001", "1000002", "1000003"
NOBODY = "1000009"
CARD = "01234567890"
SECRET = "a shared secret of forty characters, 0123"


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2018, 8, 15, 8, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: int) -> None:
        self.moment += timedelta(seconds=seconds)


def reference(number: str) -> Reference:
    return Reference("contract_number", {"contract_number": number})


def order(id: str = "pay_0194f0000001", **changes: object) -> Order:
    """The payment of the first contract's instalment, or of what `changes` say; `number` is the contract number."""
    fields: dict[str, object] = {
        "customer": "c1",
        "account": "a1",
        "biller": "digitalb",
        "reference": reference(str(changes.pop("number", ONE))),
        "invoice_key": "000000001",
        "amount": 1200_00,
        "currency": "ALL",
        "created_at": datetime(2018, 8, 15, 8, 30, tzinfo=UTC),
    }
    return Order(id=id, **(fields | changes))


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes()


async def read(plugin: Digitalb, number: str) -> tuple[Invoice, ...]:
    """Every entry of one contract: what is to pay, and its history."""
    return (await plugin.fetch_invoices((reference(number),)))[reference(number)]


async def quote(plugin: Digitalb, number: str) -> tuple[Invoice, ...]:
    """What is to pay of one contract."""
    return tuple(entry for entry in await read(plugin, number) if entry.paid_by_order is None)


def gate(plugin: Digitalb, clock: HandClock) -> BillerGate:
    """The gate that stands before the plugin in a host."""
    described = loaded("digitalb", plugin, BillerSpec)
    return BillerGate(described.biller, described.relay, clock, timedelta(seconds=10), timedelta(seconds=30))
