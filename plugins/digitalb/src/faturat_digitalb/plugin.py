"""DIGITALB's hooks: what Faturat may ask of the company, put in its words and back."""

from datetime import date
from typing import TypeVar

import aiohttp

from faturat.billers import (
    Biller,
    Capabilities,
    Category,
    LookAlike,
    Reference,
    ReferenceField,
    ReferenceKind,
    Subscriber,
)
from faturat.errors import BillerError
from faturat.exchange.types import ExchangeFile
from faturat.hookspecs import InvoicesByReference, hookimpl
from faturat.payments.types import Order, Outcome, Unknown
from faturat.plugins.context import PluginContext
from faturat.plugins.http import MAX_STATEMENT
from faturat.reconciliation.types import Statement
from faturat.text import Text
from faturat_digitalb import mapping, settings, wire
from faturat_digitalb.client import Client

R = TypeVar("R", bound=wire.Message)

MAX_BULK = 10
"""ASSUMED: how many contracts one ListInstalments may carry."""


class Digitalb:
    """The plugin; keeps no state but its HTTP session."""

    Settings = settings.Settings
    api = 1

    def __init__(self, settings: settings.Settings) -> None:
        self._settings = settings

    async def open(self, context: PluginContext) -> None:
        self._session = context.http()
        self._client = Client(self._settings, self._session, context)

    async def close(self) -> None:
        await self._session.close()

    @hookimpl
    def describe_biller(self) -> Biller:
        """It cannot be asked for a payment, and is paid once; the contract's history proves what it booked."""
        return Biller(
            id="digitalb",
            name="DIGITALB",
            category=Category.TELEVISION,
            reference_kinds=(_contract_number(self._settings.contract_length),),
            capabilities=Capabilities(live_quote=True, max_bulk=MAX_BULK, statements=True),
        )

    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        request = wire.FindContract(contract_number=mapping.contract_number(reference))
        return mapping.to_subscriber(await self._read(request, wire.FindContractReply))

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> InvoicesByReference:
        reply = await self._read(mapping.list_request(references), wire.ListInstalmentsReply)
        return mapping.to_invoices(references, reply)

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        """Pay once. aiohttp.ClientConnectorError passes: the gate knows whether a byte left."""
        try:
            reply = await self._client.call(mapping.pay_request(order), wire.PayInstalmentReply)
            return mapping.to_outcome(order, reply)
        except BillerError as error:
            return Unknown(error.why)

    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        try:
            content = await self._client.fetch(wire.ListBookings(day=day.isoformat()), MAX_STATEMENT)
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error
        return ExchangeFile(f"digitalb-{day}.xml", content)

    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        return mapping.to_statement(day, wire.parse(file.content, wire.ListBookingsReply))

    async def _read(self, request: wire.Request, reply: type[R]) -> R:
        """Ask something that moves no money."""
        try:
            return await self._client.call(request, reply)
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error


def _contract_number(length: int | None) -> ReferenceKind:
    """The label and the warning are the bank's guide's; no number of either kind is published."""
    label = Text("Numri i kontratës", "Contract number")
    field = ReferenceField(
        id=mapping.CONTRACT_NUMBER,
        label=label,
        help=Text(
            "Numri i kontratës, jo numri i kartës smart. Gjendet në kontratën tuaj me DIGITALB.",
            "The contract number, not the smart card's number. It is in your contract with DIGITALB.",
        ),
        example="1000001",
        exact_length=length,
        look_alikes=(
            LookAlike(
                pattern=r"[0-9](?:[.\/\-]?[0-9]){9,13}",  # 10 to 14 digits, in whatever groups
                warning=Text(
                    "Ky duket si numri i kartës smart; duhet numri i kontratës, që gjendet në kontratën tuaj "
                    "me DIGITALB.",
                    "This looks like the smart card's number; we need the contract number, which is in your contract "
                    "with DIGITALB.",
                ),
            ),
        ),
    )
    return ReferenceKind(id=mapping.CONTRACT_NUMBER, label=label, fields=(field,))
