"""What the tests of OSHEE share: references, orders, samples and a clock set by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from faturat.billers import Reference
from faturat.payments.types import Order

SAMPLES = Path(__file__).parents[2] / "plugins" / "oshee" / "samples"
GUIDE = "TR0.A0000000000000"
OVERDUE = "TR0.B0000000000000"
NOBODY = "TR0.C0000000000000"


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2018, 8, 15, 8, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: int) -> None:
        self.moment += timedelta(seconds=seconds)


def reference(code: str) -> Reference:
    return Reference("customer_code", {"customer_code": code})


def order(id: str = "pay_0194f0000001", **changes: object) -> Order:
    """The payment of the guide's invoice, or of what `changes` say; `code` is the customer code."""
    fields: dict[str, object] = {
        "customer": "c1",
        "account": "a1",
        "biller": "oshee",
        "reference": reference(str(changes.pop("code", GUIDE))),
        "invoice_key": "000000001",
        "amount": 1707_40,
        "currency": "ALL",
        "created_at": datetime(2018, 8, 15, 8, 30, tzinfo=UTC),
    }
    return Order(id=id, **(fields | changes))


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes()
