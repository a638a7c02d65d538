import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import structlog
from ukt_kit import HandClock, Scripted

from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat_ukt.plugin import Ukt
from faturat_ukt.simulator import Simulator


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books with the demo's seed, to be copied: writing them anew takes longer than most tests."""
    folder = tmp_path_factory.mktemp("ukt")
    Simulator(folder, HandClock()).demo_seed()
    return folder


@pytest.fixture
async def simulator(tmp_path: Path, clock: HandClock, seeded: Path) -> AsyncIterator[Simulator]:
    """UKT's side with the demo's seed, listening."""
    shutil.copytree(seeded, tmp_path / "ukt")
    simulator = Simulator(tmp_path / "ukt", clock)
    simulator.address = await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def scripted() -> AsyncIterator[Scripted]:
    """A company that says what a test tells it, listening."""
    company = Scripted()
    company.address = await company.start()
    yield company
    await company.stop()


@pytest.fixture
async def open_plugin(clock: HandClock) -> AsyncIterator[Callable[..., Awaitable[Ukt]]]:
    """Opens plugins with settings, and closes them after the test."""
    opened: list[Ukt] = []

    async def open_one(**settings: object) -> Ukt:
        plugin = Ukt(Ukt.Settings(**settings))
        await plugin.open(PluginContext(clock, structlog.stdlib.get_logger(), open_session))
        opened.append(plugin)
        return plugin

    yield open_one
    for plugin in opened:
        await plugin.close()


@pytest.fixture
async def plugin(simulator: Simulator, open_plugin: Callable[..., Awaitable[Ukt]]) -> Ukt:
    """The plugin, towards the simulator, with a time-out of half a second."""
    return await open_plugin(**simulator.address, timeout=0.5)
