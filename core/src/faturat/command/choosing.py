"""Which settings a command that only looks works on."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from faturat.errors import StartError
from faturat.settings import DEFAULT_FILE, BadSettings, Settings, read_settings

if TYPE_CHECKING:
    from faturat.host import Host

DEMO = Path(".faturat")

config_option = click.option(
    "--config", type=click.Path(path_type=Path), help="The settings file; default FATURAT_CONFIG or faturat.toml."
)
data_option = click.option(
    "--data", type=click.Path(path_type=Path), help=f"The folder of a demo; default {DEMO}, where nothing else is set."
)
database_option = click.option("--database", metavar="URL", help="The database; default database_url of the settings.")


def demo_folder(data: Path | None, config: Path | None) -> Path | None:
    """The demo's folder, where one is named, or where nothing else is set and one is there; else None."""
    if data is not None:
        if not (data / "faturat.toml").is_file():
            raise BadSettings(f"{data} holds no demo. Run `faturat demo --data {data}` first.")
        return data
    elsewhere = config is not None or any(name.startswith("FATURAT_") for name in os.environ) or DEFAULT_FILE.is_file()
    return DEMO if not elsewhere and (DEMO / "faturat.toml").is_file() else None


def chosen_settings(data: Path | None, config: Path | None, database: str | None = None) -> Settings:
    """The settings of the demo or of the installation, on another database where one is named; raises BadSettings."""
    folder = demo_folder(data, config)
    if folder is not None:
        settings = read_settings(Settings, {}, folder / "faturat.toml")
    else:
        settings = read_settings(Settings, os.environ, config)
    return settings if database is None else replace(settings, database_url=database)


@asynccontextmanager
async def open_chosen(settings: Settings, demo: Path | None) -> AsyncIterator["Host"]:
    """The host of these settings, its database started where it is a demo's."""
    try:
        from faturat.host import open_host  # needs the extra, which the other commands do without
    except ImportError as error:
        raise StartError("the PostgreSQL store is not installed. pip install 'faturat[postgres]'") from error

    async with demo_database(demo), open_host(settings) as host:
        yield host


@asynccontextmanager
async def demo_database(demo: Path | None) -> AsyncIterator[None]:
    """A demo's database is started where it does not run, and stopped again; None: the database is nobody's demo."""
    if demo is None:
        yield
        return
    from faturat.store.postgres.embedded import EmbeddedPostgres  # needs the extra

    postgres = EmbeddedPostgres(demo / "postgres")
    ran = postgres.running
    await postgres.start()
    try:
        yield
    finally:
        if not ran:
            await postgres.stop()
