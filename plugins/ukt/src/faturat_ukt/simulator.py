"""A stand-in of UKT's side: the assumed REST interface over books that outlive it, tokens that do not."""

import math
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from faturat.billers import Reference
from faturat.clock import Clock
from faturat.errors import BillerError
from faturat.money import to_decimal
from faturat.testing.books import Booking, CompanyContract, CompanyInvoice, IssuedInvoice
from faturat.testing.cases import Case
from faturat.testing.company import LATE, PENALTY_RISE, Company
from faturat_ukt import wire
from faturat_ukt.mapping import (
    ALREADY_PAID,
    AMOUNT_CHANGED,
    CONTRACT_NUMBER,
    CURRENCY,
    PROCESSING,
    REFUSED,
    SETTLED,
    UNKNOWN_CONTRACT,
    UNKNOWN_INVOICE,
    contract_number,
)

CURRENT_CONTRACT = "1000001"
OVERDUE_CONTRACT = "1000002"
COMES_AFTER = timedelta(seconds=100)
TOKEN_LIFE = timedelta(hours=1)
PAGE = 50
"""Invoices on a page."""
LOGIN = ("bank", "simulated")
"""The client id and secret of the bank."""
LINES = {
    "Furnizimi me ujë": 55,
    "Kanalizimet": 15,
    "Tarifa e pastrimit": 15,
    "Taksa e ndërtesës": 10,
    "Taksa e infrastrukturës arsimore": 5,
}
"""What an invoice is made of, in parts of a hundred; the first takes the rest."""


