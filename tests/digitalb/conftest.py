import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import structlog
from digitalb_kit import HandClock

from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat_digitalb.plugin import Digitalb
from faturat_digitalb.simulator import Simulator


@pytest.fixture
def clock() -> HandClock:
    """The company's clock, and the bank's unless a test gives it another."""
    return HandClock()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books with the demo's seed, for tests to copy: some 220 invoices, each durable, take half a second."""
    folder = tmp_path_factory.mktemp("digitalb")
    Simulator(folder, HandClock()).demo_seed()
    return folder / "books.sqlite"


@pytest.fixture
async def simulator(tmp_path: Path, clock: HandClock, seeded: Path) -> AsyncIterator[Simulator]:
    """DIGITALB's side with the demo's seed, listening."""
    shutil.copy(seeded, tmp_path)
    simulator = Simulator(tmp_path, clock)
    simulator.address = await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def open_plugin(clock: HandClock) -> AsyncIterator[Callable[..., Awaitable[Digitalb]]]:
    """Opens plugins with settings, and closes them after the test."""
    opened: list[Digitalb] = []

    async def open_one(clock: HandClock = clock, **settings: object) -> Digitalb:
        plugin = Digitalb(Digitalb.Settings(**settings))
        await plugin.open(PluginContext(clock, structlog.stdlib.get_logger(), open_session))
        opened.append(plugin)
        return plugin

    yield open_one
    for plugin in opened:
        await plugin.close()


@pytest.fixture
async def plugin(simulator: Simulator, open_plugin: Callable[..., Awaitable[Digitalb]]) -> Digitalb:
    """The plugin, towards the simulator, with a time-out of 0.3 seconds."""
    return await open_plugin(**simulator.address, timeout=0.3)
