"""The model's company: plain JSON over HTTP, on the books that every simulator has."""

import json
import sqlite3
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from faturat import Reference, to_decimal
from faturat.testing.books import Booking, CompanyInvoice
from faturat.testing.cases import Case
from faturat.testing.company import LATE, PENALTY_RISE, Company
from faturat.testing.daily import DailyList


class ModelCompany(Company):
    """Knows a contract by its code, or by district and meter. Takes the whole of an invoice, or it without penalty."""

    def routes(self) -> tuple[web.RouteDef, ...]:
        return tuple(web.post(f"/{name}", self._answer) for name in ("find", "open", "pay", "status", "statement"))

    def settings(self, address: str) -> dict[str, Any]:
        return {"url": address}

    def demo_seed(self) -> None:
        self.seed_cases()

    def contract_of(self, reference: Reference) -> str:
        return "|".join(reference.values.values())

    def case_reference(self, case: Case) -> Reference:
        return Reference("contract", {"code": f"ZZ{list(Case).index(case):02d}"})

    async def _answer(self, request: web.Request) -> web.Response:
        asked, name = await request.json(), request.path[1:]
        contracts = asked.get("contracts", [asked["contract"]] if "contract" in asked else [])
        answers = {
            "find": self._find,
            "open": self._open,
            "pay": self._pay,
            "status": self._status,
            "statement": self._statement,
        }

        def answer() -> web.Response:
            return web.Response(body=json.dumps(answers[name](asked)).encode(), content_type="application/json")

        return await self.serve(request, answer, debits=name == "pay", contracts=contracts)

    def _find(self, asked: dict[str, Any]) -> object:
        return {"name": self._name(asked["contract"])}

    def _open(self, asked: dict[str, Any]) -> object:
        if self.take("changed_total"):
            self.books.raise_penalties(PENALTY_RISE)
        return {
            "contracts": [
                {
                    "contract": contract,
                    "name": self._name(contract),
                    "invoices": [self._invoice(each) for each in self.books.open_invoices(contract)],
                    "paid": [self._paid(booking) for booking in self._bookings(contract)],
                }
                for contract in asked["contracts"]
            ]
        }

    def _pay(self, asked: dict[str, Any]) -> object:
        contract, order = asked["contract"], asked["id"]
        if self.take("changed_total"):
            self.books.raise_penalties(PENALTY_RISE)
        if self.case_of(contract) is Case.CHANGED_TOTAL:
            self.books.raise_penalties(PENALTY_RISE, contract)
        if self.shows("rejects_payment", contract):
            return {"result": "refused"}
        if self.shows("already_paid", contract):
            return {"result": "paid", "booking": {"id": "of-another-channel"}}
        invoice = self.books.invoice(asked["invoice"])
        if invoice is None or invoice.issued.contract != contract:
            return {"result": "refused"}
        earlier = self.books.booking(order) or (invoice.bookings[-1] if invoice.owed <= 0 else None)
        if earlier is not None:
            return {"result": "booked" if earlier.order_id == order else "paid", "booking": booking_of(earlier)}
        if self.books.taken(order):
            return {"result": "later"}
        if (asked["part"], asked["currency"]) != (invoice.part, "ALL"):
            return {"result": "refused"}
        amount = next((each for each in self._accepted(invoice) if to_decimal(each) == asked["amount"]), None)
        if amount is None:
            return {"result": "changed"}
        late = LATE if self.shows("settles_late", contract) else timedelta()
        try:
            booking = self.books.book(order, invoice.issued.key, invoice.part, amount, late)
        except sqlite3.IntegrityError:
            return {"result": "refused"}
        return {"result": "later"} if late else {"result": "booked", "booking": booking_of(booking)}

    def _status(self, asked: dict[str, Any]) -> object:
        booking = self.books.booking(asked["id"])
        return {"result": "none"} if booking is None else {"result": "booked", "booking": booking_of(booking)}

    def _statement(self, asked: dict[str, Any]) -> object:
        return statement_of(self.statement(date.fromisoformat(asked["day"])))

    def _name(self, contract: str) -> str | None:
        return None if self.take("unknown_reference") else self.books.subscriber(contract)

    def _bookings(self, contract: str) -> list[Booking]:
        invoices = ((booking, self.books.invoice(booking.invoice_key)) for booking in self.books.bookings())
        return [booking for booking, invoice in invoices if invoice and invoice.issued.contract == contract]

    def _paid(self, booking: Booking) -> object:
        invoice = self.books.invoice(booking.invoice_key)
        assert invoice is not None
        return booking_of(booking) | {"issued": invoice.issued.issued_on.isoformat()}

    @staticmethod
    def _accepted(invoice: CompanyInvoice) -> tuple[int, ...]:
        penalty = invoice.issued.penalty
        return (invoice.owed, invoice.owed - penalty) if penalty and not invoice.bookings else (invoice.owed,)

    def _invoice(self, invoice: CompanyInvoice) -> object:
        issued = invoice.issued
        principal = 0 if invoice.bookings else issued.amount - issued.discount
        return {
            "number": issued.number,
            "issued": issued.issued_on.isoformat(),
            "due": issued.due_on.isoformat() if issued.due_on else None,
            "part": invoice.part,
            "principal": to_decimal(principal),
            "penalty": to_decimal(invoice.owed - principal),
            "total": to_decimal(invoice.owed),
            "accepted": [to_decimal(each) for each in self._accepted(invoice)],
            "currency": "ALL",
        }


def booking_of(booking: Booking) -> dict[str, Any]:
    return {
        "id": booking.order_id,
        "invoice": booking.invoice_key,
        "amount": to_decimal(booking.amount),
        "currency": "ALL",
        "receipt": booking.receipt,
        "at": booking.settled_at.isoformat(),
    }


def statement_of(listed: DailyList) -> dict[str, Any]:
    return {
        "day": listed.day.isoformat(),
        "count": listed.count,
        "total": to_decimal(listed.total),
        "bookings": [booking_of(booking) for booking in listed.bookings],
    }
