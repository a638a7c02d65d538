"""A stand-in of DIGITALB's side: the assumed service, which signs what it says, over books that outlive it."""

import re
import sqlite3
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from aiohttp import web
from msgspec import Struct

from faturat.billers import Reference
from faturat.clock import Clock
from faturat.errors import BillerError
from faturat.money import to_decimal
from faturat.testing.books import Booking, CompanyContract, CompanyInvoice, IssuedInvoice
from faturat.testing.cases import Case
from faturat.testing.company import LATE, PENALTY_RISE, Company
from faturat_digitalb import signature, wire
from faturat_digitalb.client import CLOCK_SKEW
from faturat_digitalb.mapping import (
    ALREADY_PAID,
    AMOUNT_CHANGED,
    CONTRACT_NUMBER,
    CURRENCY,
    OK,
    REFUSED,
    SMARTCARD_NUMBER,
    UNKNOWN_CONTRACT,
    contract_number,
)

PATH = "/billing"
KEY_ID = "simulated"
SHARED = "known to everybody who reads the simulator's source"
"""The shared secret; this company has nothing to protect."""

CONTRACTS = ("1000001", "1000002", "1000003")
HISTORY = timedelta(days=60)
"""How far back a contract's booked instalments are shown."""
COUNTER = "counter-"
"""How the books' order ids begin for what was paid in cash; the service shows no id of those."""
_CARD = re.compile(r"[0-9]{11}", re.ASCII)


class Sealed(Struct, frozen=True):
    """A reply as it left."""

    status: int
    body: bytes
    headers: dict[str, str]


