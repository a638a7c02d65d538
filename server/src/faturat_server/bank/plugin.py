"""The reference bank's hooks."""

from datetime import timedelta

from faturat.bank import Account, CaptureReply, FundsStatus, HoldReply, Released
from faturat.clock import Clock
from faturat.hookspecs import hookimpl
from faturat.payments.types import Order
from faturat.plugins.context import PluginContext
from faturat.store.postgres import Database, SchemaError
from faturat_server.bank import books, ledger, settings
from faturat_server.bank.piccolo_app import APP_CONFIG
from faturat_server.bank.tables import TABLES


class ReferenceBank:
    """A bank with its own pool and its own transactions, as a foreign bank would have; one in a process.

    Raises OrderConflict (nothing was moved) for an order that contradicts what was done under its id before.
    """

    api = 1
    Settings = settings.Settings

    def __init__(self, settings: settings.Settings) -> None:
        self._settings = settings

    async def open(self, context: PluginContext) -> None:
        self._clock: Clock = context.clock
        self._database = await Database.open(self._settings.database_url, TABLES)
        try:
            await self._database.require_schema([APP_CONFIG])
        except SchemaError:
            await self._database.close()
            raise

    async def close(self) -> None:
        await self._database.close()

    @hookimpl
    async def list_accounts(self, customer: str) -> tuple[Account, ...]:
        return await ledger.accounts(customer)

    @hookimpl
    async def hold_funds(self, order: Order) -> HoldReply:
        return await ledger.hold(order, self._clock.now() + timedelta(seconds=self._settings.hold_lifetime))

    @hookimpl
    async def capture_funds(self, order: Order) -> CaptureReply:
        return await ledger.capture(order)

    @hookimpl
    async def release_funds(self, order: Order) -> Released:
        return await ledger.release(order)

    @hookimpl
    async def funds_status(self, order: Order) -> FundsStatus:
        return await ledger.status(order)

    @hookimpl
    async def list_orders(self, after: str, limit: int) -> tuple[FundsStatus, ...]:
        return await ledger.orders(after, limit)

    @hookimpl
    async def check_books(self) -> tuple[str, ...]:
        return await books.check_books()
