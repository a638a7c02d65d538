"""OSHEE's hooks: what Faturat may ask of the company, put in its words and back."""

from datetime import date, timedelta
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
from faturat.payments.types import Order, Outcome, StatusReply, Unknown
from faturat.plugins.context import PluginContext
from faturat.plugins.http import MAX_STATEMENT
from faturat.reconciliation.types import Statement
from faturat.text import Text
from faturat_oshee import mapping, settings, wire
from faturat_oshee.client import Client

R = TypeVar("R", bound=wire.Message)

MAX_BULK = 50
"""ASSUMED: how many customer codes one ListOpenInvoices may carry."""


class Oshee:
    """The plugin; keeps no state but its HTTP session."""

    Settings = settings.Settings
    api = 1

    def __init__(self, settings: settings.Settings) -> None:
        self._settings = settings

    async def open(self, context: PluginContext) -> None:
        self._session = context.http()
        self._client = Client(self._settings, self._session)

    async def close(self) -> None:
        await self._session.close()

    @hookimpl
    def describe_biller(self) -> Biller:
        return Biller(
            id="oshee",
            name="OSHEE",
            category=Category.ELECTRICITY,
            reference_kinds=(_customer_code(self._settings.contract_length),),
            capabilities=Capabilities(
                status_inquiry=True,
                live_quote=True,
                parts=True,
                max_bulk=MAX_BULK,
                not_found_final_after=timedelta(seconds=self._settings.not_found_final_after),
                statements=True,
            ),
        )

    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        request = wire.FindContract(customer_code=mapping.customer_code(reference))
        return mapping.to_subscriber(await self._read(request, wire.FindContractResponse))

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> InvoicesByReference:
        reply = await self._read(mapping.list_request(references), wire.ListOpenInvoicesResponse)
        return mapping.to_invoices(references, reply)

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        """Pay once. aiohttp.ClientConnectorError passes: the gate knows whether a byte left."""
        try:
            reply = await self._client.call(mapping.pay_request(order), wire.PayInvoiceResponse)
            return mapping.to_outcome(order, reply)
        except BillerError as error:
            return Unknown(error.why)

    @hookimpl
    async def payment_status(self, order: Order) -> StatusReply:
        reply = await self._read(wire.PaymentStatus(payment_id=order.id), wire.PaymentStatusResponse)
        return mapping.to_status(order, reply)

    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        try:
            content = await self._client.fetch(wire.ListPayments(day=day.isoformat()), MAX_STATEMENT)
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error
        return ExchangeFile(f"oshee-{day}.xml", content)

    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        return mapping.to_statement(day, wire.parse(file.content, wire.ListPaymentsResponse))

    async def _read(self, request: wire.Message, reply: type[R]) -> R:
        """Ask something that moves no money."""
        try:
            return await self._client.call(request, reply)
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error


def _customer_code(length: int | None) -> ReferenceKind:
    """The label and the example are those of the bank's guide, which shows 18 characters; the press says 16."""
    label = Text("Kodi i klientit", "Customer code")
    field = ReferenceField(
        id=mapping.CUSTOMER_CODE,
        label=label,
        help=Text(
            "Gjendet në faqen e parë të faturës. Nuk është numri serial i faturës.",
            "It is on the first page of the invoice. It is not the invoice's serial number.",
        ),
        example="TR0.A0000000000000",
        exact_length=length,
        uppercase=True,
        look_alikes=(
            LookAlike(
                pattern=r"[0-9]{6,12}",
                warning=Text(
                    "Ky duket si numri serial i faturës; duhet kodi i klientit, p.sh. TR0.A0000000000000.",
                    "This looks like the invoice's serial number; we need the customer code, "
                    "for example TR0.A0000000000000.",
                ),
            ),
        ),
    )
    return ReferenceKind(id=mapping.CUSTOMER_CODE, label=label, fields=(field,))
