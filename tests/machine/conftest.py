"""Both stores for one machine: a loop that lives as long as it does, and an empty store for each example."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from machine_rules import Machine

from faturat.store.memory import MemoryStore
from faturat.store.port import Store
from faturat.store.postgres import TABLES, Database, PostgresStore


@pytest.fixture(params=["memory", "postgres"])
def where(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def machine(request: pytest.FixtureRequest, where: str) -> Iterator[Callable[[bool], type[Machine]]]:
    """Makes a machine on a company that is asked each time (live), or that is not."""
    url = request.getfixturevalue("database_url") if where == "postgres" else None
    with asyncio.Runner() as runner:
        database = None if url is None else runner.run(Database.open(url, TABLES, pool_size=4))
        empty = "; ".join(f"DELETE FROM {table._meta.tablename}" for table in reversed(TABLES))

        async def new_store() -> Store:
            if database is None:
                return MemoryStore()
            await database.pool.execute(empty)
            return PostgresStore(database)

        def make(live: bool) -> type[Machine]:
            parts = {"run": staticmethod(runner.run), "new_store": staticmethod(new_store), "live": live}
            return type("Machine", (Machine,), parts)

        yield make
        if database is not None:
            runner.run(database.close())
