"""`faturat demo`: everything on this machine, with nothing to set up."""

import asyncio
import fcntl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import click

from faturat import FaturatError
from faturat.checkpoints.signing import new_secret
from faturat.clock import SystemClock
from faturat.host import Host
from faturat.plugins.simulators import Simulator, installed_simulators
from faturat.settings import BadSettings, read_settings, write_settings
from faturat.store.postgres.embedded import EmbeddedPostgres
from faturat_server.access.service import Access
from faturat_server.bank.seed import seed_demo
from faturat_server.commands.migrate import run_migrations
from faturat_server.commands.opening import open_server
from faturat_server.logs import configure_logs
from faturat_server.serving import require_free, serve, stop_signals
from faturat_server.settings import ServerSettings

USERNAME, OPERATOR, PASSWORD = "demo", "operator", "faturat-demo"


@click.command(epilog="Example: faturat demo --port 8080 --data /tmp/faturat-demo")
@click.option("--data", type=click.Path(path_type=Path), default=Path(".faturat"), show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def demo(data: Path, port: int) -> None:
    """Run the demo until Ctrl-C: a database, the companies, pages, API and worker, all on 127.0.0.1.

    What you do in it is kept in --data between runs.
    """
    configure_logs(plain=True)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSettings(f"{data} cannot be a folder: {error.strerror}. Choose another by --data.") from error
    with _locked(data):
        asyncio.run(_demo(data.resolve(), port))


async def _demo(data: Path, port: int) -> None:
    began = time.monotonic()
    require_free("127.0.0.1", port)
    stop = stop_signals()
    async with _database(data) as url, _companies(data) as billers:
        settings = _settings(data, url, port, billers)
        async with open_server(settings) as host:
            await _seed(host, settings)

            def ready() -> None:
                click.echo(f"Ready in {time.monotonic() - began:.1f} s: http://127.0.0.1:{port}")
                click.echo(f"Log in as {USERNAME} with the password {PASSWORD}.")
                click.echo(f"The bank's side: log in as {OPERATOR} with the password {PASSWORD}. Ctrl-C stops.")

            await serve(host, settings, stop, ready, worker=True)


@contextmanager
def _locked(data: Path) -> Iterator[None]:
    """One demo per folder: two would be one database with two owners."""
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BadSettings(f"a demo runs on {data} already. Stop it, or choose another folder by --data.") from error
        yield


@asynccontextmanager
async def _database(data: Path) -> AsyncIterator[str]:
    click.echo("Database ...")
    postgres = EmbeddedPostgres(data / "postgres")
    url = await postgres.start()
    try:
        await run_migrations(url)
        yield url
    finally:
        await postgres.stop()


@asynccontextmanager
async def _companies(data: Path) -> AsyncIterator[dict[str, dict[str, Any]]]:
    """Every installed simulator; yields, by biller, the settings with which its plugin reaches it."""
    running: list[Simulator] = []
    settings = {}
    try:
        for name, kind in installed_simulators().items():
            simulator = kind(data / "companies" / name)
            settings[name] = await simulator.start()
            running.append(simulator)
            simulator.demo_seed()
        click.echo(f"Companies, simulated: {', '.join(settings) or 'none installed'}")
        yield settings
    finally:
        for simulator in reversed(running):
            await simulator.stop()


def _settings(data: Path, url: str, port: int, billers: dict[str, dict[str, Any]]) -> ServerSettings:
    """Written beside the data, so that every other command works on this demo by --config or --data."""
    file = data / "faturat.toml"
    write_settings(
        file,
        {
            "database_url": url,
            "plugins": {
                "billers": billers,
                "bank": {"reference": {"database_url": url}},
                "observers": {
                    "apprise": {},
                    "push": {"contact": "demo@faturat.example"},
                    "channels": {"local_webhooks": True},
                },
            },
            "engine": {"sweep_every": 10, "retry_after": 10},
            "checkpoint_key": _checkpoint_key(data / "checkpoint.key"),
            "web": {"port": port, "secure_cookies": False, "public_url": f"http://127.0.0.1:{port}"},
        },
    )
    return read_settings(ServerSettings, {}, file)


def _checkpoint_key(file: Path) -> str:
    """The demo's own, made at its first start, for its owner's eyes."""
    file.touch(mode=0o600)
    if not file.read_text("ascii"):
        file.write_text(new_secret(), "ascii")
    return file.read_text("ascii").strip()


async def _seed(host: Host, settings: ServerSettings) -> None:
    await seed_demo()
    access = Access(host.database, SystemClock(), settings)
    for adding in (access.add_user(USERNAME, PASSWORD, "demo", "sq"), access.add_operator(OPERATOR, PASSWORD, "sq")):
        try:
            await adding
        except FaturatError as error:
            if error.code != "username_taken":
                raise
