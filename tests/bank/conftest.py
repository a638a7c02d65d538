"""An open reference bank with the demo's accounts on a database of its own, and orders for it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
import structlog

from faturat.billers import Reference
from faturat.payments.types import Order
from faturat.plugins.context import PluginContext
from faturat.store.postgres import Database
from faturat_server.bank.piccolo_app import APP_CONFIG
from faturat_server.bank.plugin import ReferenceBank
from faturat_server.bank.seed import seed_demo
from faturat_server.bank.tables import TABLES

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


class StandingClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
async def bank(database_url: str) -> AsyncIterator[ReferenceBank]:
    database = await Database.open(database_url, TABLES)
    await database.migrate([APP_CONFIG])
    await seed_demo()
    await database.close()
    bank = ReferenceBank(ReferenceBank.Settings(database_url=database_url, hold_lifetime=3600))
    await bank.open(PluginContext(StandingClock(), structlog.get_logger(), aiohttp.ClientSession))
    yield bank
    await bank.close()


@pytest.fixture
def new_order() -> Callable[..., Order]:
    """Makes an order of 1707.40 ALL from the savings account of `demo`, with an id of its own."""

    def order(**changes: Any) -> Order:
        usual = {
            "id": f"pay_{uuid4().hex}",
            "customer": "demo",
            "account": "demo-2",
            "biller": "oshee",
            "reference": Reference("contract", {"code": "TR1A012345678901"}),
            "invoice_key": "2018-07",
            "amount": 1707_40,
            "currency": "ALL",
            "created_at": NOW,
        }
        return Order(**(usual | changes))

    return order
