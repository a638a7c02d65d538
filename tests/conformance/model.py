"""A plugin that keeps every rule, as small as one can be: what tests/conformance breaks, one rule at a time.

A distribution spreads this over plugin.py, settings.py, client.py, wire.py and mapping.py.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any

import aiohttp
from msgspec import Struct

from faturat import (
    Biller,
    BillerError,
    Capabilities,
    ExchangeFile,
    FaturatError,
    Invoice,
    LookAlike,
    NotFound,
    Order,
    Outcome,
    PayChoice,
    PayChoices,
    PluginContext,
    Receipt,
    Reference,
    ReferenceField,
    ReferenceKind,
    Rejected,
    Rejection,
    Settled,
    Statement,
    StatementEntry,
    StatusReply,
    Subscriber,
    Text,
    Unknown,
    UnknownReference,
    hookimpl,
    parse_decimal,
    to_decimal,
)
from faturat.plugins.http import read_body
from faturat.plugins.reading import read_amount, read_moment, whole_statement

CODE = ReferenceField(
    id="code",
    label=Text("Kodi i kontratës", "Contract code"),
    help=Text("Në faqen e parë të faturës.", "On the invoice's first page."),
    example="AB12",
    uppercase=True,
    look_alikes=(LookAlike("[0-9]{9}", Text("Duket si numri i faturës.", "This looks like the invoice's number.")),),
)
DISTRICT = ReferenceField(
    id="district",
    label=Text("Zona", "District"),
    help=Text("Dy shifra, mbi matës.", "Two digits, above the meter."),
    example="12",
    pattern="[0-9]+",
)
METER = ReferenceField(
    id="meter",
    label=Text("Numri i matësit", "Meter number"),
    help=Text("Mbi matës, pas zonës.", "On the meter, after the district."),
    example="00-417",
    pattern=r"[0-9\-]+",
)
KINDS = (
    ReferenceKind("contract", Text("Kontrata", "Contract"), (CODE,)),
    ReferenceKind("meter", Text("Matësi", "Meter"), (DISTRICT, METER), registrable=False),
)
REFUSALS = {"refused": Rejection.NOT_ACCEPTED, "changed": Rejection.AMOUNT_CHANGED, "paid": Rejection.ALREADY_PAID}


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    url: str
    password: str = ""
    timeout: float = 20.0

    def __repr__(self) -> str:
        return f"Settings(url={self.url!r})"


class PlainModel:
    """Looks up, reads and pays."""

    api = 1
    Settings = Settings
    biller = Biller("model", "Model", KINDS, Capabilities(live_quote=True))

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def open(self, context: PluginContext) -> None:
        self.context = context
        self.session = context.http()

    async def close(self) -> None:
        await self.session.close()

    @hookimpl
    def describe_biller(self) -> Biller:
        return self.biller

    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        reply = await self.read("find", {"contract": self.contract(reference)})
        return self.subscriber(reply)

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> dict[Reference, Any]:
        reply = await self.read("open", {"contracts": [self.contract(each) for each in references]})
        return self.answers(references, reply)

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        try:
            return self.outcome(order, await self.ask("pay", self.payment(order)))
        except BillerError as error:
            return Unknown(error.why)

    # transport

    async def read(self, path: str, body: dict[str, Any]) -> Any:
        """Ask what moves no money."""
        try:
            return await self.ask(path, body)
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error

    async def ask(self, path: str, body: dict[str, Any]) -> Any:
        """One request; aiohttp.ClientConnectorError passes, for the gate to see that nothing was sent."""
        try:
            status, content = await self.post(path, body)
        except aiohttp.ClientConnectorError:
            raise
        except TimeoutError as error:
            raise BillerError("timeout") from error
        except aiohttp.ClientError as error:
            raise BillerError("connection_lost") from error
        if status != 200:
            raise BillerError(f"http_{status}")
        try:
            return json.loads(content)
        except ValueError as error:
            raise BillerError("bad_json", "biller_bad_reply") from error

    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(total=self.settings.timeout)
        async with self.session.post(
            f"{self.settings.url}/{path}", json=body, timeout=timeout, allow_redirects=False
        ) as response:
            return response.status, await read_body(response)

    # mapping

    def contract(self, reference: Reference) -> str:
        return "|".join(reference.values.values())

    def payment(self, order: Order) -> dict[str, Any]:
        return {
            "id": order.id,
            "contract": self.contract(order.reference),
            "invoice": order.invoice_key,
            "part": order.part,
            "amount": to_decimal(order.amount),
            "currency": order.currency,
        }

    def subscriber(self, reply: Any) -> Subscriber:
        if reply["name"] is None:
            raise UnknownReference
        return Subscriber(reply["name"])

    def answers(self, references: tuple[Reference, ...], reply: Any) -> dict[Reference, Any]:
        contracts = {each["contract"]: each for each in reply["contracts"]}
        return {reference: self.entry(contracts.get(self.contract(reference))) for reference in references}

    def entry(self, contract: Any) -> tuple[Invoice, ...] | FaturatError:
        if contract is None:
            return BillerError("missing_in_reply", "biller_bad_reply")
        if contract["name"] is None:
            return UnknownReference()
        try:
            return tuple(self.invoice(each) for each in contract["invoices"])
        except (FaturatError, ValueError):
            return BillerError("bad_invoice", "biller_bad_reply")

    def invoice(self, said: Any) -> Invoice:
        accepted = [parse_decimal(each) for each in said["accepted"]]
        labels = (Text("Shuma e plotë", "Whole amount"), Text("Pa kamatën", "Without the penalty"))
        return Invoice(
            invoice_key=said["number"],
            number=said["number"],
            issued_on=date.fromisoformat(said["issued"]),
            due_on=date.fromisoformat(said["due"]) if said["due"] else None,
            amount=parse_decimal(said["principal"]),
            penalty=parse_decimal(said["penalty"]),
            total=parse_decimal(said["total"]),
            currency=said["currency"],
            payable=PayChoices(tuple(PayChoice(each, labels[place]) for place, each in enumerate(accepted))),
            part=said["part"],
        )

    def outcome(self, order: Order, reply: Any) -> Outcome:
        if reply["result"] == "booked":
            return Settled(self.receipt(order, reply["booking"]))
        if reply["result"] in REFUSALS:
            return Rejected(REFUSALS[reply["result"]])
        return Unknown("no_result")

    def receipt(self, order: Order, booking: Any) -> Receipt:
        if (booking["id"], booking["currency"]) != (order.id, order.currency):
            raise BillerError("booking_of_another_order", "biller_bad_reply")
        try:
            amount = parse_decimal(booking["amount"])
            return Receipt(booking["receipt"], datetime.fromisoformat(booking["at"]), amount)
        except (FaturatError, ValueError) as error:
            raise BillerError("bad_booking", "biller_bad_reply") from error


class Model(PlainModel):
    """Takes parts and repeats, answers many references at once, tells of a payment, and lists those of a day."""

    biller = Biller(
        id="model",
        name="Model",
        reference_kinds=KINDS,
        capabilities=Capabilities(
            idempotent_pay=True,
            status_inquiry=True,
            live_quote=True,
            parts=True,
            max_bulk=20,
            not_found_final_after=timedelta(minutes=5),
            statements=True,
        ),
    )

    @hookimpl
    async def payment_status(self, order: Order) -> StatusReply:
        return self.status(order, await self.read("status", {"id": order.id}))

    def status(self, order: Order, reply: Any) -> StatusReply:
        return NotFound() if reply["result"] == "none" else Settled(self.receipt(order, reply["booking"]))

    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        return ExchangeFile(f"model-{day}.json", json.dumps(await self.read("statement", {"day": str(day)})).encode())

    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        try:
            said = json.loads(file.content)
            if said["day"] != day.isoformat():
                raise BillerError("other_day", "biller_bad_reply")
            return self.whole([self.stated(each) for each in said["bookings"]], said)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BillerError("bad_statement", "biller_bad_reply") from error

    def stated(self, booking: Any) -> StatementEntry:
        return StatementEntry(
            order_id=booking["id"],
            receipt=booking["receipt"],
            amount=read_amount(booking["amount"]),
            currency=booking["currency"],
            settled_at=read_moment(booking["at"]),
        )

    def whole(self, entries: list[StatementEntry], said: Any) -> Statement:
        return whole_statement(entries, str(said["count"]), said["total"])
