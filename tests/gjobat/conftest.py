import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import structlog
from gjobat_kit import HandClock

from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat_gjobat import certificates
from faturat_gjobat.plugin import Gjobat
from faturat_gjobat.settings import Settings
from faturat_gjobat.simulator import Simulator


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulator's folder with the demo's seed and its certificates, to be copied: two hundred durable changes."""
    folder = tmp_path_factory.mktemp("seeded")
    simulator = Simulator(folder, HandClock())
    simulator.demo_seed()
    simulator.tls()
    return folder


@pytest.fixture(scope="session")
def certified(seeded: Path) -> dict[str, str]:
    """The files of a bank that some CA vouches for, as settings."""
    names = {"certificate": certificates.CLIENT, "key": certificates.CLIENT_KEY, "ca": certificates.CA}
    return {field: str(seeded / "tls" / name) for field, name in names.items()}


@pytest.fixture
def unopened(certified: dict[str, str]) -> Callable[..., Gjobat]:
    """Makes plugins that are never opened."""
    return lambda **settings: Gjobat(Settings(**({"url": "https://gjobat.example/api"} | certified | settings)))


@pytest.fixture
def data(tmp_path: Path, seeded: Path) -> Path:
    """A simulator's folder of this test alone, with the demo's seed."""
    return Path(shutil.copytree(seeded, tmp_path / "company"))


@pytest.fixture
async def simulator(data: Path, clock: HandClock) -> AsyncIterator[Simulator]:
    """The company's side with the demo's seed, listening."""
    simulator = Simulator(data, clock)
    simulator.address = await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def open_plugin(clock: HandClock) -> AsyncIterator[Callable[..., Awaitable[Gjobat]]]:
    """Opens plugins with settings, and closes them after the test."""
    opened: list[Gjobat] = []

    async def open_one(**settings: object) -> Gjobat:
        plugin = Gjobat(Settings(**settings))
        await plugin.open(PluginContext(clock, structlog.stdlib.get_logger(), open_session))
        opened.append(plugin)
        return plugin

    yield open_one
    for plugin in opened:
        await plugin.close()


@pytest.fixture
async def plugin(simulator: Simulator, open_plugin: Callable[..., Awaitable[Gjobat]]) -> Gjobat:
    """The plugin, towards the simulator, with a time-out of half a second."""
    return await open_plugin(**simulator.address, timeout=0.5)
