"""A stand-in of the company's side: the assumed service behind mutual TLS, over books that outlive it."""

import sqlite3
import ssl
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from faturat.billers import Reference
from faturat.clock import Clock, company_day
from faturat.errors import BillerError
from faturat.money import to_decimal
from faturat.testing.books import Booking, CompanyContract, CompanyInvoice, IssuedInvoice
from faturat.testing.cases import Case
from faturat.testing.company import LATE, PENALTY_RISE, Company
from faturat_gjobat import certificates, wire
from faturat_gjobat.client import PAYMENTS, SEARCH
from faturat_gjobat.mapping import ALREADY_PAID, CHASSIS, CURRENCY, FINE, NOT_FOUND, OK, PAID, PLATE, VEHICLE
from faturat_gjobat.tariff import Price, price

FRESH = Reference(VEHICLE, {PLATE: "AA123BB", CHASSIS: "TEST0000000000001"})
OVERDUE = Reference(VEHICLE, {PLATE: "AA456BB", CHASSIS: "TEST0000000000002"})
SHEET = "000000301"
COMES_AFTER = timedelta(seconds=100)


class Simulator(Company):
    """The police's service. Its books know a vehicle by plate and chassis number, and a fine by its own number.

    A fine that is of no vehicle stands in them as a contract of its own, under its number. One that was put there
    without `due_on` goes by the day, as the demo's do; one with it costs what the books say, as the magic ones do.
    """

    def __init__(self, data: Path, clock: Clock | None = None) -> None:
        super().__init__(data, clock)
        self._certificates = data.resolve() / "tls"

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.post(SEARCH, self._search),
            web.post(PAYMENTS, self._pay),
            web.get(PAYMENTS, self._list),
            web.get(PAYMENTS + "/{order}", self._ask),
        )

    def tls(self) -> ssl.SSLContext:
        certificates.make(self._certificates)
        return certificates.server_context(self._certificates)

    def settings(self, address: str) -> dict[str, Any]:
        return {
            "url": address,
            "certificate": str(self._certificates / certificates.CLIENT),
            "key": str(self._certificates / certificates.CLIENT_KEY),
            "ca": str(self._certificates / certificates.CA),
        }

    def contract_of(self, reference: Reference) -> str:
        if reference.kind == VEHICLE:
            return _vehicle(reference.values[PLATE], reference.values[CHASSIS])
        return self._contract_of_fine(reference.values[FINE])

    def case_reference(self, case: Case) -> Reference:
        """The plate `MM`, the case's number in three digits, `MM`; the chassis number `M` and it in 16 digits."""
        number = list(Case).index(case) + 1
        return Reference(VEHICLE, {PLATE: f"MM{number:03d}MM", CHASSIS: f"M{number:016d}"})

    def demo_seed(self) -> None:
        """A vehicle with a fine at half its price and one more soon, one with fines that are older, a fine alone."""
        self.seed_cases()
        fresh, overdue = self.contract_of(FRESH), self.contract_of(OVERDUE)
        for contract in (fresh, overdue, SHEET):
            self.books.add_contract(CompanyContract(contract, "Test Test"))
        for contract, number, days_ago, amount in (
            (fresh, "000000101", 5, 5000_00),
            (overdue, "000000201", 45, 2000_00),
            (overdue, "000000202", 20, 1000_00),
            (SHEET, SHEET, 3, 4000_00),
        ):
            self._register(contract, number, days_ago, amount)
        self._register(fresh, "000000102", 0, 3000_00, after=COMES_AFTER)

    def _register(self, contract: str, number: str, days_ago: int, amount: int, after: timedelta = timedelta()) -> None:
        """A fine registered so many days ago, and visible after a while; one of this number stays as it is."""
        self.books.add_invoice(
            IssuedInvoice(
                key=number,
                contract=contract,
                number=number,
                issued_on=self._today() - timedelta(days=days_ago),
                amount=amount,
                visible_from=self.clock.now() + after,
            )
        )

    async def _search(self, request: web.Request) -> web.Response:
        asked = await _read(request, wire.Search)
        if asked.vehicle is not None:
            contract = _vehicle(asked.vehicle.plate, asked.vehicle.chassis)
        else:
            contract = self._contract_of_fine(asked.fine or "")
        return await self.serve(
            request, lambda: _json(self._found(asked, contract)), debits=False, contracts=(contract,)
        )

    async def _pay(self, request: web.Request) -> web.Response:
        asked = await _read(request, wire.Pay)
        contract = self._contract_of_fine(asked.fine)
        return await self.serve(request, lambda: _json(self._paid(asked, contract)), debits=True, contracts=(contract,))

    async def _ask(self, request: web.Request) -> web.Response:
        order = request.match_info["order"]
        return await self.serve(request, lambda: _json(self._booked(order)), debits=False)

    async def _list(self, request: web.Request) -> web.Response:
        try:
            day = date.fromisoformat(request.query.get("day", ""))
        except ValueError as error:
            raise web.HTTPBadRequest(text="bad_day") from error
        return await self.serve(request, lambda: _json(self._daily(day)), debits=False)

    def _daily(self, day: date) -> wire.DailyPayments:
        listed = self.statement(day)
        payments = tuple(_shown(each, each.order_id) for each in listed.bookings)
        return wire.DailyPayments(day=day, count=listed.count, total=to_decimal(listed.total), payments=payments)

    def _found(self, asked: wire.Search, contract: str) -> wire.SearchReply:
        self._raise_penalties()
        subscriber = None if self.take("unknown_reference") else self.books.subscriber(contract)
        if subscriber is None or self._is_paid(asked.fine):
            return wire.SearchReply(result=NOT_FOUND)
        fines = tuple(
            _fine(invoice, self._price(invoice))
            for invoice in self.books.open_invoices(contract)
            if not invoice.bookings and asked.fine in (None, invoice.issued.key)
        )
        return wire.SearchReply(result=OK, subscriber=subscriber, fines=fines)

    def _is_paid(self, fine: str | None) -> bool:
        """Whether a fine's number was asked for that left the system; nobody finds it any more."""
        invoice = self.books.invoice(fine) if fine is not None else None
        return invoice is not None and bool(invoice.bookings)

    def _paid(self, asked: wire.Pay, contract: str) -> wire.PaymentReply:
        self._raise_penalties()
        if self.case_of(contract) is Case.CHANGED_TOTAL:
            self.books.raise_penalties(PENALTY_RISE, contract)
        if self.shows("rejects_payment", contract):
            return wire.PaymentReply(result="REFUSED")
        if self.shows("already_paid", contract):
            other = wire.Payment(order="another-channel-1", fine=asked.fine)
            return wire.PaymentReply(result=ALREADY_PAID, payment=other)
        invoice = None if self.take("unknown_reference") else self.books.invoice(asked.fine)
        if invoice is None:
            return wire.PaymentReply(result="UNKNOWN_FINE")
        if invoice.bookings:
            return wire.PaymentReply(result=ALREADY_PAID, payment=_shown(invoice.bookings[0], asked.order))
        if self.books.taken(asked.order):
            return wire.PaymentReply(result="IN_PROGRESS")
        if asked.currency != CURRENCY:
            return wire.PaymentReply(result="REFUSED")
        total = self._price(invoice).total
        if asked.amount != to_decimal(total):
            return wire.PaymentReply(result="AMOUNT_CHANGED")
        late = LATE if self.shows("settles_late", contract) else timedelta()
        try:
            booking = self.books.book(asked.order, asked.fine, 1, total, late)
        except sqlite3.IntegrityError:  # another payment of it is booked soon
            return wire.PaymentReply(result="REFUSED")
        if late:
            return wire.PaymentReply(result="IN_PROGRESS")
        return wire.PaymentReply(result=PAID, payment=_shown(booking, asked.order))

    def _booked(self, order: str) -> wire.PaymentReply:
        booking = self.books.booking(order)
        if booking is None:
            return wire.PaymentReply(result=NOT_FOUND)
        return wire.PaymentReply(result=PAID, payment=_shown(booking, order))

    def _price(self, invoice: CompanyInvoice) -> Price:
        """What a fine costs now; a penalty in the books, as `changed_total` raises it, comes on top of the day's."""
        issued = invoice.issued
        if issued.due_on is not None:
            return Price(issued.amount, issued.penalty, issued.discount, issued.due_on)
        today = price(issued.amount, issued.issued_on, self._today())
        return Price(today.amount, today.penalty + issued.penalty, today.discount, today.due_on)

    def _today(self) -> date:
        return company_day(self.clock.now())

    def _contract_of_fine(self, number: str) -> str:
        """The vehicle that a fine is of, or its own number."""
        invoice = self.books.invoice(number)
        return number if invoice is None else invoice.issued.contract

    def _raise_penalties(self) -> None:
        if self.take("changed_total"):
            self.books.raise_penalties(PENALTY_RISE)


