"""The bank as a plugin: its hooks, its settings, and that its transactions are its own."""

from contextlib import suppress

import aiohttp
import asyncpg
import msgspec
import pluggy
import pytest
import structlog

from faturat.bank import FundsState
from faturat.clock import SystemClock
from faturat.hookspecs import BankSpec
from faturat.plugins.context import PluginContext
from faturat.store.postgres import TABLES as TABLES_OF_FATURAT
from faturat.store.postgres import Database, SchemaError
from faturat_server.bank.plugin import ReferenceBank


async def test_it_implements_every_hook_of_a_bank(bank):
    manager = pluggy.PluginManager("faturat")
    manager.add_hookspecs(BankSpec)
    manager.register(bank)
    manager.check_pending()
    hooks = [name for name in vars(BankSpec) if not name.startswith("_")]
    assert [name for name in hooks if len(getattr(manager.hook, name).get_hookimpls()) != 1] == []


async def test_what_it_did_stays_when_faturat_rolls_back(bank, database_url, new_order):
    order = new_order()
    faturat = await Database.open(database_url, TABLES_OF_FATURAT)
    with suppress(asyncpg.PostgresError):
        async with faturat.transaction():
            await bank.hold_funds(order)
            await faturat.fetch("SELECT 1 / 0")
    await faturat.close()
    assert (await bank.funds_status(order)).state is FundsState.HELD


async def test_it_does_not_open_on_a_database_without_its_schema(database_url):
    bank = ReferenceBank(ReferenceBank.Settings(database_url))
    with pytest.raises(SchemaError, match="faturat migrate"):
        await bank.open(PluginContext(SystemClock(), structlog.get_logger(), aiohttp.ClientSession))


def test_a_lifetime_that_cannot_work_is_refused_and_the_url_is_not_shown():
    with pytest.raises(msgspec.ValidationError, match="hold_lifetime"):
        msgspec.convert({"database_url": "postgresql://", "hold_lifetime": 0}, ReferenceBank.Settings)
    assert "secret" not in repr(ReferenceBank.Settings("postgresql://faturat:secret@host/bank"))
