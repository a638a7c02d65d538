"""The companies' side: bills, bookings, refusals. Plain functions; the network brings requests to them."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from faturat import (
    Biller,
    BillerError,
    Invoice,
    NotFound,
    Order,
    Outcome,
    PayChoice,
    PayChoices,
    Pending,
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
)
from simulation.swarm import CompanyTraits

CODES = ("A1", "A2", "A3", "A4", "A5")
_FIELD = ReferenceField(id="code", label=Text("Kodi", "Code"), help=Text("fatura", "the invoice"), example="A1")
_KINDS = (ReferenceKind("contract", Text("Kontrata", "Contract"), (_FIELD,)),)
_WORD = Text("Shuma", "Amount")


@dataclass
class Bill:
    key: str
    code: str
    total: int
    part: int = 1
    open: bool = True
    always_listed: bool = True
    """False once some complete answer did not name it as it now stands."""


@dataclass(frozen=True)
class Booking:
    order: Order
    receipt: Receipt
    at: float


@dataclass
class Company:
    traits: CompanyTraits
    random: Random
    now: Callable[[], float]
    moment: Callable[[], datetime]
    after: Callable[..., None]
    refuses: Callable[[], bool]
    booked_now: Callable[[Order], None]
    bills: dict[str, Bill] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    answers: dict[str, Outcome] = field(default_factory=dict)
    """By order id, once it is decided: a refusal is as final as a booking."""
    accepted: dict[str, Order] = field(default_factory=dict)
    known_since: dict[str, float] = field(default_factory=dict)
    arrivals: Counter[str] = field(default_factory=Counter)
    down: bool = False
    booked_by: defaultdict[str, list[Booking]] = field(default_factory=lambda: defaultdict(list))
    booked_at: defaultdict[tuple[str, int], list[Booking]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.name = self.traits.name
        self.biller = Biller(self.name, self.name.title(), _KINDS, self.traits.able)
        for code in (*CODES, *CODES[:3]):
            self.issue(code)

    def issue(self, code: str) -> Bill:
        bill = Bill(f"{self.name}-{len(self.bills) + 1}", code, self.random.randrange(2, 400) * 100)
        self.bills[bill.key] = bill
        return bill

    def change_total(self) -> None:
        if chosen := self._some_open():
            chosen.total = max(200, chosen.total + self.random.choice((-100, 100, 5000)))

    def pay_elsewhere(self) -> None:
        if chosen := self._some_open():
            chosen.open = chosen.always_listed = False

    def _some_open(self) -> Bill | None:
        found = [bill for bill in self.bills.values() if bill.open]
        return self.random.choice(found) if found else None

    # what is asked of it
    def find(self, reference: Reference) -> Subscriber:
        self._answering()
        if reference.values["code"] not in CODES:
            raise UnknownReference
        return Subscriber("Test Test")

    def invoices(self, references: tuple[Reference, ...]) -> dict[Reference, Any]:
        self._answering()
        return {each: self.listed(each.values["code"]) for each in references}

    def listed(self, code: str) -> tuple[Invoice, ...]:
        found = [self._invoice(bill) for bill in self.bills.values() if bill.code == code and bill.open]
        if self.traits.shows_booked:
            taken = {invoice.invoice_key for invoice in found}
            found += [
                self._booked(each)
                for each in self.bookings
                if each.order.reference.values["code"] == code and each.order.invoice_key not in taken
            ]
        return tuple({invoice.invoice_key: invoice for invoice in found}.values())

    def _invoice(self, bill: Bill) -> Invoice:
        amounts = (bill.total, bill.total // 2) if self.traits.able.parts and bill.part < 3 else (bill.total,)
        payable = PayChoices(tuple(PayChoice(amount, _WORD) for amount in amounts))
        day = date(2026, 11, 1)
        return Invoice(bill.key, bill.key, day, bill.total, bill.total, "ALL", payable, part=bill.part)

    def _booked(self, booking: Booking) -> Invoice:
        order = booking.order
        only = PayChoices((PayChoice(order.amount, _WORD),))
        return Invoice(
            order.invoice_key, booking.receipt.number, date(2026, 11, 1), order.amount, order.amount, "ALL", only,
            part=order.part, paid_by_order=order.id,
        )  # fmt: skip

    def pay(self, order: Order) -> Outcome:
        self._answering()
        self.arrivals[order.id] += 1
        self.known_since.setdefault(order.id, self.now())
        if self.traits.able.idempotent_pay and (before := self.answers.get(order.id)) is not None:
            again = isinstance(before, Settled) and self.traits.says_already_paid
            return Rejected(Rejection.ALREADY_PAID) if again else before
        if self.traits.able.idempotent_pay and order.id in self.accepted:
            return Pending()
        if (no := self._refusal(order)) is not None:
            return self._remember(order, Rejected(no))
        if (later := self.traits.able.settles_later) is not None:
            self.accepted[order.id] = order
            self.after(later.total_seconds() * self.random.random(), self.decide, order)
            return Pending()
        return self.book(order)

    def status(self, order: Order) -> StatusReply:
        self._answering()
        since = self.known_since.get(order.id)
        if since is None or self.now() < since + self.traits.status_lag:
            return NotFound()
        return self.answers.get(order.id, Pending())

    def decide(self, order: Order) -> Outcome:
        """Settle an accepted order, or refuse it."""
        if self.traits.checks_invoice and order.id in self.answers:
            return self.answers[order.id]
        no = self._refusal(order)
        return self.book(order) if no is None else self._remember(order, Rejected(no))

    def book(self, order: Order) -> Outcome:
        bill = self.bills[order.invoice_key]
        receipt = Receipt(f"R{len(self.bookings)}-{order.id[-6:]}", self.moment(), order.amount)
        booking = Booking(order, receipt, self.now())
        self.bookings.append(booking)
        self.booked_by[order.id].append(booking)
        self.booked_at[order.invoice_key, order.part].append(booking)
        self.booked_now(order)
        if self.traits.able.parts and order.amount < bill.total:
            bill.total -= order.amount
            bill.part += 1
        else:
            bill.open = False
        bill.always_listed = False
        return self._remember(order, Settled(receipt))

    def _remember(self, order: Order, outcome: Outcome) -> Outcome:
        # a company that is not idempotent books each request anew, and remembers what it did first
        return self.answers.setdefault(order.id, outcome)

    def _refusal(self, order: Order) -> Rejection | None:
        bill = self.bills[order.invoice_key]
        if self.refuses():
            return Rejection.NOT_ACCEPTED
        if not self.traits.checks_invoice:
            return None
        if not bill.open or bill.part != order.part:
            return Rejection.ALREADY_PAID
        return None if self._invoice(bill).payable.accepts(order.amount) else Rejection.AMOUNT_CHANGED

    def _answering(self) -> None:
        if self.down:
            raise BillerError("http_503")


def moment_of(now: float) -> datetime:
    return START + timedelta(seconds=now)


START = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