class Simulator(Company):
    """UKT's interface. Its books know a contract and an invoice by their numbers."""

    def __init__(self, data: Path, clock: Clock | None = None) -> None:
        super().__init__(data, clock)
        self.tokens_issued = 0
        self._tokens: dict[str, datetime] = {}
        self._taken_until_expiry = math.inf

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.post("/oauth/token", self._token),
            web.get("/v1/contracts/{number}", self._contract),
            web.get("/v1/contracts/{number}/invoices", self._invoices),
            web.post("/v1/payments", self._payments),
            web.get("/v1/statements/{day}", self._statements),
        )

    def settings(self, address: str) -> dict[str, Any]:
        return {"url": address, "client_id": LOGIN[0], "client_secret": LOGIN[1]}

    def contract_of(self, reference: Reference) -> str:
        return contract_number(reference)

    def case_reference(self, case: Case) -> Reference:
        """`9` and the case's number in 6 digits."""
        return Reference(CONTRACT_NUMBER, {CONTRACT_NUMBER: f"9{list(Case).index(case) + 1:06d}"})

    def number(self, running: int) -> str:
        return f"U-{running:09d}"

    def demo_seed(self) -> None:
        """A contract with one invoice and another soon after the first start, and a contract that is overdue."""
        self.seed_cases()
        for contract in (CURRENT_CONTRACT, OVERDUE_CONTRACT):
            self.books.add_contract(CompanyContract(contract, "Test Test"))
        self._issue(1, CURRENT_CONTRACT, 1862_40, age=20)
        self._issue(2, CURRENT_CONTRACT, 1905_70, age=0, visible_from=self.clock.now() + COMES_AFTER)
        self._issue(3, OVERDUE_CONTRACT, 2140_00, age=60, penalty=42_80)
        self._issue(4, OVERDUE_CONTRACT, 1990_15, age=30)

    def expire_tokens(self, after: int = 0) -> None:
        """Forget every token, now or once so many more requests were taken."""
        self._taken_until_expiry = after
        self._expire_if_due()

    def _issue(self, running: int, contract: str, amount: int, *, age: int, **more: Any) -> None:
        """An invoice issued `age` days ago and due 30 days after that; amounts in minor units."""
        issued_on = self.clock.now().date() - timedelta(days=age)
        number, due_on = self.number(running), issued_on + timedelta(days=30)
        self.books.add_invoice(
            IssuedInvoice(
                key=number, contract=contract, number=number, issued_on=issued_on, due_on=due_on, amount=amount, **more
            )
        )

    async def _token(self, request: web.Request) -> web.Response:
        """No fault touches it: those of FAULTS are about contracts and payments."""
        if request.headers.get("Authorization") != wire.login(*LOGIN):
            return _json(401, wire.Problem(error="invalid_client"))
        if await request.read() != wire.TOKEN_REQUEST:
            return _json(400, wire.Problem(error="unsupported_grant_type"))
        token = secrets.token_urlsafe(24)
        self._tokens[token] = self.clock.now() + TOKEN_LIFE
        self.tokens_issued += 1
        life = int(TOKEN_LIFE.total_seconds())
        return _json(200, wire.Token(access_token=token, token_type=wire.BEARER, expires_in=life))

    def _takes(self, request: web.Request) -> bool:
        """Whether a request carries a token that lives."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self._tokens or self._tokens[token] <= self.clock.now():
            return False
        self._taken_until_expiry -= 1
        self._expire_if_due()
        return True

    def _expire_if_due(self) -> None:
        if self._taken_until_expiry <= 0:
            self._tokens.clear()
            self._taken_until_expiry = math.inf

    async def _contract(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        return await self._answer(request, number, lambda: self._find(number))

    async def _invoices(self, request: web.Request) -> web.Response:
        number, page = request.match_info["number"], request.query.get("page", "1")
        return await self._answer(request, number, lambda: self._list(number, page))

    async def _payments(self, request: web.Request) -> web.Response:
        key = request.headers.get("Idempotency-Key", "")
        try:
            asked = wire.parse(await request.read(), wire.Payment)
        except BillerError as error:
            return _json(400, wire.Problem(error=error.why))
        if not key:
            return _json(400, wire.Problem(error="key_required"))
        return await self._answer(request, asked.contract, lambda: self._pay(key, asked), debits=True)

    async def _statements(self, request: web.Request) -> web.Response:
        try:
            day = date.fromisoformat(request.match_info["day"])
        except ValueError:
            return _json(400, wire.Problem(error="bad_day"))
        return await self._answer(request, "", lambda: self._daily(day))

    async def _answer(
        self, request: web.Request, contract: str, answer: Callable[[], web.Response], debits: bool = False
    ) -> web.Response:
        """401 before anything is done, else what `serve` makes of the answer."""
        if not self._takes(request):
            return _json(401, wire.Problem(error="invalid_token"))
        return await self.serve(request, answer, debits=debits, contracts=(contract,))

    def _find(self, number: str) -> web.Response:
        subscriber = self._subscriber(number)
        if subscriber is None:
            return _json(404, wire.Problem(error=UNKNOWN_CONTRACT))
        return _json(200, wire.Contract(contract=number, subscriber=subscriber))

    def _list(self, number: str, page: str) -> web.Response:
        if self._subscriber(number) is None:
            return _json(404, wire.Problem(error=UNKNOWN_CONTRACT))
        self._raise_penalties()
        invoices = self.books.open_invoices(number)
        pages = max(1, math.ceil(len(invoices) / PAGE))
        if page not in map(str, range(1, pages + 1)):
            return _json(404, wire.Problem(error="unknown_page"))
        start = (int(page) - 1) * PAGE
        said = wire.InvoicePage(
            contract=number,
            page=int(page),
            pages=pages,
            count=len(invoices),
            owed=to_decimal(sum(invoice.owed for invoice in invoices)),
            items=tuple(map(_open_invoice, invoices[start : start + PAGE])),
        )
        return _json(200, said)

    def _pay(self, key: str, asked: wire.Payment) -> web.Response:
        if self.books.taken(key):
            return self._pay_again(key, asked)
        self._raise_penalties()
        if self._subscriber(asked.contract) is None:
            return _json(422, wire.Problem(error=UNKNOWN_CONTRACT))
        if self.case_of(asked.contract) is Case.CHANGED_TOTAL:
            self.books.raise_penalties(PENALTY_RISE, asked.contract)
        if self.shows("rejects_payment", asked.contract):
            return _json(422, wire.Problem(error=REFUSED))
        if self.shows("already_paid", asked.contract):
            return _paid_by("another-channel-1", asked.invoice)
        invoice = self.books.invoice(asked.invoice)
        if invoice is None or invoice.issued.contract != asked.contract:
            return _json(422, wire.Problem(error=UNKNOWN_INVOICE))
        if invoice.owed <= 0:
            return _paid_by(invoice.bookings[-1].order_id, asked.invoice)
        if asked.currency != CURRENCY:
            return _json(422, wire.Problem(error=REFUSED))
        if asked.amount != to_decimal(invoice.owed):
            return _json(422, wire.Problem(error=AMOUNT_CHANGED))
        late = LATE if self.shows("settles_late", asked.contract) else timedelta()
        try:
            booking = self.books.book(key, asked.invoice, invoice.part, invoice.owed, late)
        except sqlite3.IntegrityError:  # another payment of it is booked soon
            return _json(422, wire.Problem(error=REFUSED))
        return _processing(key, asked) if late else _json(201, _booked(booking, asked.contract))

    def _pay_again(self, key: str, asked: wire.Payment) -> web.Response:
        """A key that was there before: what it brought then, or will bring. Another payment under it is refused."""
        booking = self.books.booking(key)
        if booking is None:
            return _processing(key, asked)
        if (booking.invoice_key, to_decimal(booking.amount)) != (asked.invoice, asked.amount):
            return _json(422, wire.Problem(error="key_reused"))
        return _json(200, _booked(booking, asked.contract))

    def _daily(self, day: date) -> web.Response:
        listed = self.statement(day)
        end = wire.StatementEnd(day.isoformat(), str(listed.count), to_decimal(listed.total))
        body = wire.build_statement(map(_row, listed.bookings), end)
        return web.Response(body=body, content_type="text/csv", charset="utf-8")

    def _subscriber(self, number: str) -> str | None:
        return None if self.take("unknown_reference") else self.books.subscriber(number)

    def _raise_penalties(self) -> None:
        if self.take("changed_total"):
            self.books.raise_penalties(PENALTY_RISE)


def _lines(amount: int) -> Iterator[wire.Line]:
    """The lines of an invoice, adding up to its amount; none that is nothing."""
    shares = {label: amount * part // 100 for label, part in LINES.items()}
    shares[next(iter(LINES))] += amount - sum(shares.values())
    return (wire.Line(label=label, amount=to_decimal(share)) for label, share in shares.items() if share)


def _open_invoice(invoice: CompanyInvoice) -> wire.OpenInvoice:
    issued = invoice.issued
    return wire.OpenInvoice(
        invoice=issued.number,
        issued_on=issued.issued_on,
        due_on=issued.due_on,
        lines=tuple(_lines(issued.amount)),
        amount=to_decimal(issued.amount),
        penalty=to_decimal(issued.penalty),
        total=to_decimal(invoice.owed),
        currency=CURRENCY,
    )


def _booked(booking: Booking, contract: str) -> wire.BookedPayment:
    return wire.BookedPayment(
        order_id=booking.order_id,
        invoice=booking.invoice_key,
        status=SETTLED,
        contract=contract,
        amount=to_decimal(booking.amount),
        currency=CURRENCY,
        receipt=booking.receipt,
        settled_at=booking.settled_at,
    )


def _row(booking: Booking) -> wire.StatementRow:
    return wire.StatementRow(
        order_id=booking.order_id,
        invoice=booking.invoice_key,
        amount=to_decimal(booking.amount),
        currency=CURRENCY,
        receipt=booking.receipt,
        settled_at=booking.settled_at.isoformat(),
    )


def _processing(key: str, asked: wire.Payment) -> web.Response:
    return _json(202, wire.BookedPayment(order_id=key, invoice=asked.invoice, status=PROCESSING))


def _paid_by(order_id: str, invoice: str) -> web.Response:
    booked = wire.BookedPayment(order_id=order_id, invoice=invoice)
    return _json(409, wire.Problem(error=ALREADY_PAID, payment=booked))


def _json(status: int, message: wire.Message) -> web.Response:
    return web.Response(body=wire.build(message), status=status, content_type="application/json")
