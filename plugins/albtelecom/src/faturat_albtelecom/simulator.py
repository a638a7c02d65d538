"""A stand-in of ALBTELECOM's side: an SFTP server, and the company that publishes and processes files there."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, ClassVar

import msgspec
from aiohttp import web
from msgspec import Struct

from faturat.billers import Reference
from faturat.clock import Clock
from faturat.errors import FaturatError
from faturat.money import parse_decimal, to_decimal
from faturat.testing.books import Booking, CompanyContract, CompanyInvoice, IssuedInvoice
from faturat.testing.cases import SLOW_SECONDS, Case
from faturat.testing.company import LATE, PENALTY_RISE, Company
from faturat_albtelecom import mapping, simulator_files, simulator_sftp, wire
from faturat_albtelecom.mapping import CONTRACT, CURRENCY, LEAST, OK, REJECTED
from faturat_albtelecom.simulator_files import Published, Statements, put
from faturat_albtelecom.simulator_sftp import USER, Door

FIRST_CONTRACT, SECOND_CONTRACT = "200000001", "200000002"
FIRST_CASE = 900_000_001
COMES_AFTER = timedelta(seconds=100)
MOST_OPEN = 5
NEW_NUMBERS = (2, *range(5, 1000))
TICK = 1.0
"""Seconds between two looks at what became visible."""
EXCHANGE_EVERY = 5
"""Seconds, in the settings for a demo."""


class Due(Struct, frozen=True):
    """A record that is to stand in an acknowledgement of `payment_file`, not before `at`."""

    payment_file: str
    at: datetime
    record: wire.Acknowledgement


class Desk(Struct):
    """What the company remembers of files: those it has processed, and what it has still to acknowledge."""

    processed: list[str] = []
    due: list[Due] = []


class Simulator(Company):
    """Files in `data`/sftp: the bank fetches from inbox/ and statements/, and puts into outbox/, where its files stay.

    `tick` None: the company does nothing but when publish() and process() are called.
    """

    own_faults: ClassVar[dict[str, str]] = {
        **simulator_files.FAULTS,
        **simulator_sftp.FAULTS,
        "out_of_order": "publishes the last register once more after the next one, under a newer number",
        "late_ack": "acknowledges the next payment file after `seconds`, or LATE",
    }

    def __init__(self, data: Path, clock: Clock | None = None, tick: float | None = TICK) -> None:
        super().__init__(data, clock)
        self.outbox = data / "sftp" / "outbox"
        self.outbox.mkdir(parents=True, exist_ok=True)
        self.published = Published(data / "sftp" / "inbox", self)
        self.statements = Statements(data / "sftp" / "statements", self)
        self.arrivals = Counter[str]()
        """How often a file was put in place, by name, since this object was made."""
        self.door = Door(self, data / "sftp", data / "host_key", token_urlsafe(), self._arrived)
        self._tick = tick
        self._wake = asyncio.Event()
        self._working: asyncio.Task[None] | None = None
        self._register = b""
        """The register as it was last published."""
        self._listed = b""
        """What it listed, without the moment."""
        self._control_file = data / "control"
        """Where /_control listens: the plugin's settings do not say it."""
        self._desk_file = data / "desk.json"
        self._desk = Desk()
        if self._desk_file.exists():
            self._desk = msgspec.json.decode(self._desk_file.read_bytes(), type=Desk)

    def routes(self) -> tuple[web.RouteDef, ...]:
        return ()

    def settings(self, address: str) -> dict[str, Any]:
        self.control = address
        return {
            "host": "127.0.0.1",
            "port": self.door.port,
            "host_key": self.door.host_key,
            "user": USER,
            "password": self.door.password,
            "exchange_every": EXCHANGE_EVERY,
        }

    def contract_of(self, reference: Reference) -> str:
        return mapping.contract_of(reference)

    def case_reference(self, case: Case) -> Reference:
        return Reference(CONTRACT, {CONTRACT: str(FIRST_CASE + list(Case).index(case))})

    def demo_seed(self) -> None:
        """A contract with a new invoice soon after each start, and one with an overdue and a partly paid invoice."""
        self.seed_cases()
        today = self.clock.now().date()
        for contract in (FIRST_CONTRACT, SECOND_CONTRACT):
            self.books.add_contract(CompanyContract(contract, "Test Test"))
        for number, contract, days_ago, amount, penalty in (
            ("000000001", FIRST_CONTRACT, 20, 1850_00, 0),
            ("000000003", SECOND_CONTRACT, 60, 2400_00, 48_00),
            ("000000004", SECOND_CONTRACT, 10, 3120_50, 0),
        ):
            invoice = IssuedInvoice(
                key=number,
                contract=contract,
                number=number,
                issued_on=today - timedelta(days=days_ago),
                due_on=today - timedelta(days=days_ago - 30),
                amount=amount,
                penalty=penalty,
            )
            if self.books.add_invoice(invoice) and number == "000000004":
                self.books.book("another-channel-1", number, 1, 1000_00)
        if len(self.books.open_invoices(FIRST_CONTRACT)) < MOST_OPEN:
            next(number for number in NEW_NUMBERS if self.books.add_invoice(self._coming(f"{number:09d}")))
        self._wake.set()

    def _coming(self, number: str) -> IssuedInvoice:
        """An invoice that appears late enough for a newcomer to have registered the contract by then."""
        now = self.clock.now()
        return IssuedInvoice(
            key=number,
            contract=FIRST_CONTRACT,
            number=number,
            issued_on=now.date(),
            due_on=now.date() + timedelta(days=30),
            amount=1850_00,
            visible_from=now + COMES_AFTER,
        )

    async def start(self, port: int = 0) -> dict[str, Any]:
        settings = await super().start(port)
        self._control_file.write_text(self.control + "\n")
        if self._tick is not None:
            self._working = asyncio.create_task(self._work(self._tick))
        return settings

    async def listen(self) -> None:
        await super().listen()
        await self.door.listen()

    def fault(self, name: str, times: int = 1, seconds: float = 0.0) -> None:
        super().fault(name, times, seconds)
        if name == "refused_connection":
            self.door.shut()

    async def stop(self) -> None:
        if self._working is not None:
            self._working.cancel()
            with suppress(asyncio.CancelledError):
                await self._working
        self.door.shut()
        await super().stop()

    async def _work(self, tick: float) -> None:
        while True:
            self._wake.clear()
            await self.close_day()
            with suppress(TimeoutError):
                async with asyncio.timeout(tick):
                    await self._wake.wait()

    async def close_day(self) -> None:
        """All that there is to do now: finish what is half-written, book what came, put out what changed."""
        self.published.finish()
        self.process()
        if self._rows() != self._listed:
            self.publish()
        self.statements.publish()

    def _arrived(self, name: str) -> None:
        self.arrivals[name] += 1
        self._wake.set()

    def publish(self) -> None:
        """Put the register there: every contract and what is owed of it, as of now."""
        if self.take("changed_total"):
            self.books.raise_penalties(PENALTY_RISE)
        stem, before = f"{wire.OPEN}-{self.clock.now():%Y%m%d}", self._register
        self._listed = self._rows()
        self._register = self.published.deliver(stem, self._head(wire.OPEN) + self._listed)
        if before and self.take("out_of_order"):
            put(self.published.next_name(stem), before)

    def process(self) -> None:
        """Take the payment files that have arrived, each once, and acknowledge what is due."""
        for path in sorted(self.outbox.glob(f"{wire.PAY}-*.csv")):
            if path.name not in self._desk.processed:
                self._book(path)
        now = self.clock.now()
        due = [each for each in self._desk.due if each.at <= now]
        for name in dict.fromkeys(each.payment_file for each in due):
            records = [each.record for each in due if each.payment_file == name]
            stem = f"{wire.ACK}-{name.removesuffix('.csv')}"
            self.published.deliver(stem, self._head(wire.ACK) + wire.write(records))
        if due:
            self._desk.due = [each for each in self._desk.due if each.at > now]
            self._remember()

    def _book(self, path: Path) -> None:
        """Book a payment file, if it is whole. A crash before it is remembered brings the same answers again."""
        try:
            records = list(wire.read(path.read_bytes(), wire.PAY)[1])
        except wire.Cut:
            return
        late = self.take("late_ack")
        for record in records:
            if not isinstance(record, wire.Payment):
                continue
            answer, after = self._answer(record)
            if late is not None:
                after = max(after, timedelta(seconds=late.seconds) or LATE)
            self._desk.due.append(Due(path.name, self.clock.now() + after, answer))
        self._desk.processed.append(path.name)
        self._remember()

    def _answer(self, payment: wire.Payment) -> tuple[wire.Acknowledgement, timedelta]:
        """What becomes of a payment, and after how long the bank hears of it."""
        contract = payment.contract
        after = timedelta(seconds=SLOW_SECONDS) if self.case_of(contract) is Case.SLOW else timedelta()
        if (earlier := self.books.booking(payment.order_id)) is not None:
            return _booked(earlier), after
        if refusal := self._refusal(payment):
            return _refused(payment, refusal), after
        if self.shows("settles_late", contract):
            after = LATE
        amount = parse_decimal(payment.amount)
        try:
            booking = self.books.book(payment.order_id, payment.invoice_number, int(payment.part), amount, after)
        except sqlite3.IntegrityError:  # another payment of it is booked soon
            return _refused(payment, "REFUSED"), after
        return _booked(booking), after

    def _refusal(self, payment: wire.Payment) -> str:
        """The code of a refusal; empty where there is none."""
        contract = payment.contract
        if self.take("unknown_reference") or self.books.subscriber(contract) is None:
            return "UNKNOWN_CONTRACT"
        if self.shows("changed_total", contract):
            self.books.raise_penalties(PENALTY_RISE, contract)
            return "AMOUNT_CHANGED"
        if self.shows("rejects_payment", contract):
            return "REFUSED"
        if self.shows("already_paid", contract):
            return "ALREADY_PAID"
        invoice = self.books.invoice(payment.invoice_number)
        if invoice is None or invoice.issued.contract != contract or payment.currency != CURRENCY:
            return "REFUSED"
        if invoice.owed <= 0 or payment.part in {str(booking.part) for booking in invoice.bookings}:
            return "ALREADY_PAID"
        if payment.part != str(invoice.part):
            return "REFUSED"
        try:
            amount = parse_decimal(payment.amount)
        except FaturatError:
            return "REFUSED"
        return "" if min(LEAST, invoice.owed) <= amount <= invoice.owed else "AMOUNT_CHANGED"

    def _rows(self) -> bytes:
        """The records of the register."""
        records: list[wire.Record] = []
        for contract in self.books.contracts():
            readable = self.case_of(contract.reference) is not Case.DOWN
            invoices = self.books.open_invoices(contract.reference)
            subscriber = "".join(sign if sign.isprintable() else " " for sign in contract.subscriber)
            records.append(wire.OpenContract(contract.reference, subscriber, str(len(invoices))))
            records += [_open_invoice(invoice, readable) for invoice in invoices]
        return wire.write(records)

    def _head(self, kind: str) -> bytes:
        return wire.write([wire.Header(kind, wire.VERSION, self.clock.now().isoformat(timespec="microseconds"))])

    def seal(self, response: web.Response) -> web.Response:
        """The trailer of a file, over what is in it, be it spoilt."""
        assert isinstance(response.body, bytes), "a file is bytes"
        response.body = wire.seal(response.body)
        return response

    def _remember(self) -> None:
        put(self._desk_file, msgspec.json.encode(self._desk))


