"""What a company is owed, as plain rules; and a company that keeps them, answers from them and at times does not."""

from typing import Any, Literal, TypeAlias

from fakes.biller import ABLE, FakeBiller, make_invoice
from msgspec.structs import replace

from faturat import (
    Invoice,
    NotFound,
    Order,
    Outcome,
    PayRange,
    Receipt,
    Reference,
    Rejected,
    Rejection,
    Settled,
    StatusReply,
    Subscriber,
    hookimpl,
)

CODES = ("AB12", "CD34")
Reads: TypeAlias = Literal["up", "half", "down"]
"""Half: it knows its contracts, and says nothing of their invoices."""
Pays: TypeAlias = Literal["up", "lost", "silent"]
"""Lost: an order does not arrive. Silent: it is booked, and the answer does not arrive."""


def bill(key: str, total: int, part: int = 1) -> Invoice:
    return make_invoice(key, total, part=part, payable=PayRange(1, total))


class Ledger:
    """What is owed, what is listed of it, and what was booked. The company has one, and the model another."""

    def __init__(self) -> None:
        self.owed: dict[str, dict[str, Invoice]] = {code: {} for code in CODES}
        self.elsewhere: dict[str, dict[str, Invoice]] = {code: {} for code in CODES}
        self.listed: dict[str, tuple[Invoice, ...]] = dict.fromkeys(CODES, ())
        self.lags = False
        self.bookings: list[tuple[str, int, int]] = []

    def show(self) -> None:
        """The list catches up, unless it lags."""
        if not self.lags:
            self.listed = {
                code: tuple({**self.elsewhere[code], **self.owed[code]}[key] for key in self._keys(code))
                for code in CODES
            }

    def _keys(self, code: str) -> list[str]:
        return sorted(self.elsewhere[code].keys() | self.owed[code].keys())

    def ask(self, code: str, invoice: Invoice) -> None:
        self.owed[code][invoice.invoice_key] = invoice
        self.show()

    def withdraw(self, code: str, key: str) -> None:
        self.owed[code].pop(key, None)
        self.show()

    def take_elsewhere(self, code: str, key: str, shown: bool) -> None:
        """Another channel pays all of it; the list may say so for ever, or lose it at once."""
        invoice = self.owed[code].pop(key, None)
        if invoice is not None and shown:
            self.elsewhere[code][key] = replace(invoice, paid_by_order="another-channel-1")
        self.show()

    def pay(self, code: str, key: str, part: int, amount: int) -> Rejection | None:
        """Book a payment, or say why not."""
        invoice = self.owed[code].get(key)
        if invoice is None or invoice.part != part:
            return Rejection.ALREADY_PAID
        if amount > invoice.total:
            return Rejection.AMOUNT_CHANGED
        self.bookings.append((key, part, amount))
        del self.owed[code][key]
        if amount < invoice.total:
            self.owed[code][key] = bill(key, invoice.total - amount, part + 1)
        self.show()
        return None


class Company(FakeBiller):
    """The company that the engine talks to."""

    reads: Reads = "up"
    pays: Pays = "up"

    def __init__(self, live: bool) -> None:
        super().__init__(capabilities=replace(ABLE, live_quote=live))
        self.ledger = Ledger()

    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        if self.reads == "down":
            raise ConnectionError
        return Subscriber("Test Test")

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> dict[Reference, Any]:
        if self.reads != "up":
            raise ConnectionError
        return {reference: self.ledger.listed[reference.values["code"]] for reference in references}

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        if self.pays == "lost":
            raise ConnectionError
        refused = self.ledger.pay(order.reference.values["code"], order.invoice_key, order.part, order.amount)
        if refused is None:
            self.booked[order.id] = (order, Receipt(f"R-{order.id}", self.clock.now(), order.amount))
        if self.pays == "silent":
            raise ConnectionError
        return Rejected(refused) if refused is not None else Settled(self.booked[order.id][1])

    @hookimpl
    async def payment_status(self, order: Order) -> StatusReply:
        if self.reads == "down":
            raise ConnectionError
        return Settled(self.booked[order.id][1]) if order.id in self.booked else NotFound()
