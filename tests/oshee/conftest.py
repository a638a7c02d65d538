from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import structlog
from oshee_kit import HandClock

from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat_oshee.plugin import Oshee
from faturat_oshee.simulator import Simulator


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def simulator(tmp_path: Path, clock: HandClock) -> AsyncIterator[Simulator]:
    """OSHEE's side with the demo's seed, listening."""
    simulator = Simulator(tmp_path, clock)
    simulator.books.durable = False
    simulator.demo_seed()
    simulator.address = await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def open_plugin(clock: HandClock) -> AsyncIterator[Callable[..., Awaitable[Oshee]]]:
    """Opens plugins with settings, and closes them after the test."""
    opened: list[Oshee] = []

    async def open_one(**settings: object) -> Oshee:
        plugin = Oshee(Oshee.Settings(**settings))
        await plugin.open(PluginContext(clock, structlog.stdlib.get_logger(), open_session))
        opened.append(plugin)
        return plugin

    yield open_one
    for plugin in opened:
        await plugin.close()


@pytest.fixture
async def plugin(simulator: Simulator, open_plugin: Callable[..., Awaitable[Oshee]]) -> Oshee:
    """The plugin, towards the simulator, with a time-out of half a second."""
    return await open_plugin(**simulator.address, timeout=0.5)