def _open_invoice(invoice: CompanyInvoice, readable: bool) -> wire.OpenInvoice:
    """What is left of an invoice; the penalty is paid last. Not readable: without a date that is one."""
    issued, owed = invoice.issued, invoice.owed
    penalty = min(issued.penalty, owed)
    return wire.OpenInvoice(
        contract=issued.contract,
        invoice_number=issued.number,
        issued_on=issued.issued_on.isoformat() if readable else "?",
        due_on=issued.due_on.isoformat() if issued.due_on else "",
        part=str(invoice.part),
        amount=to_decimal(owed - penalty + issued.discount),
        penalty=to_decimal(penalty),
        discount=to_decimal(issued.discount),
        total=to_decimal(owed),
        currency=CURRENCY,
    )


def _booked(booking: Booking) -> wire.Acknowledgement:
    return wire.Acknowledgement(
        order_id=booking.order_id,
        result=OK,
        code="",
        receipt_number=booking.receipt,
        settled_at=booking.settled_at.isoformat(),
        amount=to_decimal(booking.amount),
        currency=CURRENCY,
    )


def _refused(payment: wire.Payment, code: str) -> wire.Acknowledgement:
    return wire.Acknowledgement(
        order_id=payment.order_id,
        result=REJECTED,
        code=code,
        receipt_number="",
        settled_at="",
        amount=payment.amount,
        currency=payment.currency,
    )
