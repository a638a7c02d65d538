"""Companies that are simulated on real sockets, and one engine that pays them from the reference bank on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from reconciling_kit import Bank

from faturat import PluginChoice
from faturat.host import open_host
from faturat.plugins.simulators import installed_simulators
from faturat.settings import Settings, write_settings
from faturat.store.postgres import Database
from faturat.testing.company import Company
from faturat_server.bank.seed import seed_demo
from faturat_server.schema import APPS


@pytest.fixture
def billers() -> list[str]:
    """The companies of `bank`."""
    return ["oshee"]


@pytest.fixture
async def bank(database_url: str, tmp_path: Path, billers: list[str]) -> AsyncIterator[Bank]:
    database = await Database.open(database_url)
    await database.migrate(APPS)
    await database.close()
    companies: dict[str, Company] = {}
    addresses: dict[str, Any] = {}
    try:
        for name, kind in installed_simulators().items():
            if name in billers:
                # one that works by files does its day's work when it is told to
                options = {"tick": None} if name == "albtelecom" else {}
                companies[name] = simulator = kind(tmp_path / name, **options)
                simulator.books.durable = False
                simulator.seed_cases()
                addresses[name] = await simulator.start()
        if "albtelecom" in addresses:
            addresses["albtelecom"]["exchange_every"] = 1
        choice = PluginChoice(billers=addresses, bank={"reference": {"database_url": database_url}})
        settings = Settings(database_url=database_url, database_pool=4, plugins=choice)
        file = tmp_path / "faturat.toml"
        plugins = {"billers": choice.billers, "bank": choice.bank}
        write_settings(file, {"database_url": database_url, "database_pool": 4, "plugins": plugins})
        async with open_host(settings) as host:
            await seed_demo()
            yield Bank(host.faturat, companies, file)
    finally:
        for simulator in companies.values():
            await simulator.stop()