def _vehicle(plate: str, chassis: str) -> str:
    return f"{plate} {chassis}"


def _fine(invoice: CompanyInvoice, today: Price) -> wire.Fine:
    return wire.Fine(
        number=invoice.issued.key,
        registered_on=invoice.issued.issued_on,
        due_on=today.due_on,
        amount=to_decimal(today.amount),
        penalty=to_decimal(today.penalty),
        discount=to_decimal(today.discount),
        total=to_decimal(today.total),
        currency=CURRENCY,
    )


def _shown(booking: Booking, order: str) -> wire.Payment:
    """A booked payment, to whoever asks with its order id; to anybody else only that it is there."""
    if booking.order_id != order:
        return wire.Payment(order=booking.order_id, fine=booking.invoice_key)
    return wire.Payment(
        order=booking.order_id,
        fine=booking.invoice_key,
        amount=to_decimal(booking.amount),
        currency=CURRENCY,
        receipt=booking.receipt,
        settled_at=booking.settled_at,
    )


async def _read(request: web.Request, kind: type[wire.M]) -> wire.M:
    try:
        return wire.parse(await request.read(), kind)
    except BillerError as error:
        raise web.HTTPBadRequest(text=error.why) from error


def _json(message: wire.Message) -> web.Response:
    return web.Response(body=wire.build(message), content_type="application/json")
