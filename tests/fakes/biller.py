"""A biller in memory whose capabilities, invoices and faults a test sets."""

from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from fakes.clock import FakeClock
from fakes.faults import Script
from faturat import (
    Biller,
    BillerError,
    CallLimit,
    Capabilities,
    Invoice,
    LookAlike,
    NotFound,
    Order,
    Outcome,
    PayChoice,
    PayChoices,
    Receipt,
    Reference,
    ReferenceField,
    ReferenceKind,
    Rejected,
    Rejection,
    Settled,
    StatusReply,
    Subscriber,
    Text,
    UnknownReference,
    hookimpl,
)

CODE = ReferenceField(
    id="code",
    label=Text("Kodi", "Code"),
    help=Text("faqja e parë e faturës", "the first page of the invoice"),
    example="AB12",
    uppercase=True,
    look_alikes=(LookAlike("[0-9]{9}", Text("Duket si numri i faturës.", "This looks like the invoice's number.")),),
)
ABLE = Capabilities(
    status_inquiry=True, live_quote=True, max_bulk=3, not_found_final_after=timedelta(minutes=5), parts=True
)


def make_invoice(key: str = "F1", total: int = 170_740, **changes: Any) -> Invoice:
    facts: dict[str, Any] = {
        "invoice_key": key,
        "number": key,
        "issued_on": date(2018, 8, 1),
        "amount": total,
        "total": total,
        "currency": "ALL",
        "payable": PayChoices((PayChoice(total, Text("Totali", "Total")),)),
    }
    return Invoice(**(facts | changes))


class FakeBiller:
    class Settings(Struct):
        pass

    api = 1

    def __init__(self, settings: Settings | None = None, capabilities: Capabilities = ABLE) -> None:
        self.capabilities = capabilities
        self.call_limit: CallLimit | None = None
        self.subscribers = {"AB12": "Test Test"}
        self.invoices: dict[str, list[Invoice]] = {"AB12": [make_invoice()]}
        self.booked: dict[str, tuple[Order, Receipt]] = {}
        self.pay_calls: list[str] = []
        self.reject: Rejection | None = None
        self.script = Script()
        self.clock = FakeClock()
        self.bulks: list[int] = []

    async def open(self, context: Any) -> None: ...

    async def close(self) -> None: ...

    @hookimpl
    def describe_biller(self) -> Biller:
        kinds = (
            ReferenceKind("contract", Text("Kontrata", "Contract"), (CODE,)),
            ReferenceKind("slip", Text("Fletë", "Slip"), (CODE,), registrable=False),
        )
        return Biller("fake", "Fake", kinds, self.capabilities, call_limit=self.call_limit)

    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        name = self.subscribers.get(reference.values["code"])
        if name is None:
            raise UnknownReference
        return Subscriber(name)

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> dict[Reference, Any]:
        self.bulks.append(len(references))
        fault = self.script.before()
        self.script.after(fault)
        answers: dict[Reference, Any] = {}
        for reference in references:
            code = reference.values["code"]
            unknown = BillerError("unknown")
            answers[reference] = tuple(self.invoices[code]) if code in self.invoices else unknown
        return answers

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        self.pay_calls.append(order.id)
        fault = self.script.before()
        outcome = self._pay(order)
        self.script.after(fault)
        return outcome

    def _pay(self, order: Order) -> Outcome:
        if order.id in self.booked and self.capabilities.idempotent_pay:
            return Settled(self.booked[order.id][1])
        if self.reject is not None:
            return Rejected(self.reject)
        rows = self.invoices[order.reference.values["code"]]
        if not any(row.invoice_key == order.invoice_key for row in rows):
            return Rejected(Rejection.ALREADY_PAID)
        receipt = Receipt(f"R-{order.id}", self.clock.now(), order.amount)
        self.booked[order.id] = (order, receipt)
        self.invoices[order.reference.values["code"]] = [r for r in rows if r.invoice_key != order.invoice_key]
        return Settled(receipt)

    @hookimpl
    async def payment_status(self, order: Order) -> StatusReply:
        fault = self.script.before()
        self.script.after(fault)
        return Settled(self.booked[order.id][1]) if order.id in self.booked else NotFound()
