"""A database with payments left in each state, all under a checkpoint; what a test spoils in it is put back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from fakes.clock import FakeClock, copied
from fakes.site import Site, fill, open_site

from faturat.checkpoints.signing import SigningKey, new_secret
from faturat.clock import SystemClock
from faturat.store.postgres import APP, Database
from faturat_server.bank.seed import seed_demo
from faturat_server.schema import APPS

FreshDatabase = Callable[..., AbstractAsyncContextManager[str]]


@pytest.fixture(scope="session")
def signer() -> SigningKey:
    return SigningKey(new_secret())


@pytest.fixture(scope="session")
async def filled(postgres_url: str, signer: SigningKey) -> tuple[str, FakeClock]:
    """The name of the filled database, and the clock as it stood then."""
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("CREATE DATABASE filled_faturat")
    await connection.close()
    url = urlsplit(postgres_url)._replace(path="/filled_faturat").geturl()
    database = await Database.open(url)
    await database.migrate([APP, *APPS])
    await database.close()
    clock = FakeClock()
    async with open_site(url, clock) as site:
        await seed_demo()
        await fill(site)
    async with open_site(url, clock, signer) as site:
        await site.faturat.checkpoints.make()
    return "filled_faturat", clock


@pytest.fixture
async def site_url(filled: tuple[str, FakeClock], fresh_database: FreshDatabase) -> AsyncIterator[str]:
    async with fresh_database(filled[0]) as url:
        yield url


@pytest.fixture
async def site(site_url: str, filled: tuple[str, FakeClock], signer: SigningKey) -> AsyncIterator[Site]:
    async with open_site(site_url, copied(filled[1]), signer) as site:
        yield site


@pytest.fixture
def at_work(empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with some payments by the real clock, and the environment of whoever runs commands on it."""

    async def fill() -> None:
        database = await Database.open(empty_database_url)
        await database.migrate([APP, *APPS])
        await database.close()
        async with open_site(empty_database_url, SystemClock()) as site:
            await seed_demo()
            for number in range(3):
                await site.pay(f"key-{number}")

    asyncio.run(fill())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FATURAT_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("FATURAT_PLUGINS__BANK__REFERENCE__DATABASE_URL", empty_database_url)
    return empty_database_url
