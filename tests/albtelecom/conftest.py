import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import structlog
from albtelecom_kit import HandClock, Host

from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat_albtelecom.plugin import Albtelecom
from faturat_albtelecom.simulator import Simulator


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's seed, to be copied: each of its two hundred changes waits for the disk."""
    folder = tmp_path_factory.mktemp("albtelecom")
    Simulator(folder, HandClock(), tick=None).demo_seed()
    return folder


@pytest.fixture
async def simulator(seeded: Path, tmp_path: Path, clock: HandClock) -> AsyncIterator[Simulator]:
    """ALBTELECOM's side with the demo's seed, listening; it works when it is told to. Its register is published."""
    shutil.copytree(seeded, tmp_path, dirs_exist_ok=True)
    simulator = Simulator(tmp_path, clock, tick=None)
    simulator.address = await simulator.start()
    simulator.publish()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def open_plugin(clock: HandClock) -> AsyncIterator[Callable[..., Awaitable[Albtelecom]]]:
    """Opens plugins with settings, and closes them after the test."""
    opened: list[Albtelecom] = []

    async def open_one(**settings: object) -> Albtelecom:
        plugin = Albtelecom(Albtelecom.Settings(**settings))
        await plugin.open(PluginContext(clock, structlog.stdlib.get_logger(), open_session))
        opened.append(plugin)
        return plugin

    yield open_one
    for plugin in opened:
        await plugin.close()


@pytest.fixture
async def plugin(simulator: Simulator, open_plugin: Callable[..., Awaitable[Albtelecom]]) -> Albtelecom:
    """The plugin, towards the simulator, with half a second for each answer."""
    return await open_plugin(**simulator.address, timeout=0.5)


@pytest.fixture
def host(plugin: Albtelecom) -> Host:
    return Host(plugin)
