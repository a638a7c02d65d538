"""What the tests of GJOBAT E POLICISË share: references, orders, samples, a gate and a clock set by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pluggy

from faturat.billers import Reference
from faturat.gate.biller import BillerGate
from faturat.hookspecs import BillerSpec
from faturat.payments.types import Order
from faturat_gjobat.plugin import Gjobat

SAMPLES = Path(__file__).parents[2] / "plugins" / "gjobat" / "samples"


def vehicle(plate: str, chassis: str) -> Reference:
    return Reference("vehicle", {"plate": plate, "chassis": chassis})


def fine(number: str) -> Reference:
    return Reference("fine", {"fine": number})


FRESH = vehicle("AA123BB", "TEST0000000000001")
OVERDUE = vehicle("AA456BB", "TEST0000000000002")
NOBODY = vehicle("AA789BB", "TEST0000000000003")
SHEET = fine("000000301")


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, **time: int) -> None:
        self.moment += timedelta(**time)


def order(id: str = "pay_0194f0000001", **changes: object) -> Order:
    """The payment of the demo's fresh fine, or of what `changes` say."""
    fields: dict[str, object] = {
        "customer": "c1",
        "account": "a1",
        "biller": "gjobat",
        "reference": FRESH,
        "invoice_key": "000000101",
        "amount": 2500_00,
        "currency": "ALL",
        "created_at": datetime(2026, 11, 16, 9, 30, tzinfo=UTC),
    }
    return Order(id=id, **(fields | changes))


def sample(name: str) -> bytes:
    """A sample without the end of its line."""
    return (SAMPLES / f"{name}.json").read_bytes().removesuffix(b"\n")


def gate(plugin: Gjobat, clock: HandClock) -> BillerGate:
    """The host's gate to this plugin, as the host makes it, with a deadline of two seconds."""
    manager = pluggy.PluginManager("faturat")
    manager.add_hookspecs(BillerSpec)
    manager.register(plugin)
    deadline = timedelta(seconds=2)
    return BillerGate(plugin.describe_biller(), manager.hook, clock, deadline, deadline)
