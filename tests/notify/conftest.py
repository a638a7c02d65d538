"""A simulated company, and a database that holds the server's tables too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fakes.clock import FakeClock

from faturat.store.postgres import Database
from faturat_oshee.simulator import Simulator
from faturat_server.schema import APPS


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def company(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Simulator]:
    """OSHEE's side with the demo's seed, listening."""
    simulator = Simulator(tmp_path, clock)
    simulator.address = await simulator.start()
    simulator.demo_seed()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def server_url(database_url: str) -> str:
    """The database of `database_url`, with the server's schema."""
    database = await Database.open(database_url)
    await database.migrate(APPS)
    await database.close()
    return database_url
