"""Both stores, by one fixture."""

from collections.abc import AsyncIterator

import pytest

from faturat.store.memory import MemoryStore
from faturat.store.port import Store
from faturat.store.postgres import TABLES, Database, PostgresStore


@pytest.fixture(params=["memory", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str | None:
    url: str | None = request.getfixturevalue("database_url") if request.param == "postgres" else None
    return url


@pytest.fixture
async def store(store_url: str | None) -> AsyncIterator[Store]:
    if store_url is None:
        yield MemoryStore()
        return
    database = await Database.open(store_url, TABLES)
    yield PostgresStore(database)
    await database.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await Database.open(database_url, TABLES)
    yield database
    await database.close()
