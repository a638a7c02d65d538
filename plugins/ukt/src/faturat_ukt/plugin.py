"""UKT's hooks: what Faturat may ask of the company, put in its words and back."""

import asyncio
from datetime import date

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
from faturat.errors import BillerError, FaturatError
from faturat.exchange.types import ExchangeFile
from faturat.hookspecs import InvoicesByReference, hookimpl
from faturat.invoices.types import Invoice
from faturat.payments.types import Order, Outcome, Unknown
from faturat.plugins.context import PluginContext
from faturat.reconciliation.types import Statement
from faturat.text import Text
from faturat_ukt import mapping, settings
from faturat_ukt.client import Client

MAX_BULK = 20
PARALLEL = 4
"""ASSUMED: how many contracts the company lets a bank read at the same time."""


class Ukt:
    """The plugin; keeps no state but its HTTP session and the token of it."""

    Settings = settings.Settings
    api = 1

    def __init__(self, settings: settings.Settings) -> None:
        self._settings = settings
        self._places = asyncio.Semaphore(PARALLEL)

    async def open(self, context: PluginContext) -> None:
        self._session = context.http()
        self._client = Client(self._settings, self._session, context.clock)

    async def close(self) -> None:
        await self._session.close()

    @hookimpl
    def describe_biller(self) -> Biller:
        return Biller(
            id="ukt",
            name="UKT",
            category=Category.WATER,
            reference_kinds=(_contract_number(self._settings.contract_length),),
            capabilities=Capabilities(idempotent_pay=True, live_quote=True, max_bulk=MAX_BULK, statements=True),
            max_invoices=mapping.MAX_INVOICES,
        )

    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        number = mapping.contract_number(reference)
        return mapping.to_subscriber(number, await self._client.contract(number))

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> InvoicesByReference:
        until = asyncio.get_running_loop().time() + self._settings.fetch_timeout
        await self._client.log_in()
        async with asyncio.TaskGroup() as group:
            reading = {each: group.create_task(self._answer(each, until)) for each in references}
        return {reference: task.result() for reference, task in reading.items()}

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        """The same order settles once. aiohttp.ClientConnectorError passes: the gate knows whether a byte left."""
        try:
            return mapping.to_outcome(order, await self._client.pay(mapping.to_payment(order), order.id))
        except BillerError as error:
            return Unknown(error.why)

    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        reply = await self._client.statement(day)
        if reply.status != 200:
            raise BillerError(f"http_{reply.status}")
        return ExchangeFile(f"ukt-{day}.csv", reply.body)

    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        return mapping.to_statement(day, file.content)

    async def _answer(self, reference: Reference, until: float) -> tuple[Invoice, ...] | FaturatError:
        """The entry of one reference, in its turn; whatever goes wrong is its own error."""
        try:
            async with asyncio.timeout_at(until), self._places:
                return await self._open_invoices(mapping.contract_number(reference))
        except TimeoutError:
            return BillerError("timeout")
        except FaturatError as error:
            return error

    async def _open_invoices(self, number: str) -> tuple[Invoice, ...]:
        pages = [mapping.to_page(number, 1, await self._client.invoices(number, 1))]
        for page in range(2, pages[0].pages + 1):
            pages.append(mapping.to_page(number, page, await self._client.invoices(number, page)))
        return mapping.to_invoices(pages)


def _contract_number(length: int | None) -> ReferenceKind:
    label = Text("Numri i kontratës", "Contract number")
    field = ReferenceField(
        id=mapping.CONTRACT_NUMBER,
        label=label,
        help=Text(
            "Gjendet në faqen e parë të librezës së ujit dhe në faturën mujore.",
            "It is on the first page of the water booklet and on the monthly invoice.",
        ),
        example="1000001",
        pattern=r"[0-9A-Za-z][0-9A-Za-z.\/\-]*",  # it becomes a part of a path: never `.` or `..`
        exact_length=length,
        look_alikes=(
            LookAlike(
                pattern=r"[A-Za-z]{2}[0-9]\.[0-9A-Za-z.\/\-]*",
                warning=Text(
                    "Ky duket si kod klienti i energjisë elektrike; duhet numri i kontratës së ujit, p.sh. 1000001.",
                    "This looks like the customer code of electricity; we need the contract number of water, "
                    "for example 1000001.",
                ),
            ),
            LookAlike(
                pattern=r"[Uu]-?[0-9]{6,12}",
                warning=Text(
                    "Ky duket si numër fature; duhet numri i kontratës, p.sh. 1000001.",
                    "This looks like an invoice number; we need the contract number, for example 1000001.",
                ),
            ),
        ),
    )
    return ReferenceKind(id=mapping.CONTRACT_NUMBER, label=label, fields=(field,))
