"""A stand-in of OSHEE's side: the assumed SOAP service over books that outlive it."""

import sqlite3
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from aiohttp import web

from faturat.billers import Reference
from faturat.errors import BillerError
from faturat.money import to_decimal
from faturat.testing.books import Booking, CompanyContract, CompanyInvoice, IssuedInvoice
from faturat.testing.cases import Case
from faturat.testing.company import LATE, PENALTY_RISE, Company
from faturat_oshee import wire
from faturat_oshee.mapping import (
    ALREADY_PAID,
    CURRENCY,
    CUSTOMER_CODE,
    NOT_FOUND,
    OK,
    SETTLED,
    UNKNOWN_CUSTOMER,
    customer_code,
)

PATH = "/billing"
GUIDE_CONTRACT = "TR0.A0000000000000"
OVERDUE_CONTRACT = "TR0.B0000000000000"
COMES_AFTER = timedelta(seconds=100)
MOST_OPEN = 5
NEW_NUMBERS = (2, *range(5, 1000))
REQUESTS = (wire.FindContract, wire.ListOpenInvoices, wire.PayInvoice, wire.PaymentStatus, wire.ListPayments)


class Simulator(Company):
    """OSHEE's service. Its books know a contract by its customer code and an invoice by its number."""

    def routes(self) -> tuple[web.RouteDef, ...]:
        return web.post(PATH, self._soap), web.get(PATH, self._wsdl)

    def settings(self, address: str) -> dict[str, Any]:
        return {"url": address + PATH}

    def contract_of(self, reference: Reference) -> str:
        return customer_code(reference)

    def case_reference(self, case: Case) -> Reference:
        """`TR0.M` and the case's number in 13 digits, 18 characters as in the guide's sample."""
        return Reference(CUSTOMER_CODE, {CUSTOMER_CODE: f"TR0.M{list(Case).index(case) + 1:013d}"})

    def demo_seed(self) -> None:
        """The guide's contract and invoice, a contract that is overdue, and one new invoice soon after each start."""
        self.seed_cases()
        today = self.clock.now().date()
        self.books.add_contract(CompanyContract(GUIDE_CONTRACT, "Test Test"))
        self.books.add_contract(CompanyContract(OVERDUE_CONTRACT, "Test Test"))
        guide = IssuedInvoice(
            key="000000001", contract=GUIDE_CONTRACT, number="000000001", issued_on=date(2018, 8, 1), amount=1707_40
        )
        overdue = IssuedInvoice(
            key="000000003",
            contract=OVERDUE_CONTRACT,
            number="000000003",
            issued_on=today - timedelta(days=60),
            due_on=today - timedelta(days=30),
            amount=2350_00,
            penalty=70_50,  # 0.1 % a day for 30 days
        )
        current = IssuedInvoice(
            key="000000004",
            contract=OVERDUE_CONTRACT,
            number="000000004",
            issued_on=today - timedelta(days=10),
            due_on=today + timedelta(days=20),
            amount=1984_20,
        )
        for invoice in (guide, overdue, current):
            self.books.add_invoice(invoice)
        if len(self.books.open_invoices(GUIDE_CONTRACT)) < MOST_OPEN:
            next(number for number in NEW_NUMBERS if self.books.add_invoice(self._coming(f"{number:09d}")))

    def _coming(self, number: str) -> IssuedInvoice:
        """An invoice that appears late enough for a newcomer to have registered the contract by then."""
        now = self.clock.now()
        return IssuedInvoice(
            key=number,
            contract=GUIDE_CONTRACT,
            number=number,
            issued_on=now.date(),
            due_on=now.date() + timedelta(days=30),
            amount=1832_60,
            visible_from=now + COMES_AFTER,
        )

    async def _wsdl(self, request: web.Request) -> web.Response:
        if "wsdl" not in request.query:
            raise web.HTTPNotFound
        text = files("faturat_oshee").joinpath("oshee.wsdl").read_text(encoding="utf-8")
        address = f"{request.url.origin()}{PATH}"
        return web.Response(text=text.replace("https://oshee.example/billing", address), content_type="text/xml")

    async def _soap(self, request: web.Request) -> web.Response:
        try:
            asked = wire.parse(await request.read(), *REQUESTS)
        except BillerError as error:
            return _xml(wire.build_fault("Client", error.why), status=500)
        pays = isinstance(asked, wire.PayInvoice)
        return await self.serve(
            request, lambda: _xml(wire.build(self._answer(asked))), debits=pays, contracts=_contracts(asked)
        )

    def _answer(self, asked: wire.Message) -> wire.Message:
        match asked:
            case wire.FindContract():
                return self._find(asked)
            case wire.ListOpenInvoices():
                return self._list(asked)
            case wire.PayInvoice():
                return self._pay(asked)
            case wire.PaymentStatus():
                return self._status(asked)
            case wire.ListPayments():
                return self._statement(date.fromisoformat(asked.day))
        raise TypeError("parse() reads nothing but REQUESTS")

    def _find(self, asked: wire.FindContract) -> wire.FindContractResponse:
        subscriber = self._subscriber(asked.customer_code)
        if subscriber is None:
            return wire.FindContractResponse(result=UNKNOWN_CUSTOMER)
        return wire.FindContractResponse(result=OK, subscriber=subscriber)

    def _list(self, asked: wire.ListOpenInvoices) -> wire.ListOpenInvoicesResponse:
        self._raise_penalties()
        return wire.ListOpenInvoicesResponse(customer=tuple(map(self._customer, asked.customer_code)))

    def _customer(self, code: str) -> wire.Customer:
        if self._subscriber(code) is None:
            return wire.Customer(customer_code=code, result=UNKNOWN_CUSTOMER)
        invoices = tuple(map(_open_invoice, self.books.open_invoices(code)))
        return wire.Customer(customer_code=code, result=OK, open_invoice=invoices)

    def _pay(self, asked: wire.PayInvoice) -> wire.PayInvoiceResponse:
        self._raise_penalties()
        code = asked.customer_code
        if self._subscriber(code) is None:
            return wire.PayInvoiceResponse(result=UNKNOWN_CUSTOMER)
        if self.case_of(code) is Case.CHANGED_TOTAL:
            self.books.raise_penalties(PENALTY_RISE, code)
        if self.shows("rejects_payment", code):
            return wire.PayInvoiceResponse(result="REFUSED")
        if self.shows("already_paid", code):
            other = wire.BookedPayment(payment_id="another-channel-1", invoice_number=asked.invoice_number)
            return wire.PayInvoiceResponse(result=ALREADY_PAID, booked_payment=(other,))
        invoice = self.books.invoice(asked.invoice_number)
        if invoice is None or invoice.issued.contract != asked.customer_code:
            return wire.PayInvoiceResponse(result="UNKNOWN_INVOICE")
        earlier = next((booking for booking in invoice.bookings if str(booking.part) == asked.part), None)
        if earlier is not None or invoice.owed <= 0:
            booked = _booked_payment(earlier or invoice.bookings[-1])
            return wire.PayInvoiceResponse(result=ALREADY_PAID, booked_payment=(booked,))
        if self.books.taken(asked.payment_id):
            return wire.PayInvoiceResponse(result="IN_PROGRESS")
        if asked.part != str(invoice.part) or asked.currency != CURRENCY:
            return wire.PayInvoiceResponse(result="REFUSED")
        amount = next((each for each in _accepted(invoice) if to_decimal(each) == asked.amount), None)
        if amount is None:
            return wire.PayInvoiceResponse(result="AMOUNT_CHANGED")
        late = LATE if self.shows("settles_late", code) else timedelta()
        try:
            booking = self.books.book(asked.payment_id, invoice.issued.key, invoice.part, amount, late)
        except sqlite3.IntegrityError:  # another payment of it is booked soon
            return wire.PayInvoiceResponse(result="REFUSED")
        if late:
            return wire.PayInvoiceResponse(result="IN_PROGRESS")
        return wire.PayInvoiceResponse(result=SETTLED, booked_payment=(_booked_payment(booking),))

    def _status(self, asked: wire.PaymentStatus) -> wire.PaymentStatusResponse:
        booking = self.books.booking(asked.payment_id)
        if booking is None:
            return wire.PaymentStatusResponse(result=NOT_FOUND)
        return wire.PaymentStatusResponse(result=SETTLED, booked_payment=(_booked_payment(booking),))

    def _statement(self, day: date) -> wire.ListPaymentsResponse:
        listed = self.statement(day)
        return wire.ListPaymentsResponse(
            day=day.isoformat(),
            count=str(listed.count),
            total=to_decimal(listed.total),
            booked_payment=tuple(map(_booked_payment, listed.bookings)),
        )

    def _subscriber(self, code: str) -> str | None:
        return None if self.take("unknown_reference") else self.books.subscriber(code)

    def _raise_penalties(self) -> None:
        if self.take("changed_total"):
            self.books.raise_penalties(PENALTY_RISE)