class Simulator(Company):
    """DIGITALB's service. Its books know a contract and an instalment by their numbers.

    Every number of 11 digits, grouped or not, is one of its smart cards.
    """

    own_faults: ClassVar[dict[str, str]] = {
        "clock_skew": "refuses a request as one whose date lies outside the window",
        "bad_signature": "signs a reply with another secret",
        "no_signature": "sends a reply without a signature",
        "stale_reply": "dates a reply just before the window",
        "replayed_reply": "sends the reply before once more, as it left then",
    }

    def __init__(self, data: Path, clock: Clock | None = None) -> None:
        super().__init__(data, clock)
        self._last: Sealed | None = None

    def routes(self) -> tuple[web.RouteDef, ...]:
        return tuple(web.post(PATH + kind.path, partial(self._asked, kind)) for kind in wire.REQUESTS)

    def settings(self, address: str) -> dict[str, Any]:
        return {"url": address + PATH, "key_id": KEY_ID, "secret": SHARED}

    def contract_of(self, reference: Reference) -> str:
        return contract_number(reference)

    def case_reference(self, case: Case) -> Reference:
        """`90000` and the case's number in two digits."""
        return Reference(CONTRACT_NUMBER, {CONTRACT_NUMBER: f"90000{list(Case).index(case) + 1:02d}"})

    def demo_seed(self) -> None:
        """One contract with one instalment, one that owes two, one that paid the coming month at a counter."""
        self.seed_cases()
        one, two, paid = CONTRACTS
        for contract in CONTRACTS:
            self.books.add_contract(CompanyContract(contract, "Test Test"))
        today = self.clock.now().date()
        for running, contract, days_ago, amount in (
            (1, one, 5, 1200_00),
            (2, two, 35, 1750_00),
            (3, two, 5, 1750_00),
            (4, paid, 5, 990_00),
        ):
            number, issued = self.number(running), today - timedelta(days=days_ago)
            self.books.add_invoice(
                IssuedInvoice(key=number, contract=contract, number=number, issued_on=issued, amount=amount)
            )
        if not self.books.taken(COUNTER + "1"):
            self.books.book(COUNTER + "1", self.number(4), 1, 990_00)

    def seal(self, response: web.Response) -> web.Response:
        """Date and sign a reply; `_reply` put the request's nonce into its headers."""
        if self._last is not None and self.take("replayed_reply"):
            return web.Response(status=self._last.status, body=self._last.body, headers=self._last.headers)
        assert isinstance(response.body, bytes), "every answer has a body of bytes"
        nonce = response.headers[signature.NONCE]
        now = self.clock.now()
        if self.take("stale_reply"):
            now -= signature.WINDOW + timedelta(seconds=1)
        date, secret = signature.write_date(now), SHARED
        if self.take("bad_signature"):
            secret += "?"
        response.headers[signature.DATE] = date
        if not self.take("no_signature"):
            signed = signature.sign(secret, str(response.status), date, nonce, body=response.body)
            response.headers[signature.SIGNATURE] = signed
        self._last = Sealed(response.status, response.body, dict(response.headers))
        return response

    async def _asked(self, kind: type[wire.Request], request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if code := self._refusal(request, body):
            return self.seal(_reply(request, wire.Refusal(code=code), 401))
        try:
            asked = wire.parse(body, kind)
        except BillerError:
            return self.seal(_reply(request, wire.Refusal(code="BAD_REQUEST"), 400))
        pays = isinstance(asked, wire.PayInstalment)
        return await self.serve(
            request, lambda: _reply(request, self._answer(asked)), debits=pays, contracts=_contracts(asked)
        )

    def _refusal(self, request: web.Request, body: bytes) -> str | None:
        """Why a request is not looked at. The signature comes first: who has none learns nothing of our clock."""
        key, date, nonce, signed = (
            request.headers.get(name, "")
            for name in (signature.KEY, signature.DATE, signature.NONCE, signature.SIGNATURE)
        )
        due = signature.sign(SHARED, request.method, request.path, date, nonce, body=body)
        if key != KEY_ID or not nonce or not signature.equal(signed, due):
            return "BAD_SIGNATURE"
        if self.take("clock_skew") or not signature.is_current(date, self.clock.now()):
            return CLOCK_SKEW
        return None

    def _answer(self, asked: wire.Request) -> wire.Message:
        match asked:
            case wire.FindContract():
                return self._find(asked)
            case wire.ListInstalments():
                return self._list(asked)
            case wire.PayInstalment():
                return self._pay(asked)
            case wire.ListBookings():
                return self._daily(date.fromisoformat(asked.day))
        raise TypeError("routes() leads to nothing but REQUESTS")

    def _find(self, asked: wire.FindContract) -> wire.FindContractReply:
        subscriber = self._subscriber(asked.contract_number)
        if subscriber is None:
            return wire.FindContractReply(result=_not_found(asked.contract_number))
        return wire.FindContractReply(result=OK, subscriber=subscriber)

    def _list(self, asked: wire.ListInstalments) -> wire.ListInstalmentsReply:
        self._raise_amounts()
        return wire.ListInstalmentsReply(contract=tuple(self._contract(each.number) for each in asked.contract))

    def _contract(self, number: str) -> wire.Contract:
        if self._subscriber(number) is None:
            return wire.Contract(number=number, result=_not_found(number))
        known, since = self.books.invoices(number), self.clock.now() - HISTORY
        booked = tuple(each for each in known if each.bookings and each.bookings[0].settled_at >= since)
        return wire.Contract(
            number=number,
            result=OK,
            open=tuple(_instalment(each) for each in known if not each.bookings),
            booked=tuple(_instalment(each) for each in booked),
        )

    def _pay(self, asked: wire.PayInstalment) -> wire.PayInstalmentReply:
        self._raise_amounts()
        contract = asked.contract_number
        if self._subscriber(contract) is None:
            return wire.PayInstalmentReply(result=_not_found(contract))
        if self.case_of(contract) is Case.CHANGED_TOTAL:
            self.books.raise_penalties(PENALTY_RISE, contract)
        if self.shows("rejects_payment", contract):
            return wire.PayInstalmentReply(result=REFUSED)
        if self.shows("already_paid", contract):
            other = wire.Booking(payment_id="another-channel-1", instalment_number=asked.instalment_number)
            return wire.PayInstalmentReply(result=ALREADY_PAID, booking=(other,))
        instalment = self.books.invoice(asked.instalment_number)
        if instalment is None or instalment.issued.contract != contract or asked.currency != CURRENCY:
            return wire.PayInstalmentReply(result=REFUSED)
        if instalment.bookings:
            return wire.PayInstalmentReply(result=ALREADY_PAID, booking=(_booking(instalment.bookings[0]),))
        if self.books.taken(asked.payment_id):
            return wire.PayInstalmentReply(result="IN_PROGRESS")
        if asked.amount != to_decimal(instalment.owed):
            return wire.PayInstalmentReply(result=AMOUNT_CHANGED)
        late = LATE if self.shows("settles_late", contract) else timedelta()
        try:
            booking = self.books.book(asked.payment_id, instalment.issued.key, 1, instalment.owed, late)
        except sqlite3.IntegrityError:  # another payment of it is booked soon
            return wire.PayInstalmentReply(result=REFUSED)
        if late:
            return wire.PayInstalmentReply(result="IN_PROGRESS")
        return wire.PayInstalmentReply(result=OK, booking=(_booking(booking),))

    def _daily(self, day: date) -> wire.ListBookingsReply:
        listed = self.statement(day)
        return wire.ListBookingsReply(
            day=day.isoformat(),
            count=str(listed.count),
            total=to_decimal(listed.total),
            booking=tuple(map(_booking, listed.bookings)),
        )

    def _subscriber(self, number: str) -> str | None:
        return None if self.take("unknown_reference") else self.books.subscriber(number)

    def _raise_amounts(self) -> None:
        if self.take("changed_total"):
            self.books.raise_penalties(PENALTY_RISE)


def _contracts(asked: wire.Request) -> tuple[str, ...]:
    """The numbers of the contracts that a request is about."""
    match asked:
        case wire.ListInstalments():
            return tuple(each.number for each in asked.contract)
        case wire.FindContract() | wire.PayInstalment():
            return (asked.contract_number,)
    return ()


def _not_found(number: str) -> str:
    return SMARTCARD_NUMBER if _CARD.fullmatch(re.sub("[./-]", "", number)) else UNKNOWN_CONTRACT


def _instalment(invoice: CompanyInvoice) -> wire.Instalment:
    """What is to pay of an instalment, or what was booked of it."""
    issued, booked = invoice.issued, next(iter(invoice.bookings), None)
    return wire.Instalment(
        number=issued.number,
        month=_month_after(issued.issued_on),
        issued_on=issued.issued_on.isoformat(),
        due_on=issued.due_on.isoformat() if issued.due_on else "",
        amount=to_decimal(invoice.owed if booked is None else booked.amount),
        currency=CURRENCY,
        payment_id="" if booked is None else _shown_id(booked),
    )


def _booking(booking: Booking) -> wire.Booking:
    return wire.Booking(
        payment_id=_shown_id(booking),
        instalment_number=booking.invoice_key,
        amount=to_decimal(booking.amount),
        currency=CURRENCY,
        receipt_number=booking.receipt,
        booked_at=booking.settled_at.isoformat(),
    )


def _shown_id(booking: Booking) -> str:
    return "" if booking.order_id.startswith(COUNTER) else booking.order_id


def _month_after(day: date) -> str:
    """The month that an instalment of this day pays in advance."""
    following = day.replace(day=1) + timedelta(days=31)
    return f"{following:%Y-%m}"


def _reply(request: web.Request, message: wire.Message, status: int = 200) -> web.Response:
    nonce = {signature.NONCE: request.headers.get(signature.NONCE, "")}
    body = wire.build(message)
    return web.Response(body=body, status=status, headers=nonce, content_type="application/xml", charset="utf-8")
