"""ALBTELECOM's hooks: files swapped over SFTP, put in Faturat's words and back."""

import asyncio
from datetime import date, timedelta

from faturat.billers import Biller, Capabilities, Category, LookAlike, ReferenceField, ReferenceKind
from faturat.exchange.types import ExchangeFile, ExchangeReply, OutgoingFile
from faturat.hookspecs import hookimpl
from faturat.payments.types import Order, Outcome, Pending, Rejected, Rejection
from faturat.plugins.context import PluginContext
from faturat.reconciliation.types import Statement
from faturat.text import Text
from faturat_albtelecom import mapping, settings
from faturat_albtelecom.client import Client


class Albtelecom:
    """The plugin; keeps no state, and no connection between its calls."""

    Settings = settings.Settings
    api = 1

    def __init__(self, settings: settings.Settings) -> None:
        self._settings = settings

    async def open(self, context: PluginContext) -> None:
        self._log = context.logger
        self._client = Client(self._settings)

    async def close(self) -> None:
        return

    @hookimpl
    def describe_biller(self) -> Biller:
        return Biller(
            id="albtelecom",
            name="ALBTELECOM",
            category=Category.TELEPHONE,
            reference_kinds=(_contract(self._settings.contract_length),),
            capabilities=Capabilities(
                exchange_every=timedelta(seconds=self._settings.exchange_every),
                settles_later=timedelta(seconds=self._settings.settles_later),
                parts=True,
                statements=True,
            ),
        )

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        """Pending: the order goes into the next payment file."""
        return Pending() if mapping.can_be_written(order) else Rejected(Rejection.NOT_ACCEPTED)

    @hookimpl
    async def collect_files(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        return await self._client.collect(known)

    @hookimpl
    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        """In a thread: to read a register of every contract takes seconds, in which the loop has others to serve."""
        return await asyncio.to_thread(self._exchange, inbox, queued_orders)

    @hookimpl
    async def send_files(self, files: tuple[OutgoingFile, ...]) -> None:
        await self._client.send(files)

    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        return await self._client.newest_statement(mapping.statement_stem(day))

    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        return mapping.read_statement(file.content, day)

    def _exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        read = mapping.read_inbox(inbox)
        for name, count in read.skipped.items():
            self._log.warning("records_left_out", biller="albtelecom", file=name, records=count)
        for name in read.incomplete:
            self._log.warning("file_incomplete", biller="albtelecom", file=name)
        for order_id in read.contradicted:
            self._log.error("acknowledgements_contradict", biller="albtelecom", order=order_id)
        # pay_invoice lets none of these through; one that an older plugin left behind must not stop the rest
        unwritable = [order.id for order in queued_orders if not mapping.can_be_written(order)]
        return ExchangeReply(
            files=mapping.payment_files(order for order in queued_orders if order.id not in set(unwritable)),
            register=read.register,
            outcomes=read.outcomes | dict.fromkeys(unwritable, Rejected(Rejection.NOT_ACCEPTED)),
            incomplete=read.incomplete,
        )


def _contract(length: int | None) -> ReferenceKind:
    """ALBTELECOM publishes no format: label, help, example and look-alikes are assumed."""
    label = Text("Numri i kontratës", "Contract number")
    field = ReferenceField(
        id=mapping.CONTRACT,
        label=label,
        help=Text(
            "Gjendet në faqen e parë të faturës dhe në kontratë. Nuk është numri i telefonit.",
            "It is on the first page of the invoice and on the contract. It is not the telephone number.",
        ),
        example="200000001",
        pattern=mapping.CONTRACT_SIGNS,
        exact_length=length,
        uppercase=True,
        look_alikes=(
            LookAlike(
                pattern=r"(\+|00)355[0-9\/\-]{7,12}|04[0-9\/\-]{6,9}|06[6-9][0-9\/\-]{6,9}",
                warning=Text(
                    "Ky duket si numër telefoni; duhet numri i kontratës, p.sh. 200000001.",
                    "This looks like a telephone number; we need the contract number, for example 200000001.",
                ),
            ),
        ),
    )
    return ReferenceKind(id=mapping.CONTRACT, label=label, fields=(field,))