def _contracts(asked: wire.Message) -> tuple[str, ...]:
    """The customer codes that a request is about."""
    match asked:
        case wire.ListOpenInvoices():
            return asked.customer_code
        case wire.FindContract() | wire.PayInvoice():
            return (asked.customer_code,)
    return ()


def _principal(invoice: CompanyInvoice) -> int:
    """What is owed of the principal: all of it, or nothing once a first payment is booked."""
    return 0 if invoice.bookings else invoice.issued.amount


def _accepted(invoice: CompanyInvoice) -> tuple[int, ...]:
    """The amounts that may be paid now (oshee.al): all that is owed, or the principal alone."""
    principal = _principal(invoice)
    return (invoice.owed, principal) if principal else (invoice.owed,)


def _open_invoice(invoice: CompanyInvoice) -> wire.OpenInvoice:
    issued = invoice.issued
    return wire.OpenInvoice(
        invoice_number=issued.number,
        issued_on=issued.issued_on.isoformat(),
        due_on=issued.due_on.isoformat() if issued.due_on else "",
        part=str(invoice.part),
        principal=to_decimal(_principal(invoice)),
        penalty=to_decimal(invoice.owed - _principal(invoice)),
        total=to_decimal(invoice.owed),
        currency=CURRENCY,
    )


def _booked_payment(booking: Booking) -> wire.BookedPayment:
    return wire.BookedPayment(
        payment_id=booking.order_id,
        invoice_number=booking.invoice_key,
        part=str(booking.part),
        amount=to_decimal(booking.amount),
        currency=CURRENCY,
        receipt_number=booking.receipt,
        settled_at=booking.settled_at.isoformat(),
    )


def _xml(envelope: bytes, status: int = 200) -> web.Response:
    return web.Response(body=envelope, status=status, content_type="text/xml", charset="utf-8")
