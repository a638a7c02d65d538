"""A plugin of a company that swaps files, and keeps every rule."""

import hashlib
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from file_company import lines
from model import CODE, REFUSALS, Model
from msgspec import Struct

from faturat import (
    Biller,
    BillerError,
    Capabilities,
    ExchangeFile,
    ExchangeReply,
    Invoice,
    Order,
    Outcome,
    OutgoingFile,
    PayChoice,
    PayChoices,
    Pending,
    PluginContext,
    Receipt,
    Reference,
    ReferenceKind,
    RegisterEntry,
    Rejected,
    Settled,
    Statement,
    Text,
    hookimpl,
    to_decimal,
)
from faturat.plugins.reading import whole_statement


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    folder: str


class FileModel:
    api = 1
    Settings = Settings
    biller = Biller(
        id="file_model",
        name="File Model",
        reference_kinds=(ReferenceKind("contract", Text("Kontrata", "Contract"), (CODE,)),),
        capabilities=Capabilities(exchange_every=timedelta(days=1), settles_later=timedelta(days=3), statements=True),
    )

    def __init__(self, settings: Settings) -> None:
        self.folder = Path(settings.folder)

    async def open(self, context: PluginContext) -> None:
        self.context = context

    async def close(self) -> None: ...

    @hookimpl
    def describe_biller(self) -> Biller:
        return self.biller

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        return Pending()

    @hookimpl
    async def collect_files(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        try:
            files = [file for file in sorted((self.folder / "out").iterdir()) if self.wanted(file.name, known)]
            return tuple(ExchangeFile(file.name, file.read_bytes()) for file in files)
        except OSError as error:
            raise BillerError("no_folder") from error

    @hookimpl
    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        register: list[RegisterEntry] = []
        outcomes: dict[str, Outcome] = {}
        incomplete: list[str] = []
        for file in inbox:
            entries = self.entries(file)
            if entries is None:
                incomplete.append(file.name)
                continue
            register += [self.registered(entry) for entry in entries if "contract" in entry]
            outcomes |= {entry["order"]: self.outcome(entry) for entry in entries if "order" in entry}
        files = (self.file(queued_orders),) if queued_orders else ()
        return ExchangeReply(files, tuple(register), outcomes, tuple(incomplete))

    @hookimpl
    async def send_files(self, files: tuple[OutgoingFile, ...]) -> None:
        try:
            for file in files:
                self.put(file)
        except OSError as error:
            raise BillerError("no_folder") from error

    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        try:
            place = self.folder / "statements" / f"{day}.jsonl"
            return ExchangeFile(place.name, place.read_bytes())
        except OSError as error:
            raise BillerError("no_statement") from error

    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        try:
            head, *bookings = whole_lines(file) or []
            if head["day"] != day.isoformat():
                raise BillerError("other_day", "biller_bad_reply")
            entries = [Model.stated(self, each) for each in bookings]
            return whole_statement(entries, str(head["count"]), head["total"])
        except (ValueError, KeyError, TypeError) as error:
            raise BillerError("bad_statement", "biller_bad_reply") from error

    def put(self, file: OutgoingFile) -> None:
        place = self.folder / "in" / file.name
        if not place.exists():
            place.write_bytes(file.content)

    def wanted(self, name: str, known: frozenset[str]) -> bool:
        return name not in known

    def entries(self, file: ExchangeFile) -> list[dict[str, Any]] | None:
        return whole_lines(file)

    def registered(self, said: dict[str, Any]) -> RegisterEntry:
        return RegisterEntry(
            reference=Reference("contract", {"code": said["contract"]}),
            subscriber=said["name"],
            as_of=datetime.fromisoformat(said["at"]),
            invoices=tuple(self.invoice(each) for each in said["invoices"]),
        )

    def invoice(self, said: dict[str, Any]) -> Invoice:
        return Invoice(
            invoice_key=said["number"],
            number=said["number"],
            issued_on=date.fromisoformat(said["issued"]),
            due_on=date.fromisoformat(said["due"]),
            amount=said["owed"] - said["penalty"],
            penalty=said["penalty"],
            total=said["owed"],
            currency="ALL",
            payable=PayChoices((PayChoice(said["owed"], Text("Shuma e plotë", "Whole amount")),)),
        )

    def outcome(self, said: dict[str, Any]) -> Outcome:
        if said["result"] == "booked":
            return Settled(Receipt(said["receipt"], datetime.fromisoformat(said["at"]), said["amount"]))
        return Rejected(REFUSALS[said["result"]])

    def file(self, orders: tuple[Order, ...]) -> OutgoingFile:
        content = lines(self.line(order) for order in orders)
        return OutgoingFile(self.name(content, orders), content, tuple(order.id for order in orders))

    def line(self, order: Order) -> dict[str, Any]:
        return {
            "order": order.id,
            "contract": order.reference.values["code"],
            "invoice": order.invoice_key,
            "amount": to_decimal(order.amount),
        }

    def name(self, content: bytes, orders: tuple[Order, ...]) -> str:
        day = min(order.created_at for order in orders)
        return f"orders-{day:%Y%m%d}-{hashlib.sha256(content).hexdigest()[:16]}.jsonl"


def whole_lines(file: ExchangeFile) -> list[dict[str, Any]] | None:
    """The lines of a whole file; None where it was cut or is none of ours."""
    try:
        *entries, end = [json.loads(line) for line in file.content.decode().splitlines()]
    except (ValueError, RecursionError):
        return None
    return entries if end == {"end": len(entries)} else None
