"""The hooks of GJOBAT E POLICISË: what Faturat may ask of the company, put in its words and back."""

from datetime import date, timedelta

import aiohttp

from faturat.billers import Biller, Capabilities, Category, Reference, Subscriber
from faturat.errors import BillerError, UnknownReference
from faturat.exchange.types import ExchangeFile
from faturat.hookspecs import InvoicesByReference, hookimpl
from faturat.payments.types import Order, Outcome, StatusReply, Unknown
from faturat.plugins.context import PluginContext
from faturat.reconciliation.types import Statement
from faturat_gjobat import mapping, references, settings, wire
from faturat_gjobat.client import Client


class Gjobat:
    """The plugin; keeps no state but its HTTP session."""

    Settings = settings.Settings
    api = 1

    def __init__(self, settings: settings.Settings) -> None:
        self._settings = settings

    async def open(self, context: PluginContext) -> None:
        tls = self._settings.tls()  # before the session, which would stay open
        self._session = context.http()
        self._client = Client(self._settings, self._session, tls)

    async def close(self) -> None:
        await self._session.close()

    @hookimpl
    def describe_biller(self) -> Biller:
        return Biller(
            id="gjobat",
            name="GJOBAT E POLICISË",
            category=Category.FINE,
            reference_kinds=(
                references.vehicle(self._settings.chassis_length),
                references.fine(self._settings.fine_length),
            ),
            capabilities=Capabilities(
                status_inquiry=True,
                live_quote=True,
                not_found_final_after=timedelta(seconds=self._settings.not_found_final_after),
                statements=True,
            ),
        )

    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        return mapping.to_subscriber(reference, await self._search(reference))

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> InvoicesByReference:
        (reference,) = references  # max_bulk is 1
        reply = await self._search(reference)
        try:
            return {reference: mapping.to_invoices(reference, reply)}
        except (BillerError, UnknownReference) as error:
            return {reference: error}

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        """Pay once. aiohttp.ClientConnectorError passes: the gate knows whether a byte left."""
        try:
            return mapping.to_outcome(order, await self._client.pay(mapping.pay_request(order)))
        except BillerError as error:
            return Unknown(error.why)

    @hookimpl
    async def payment_status(self, order: Order) -> StatusReply:
        try:
            return mapping.to_status(order, await self._client.payment(order.id))
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error

    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        try:
            return ExchangeFile(f"gjobat-{day}.json", await self._client.payments_of(day))
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error

    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        return mapping.to_statement(day, wire.parse(file.content, wire.DailyPayments))

    async def _search(self, reference: Reference) -> wire.SearchReply:
        try:
            return await self._client.search(mapping.search_request(reference))
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error
