"""Which settings a command that only looks works on."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from faturat.settings import DEFAULT_FILE, BadSettings, Settings, read_settings

DEMO = Path(".faturat")

config_option = click.option(
    "--config", type=click.Path(path_type=Path), help="The settings file; default FATURAT_CONFIG or faturat.toml."
)
data_option = click.option(
    "--data", type=click.Path(path_type=Path), help=f"The folder of a demo; default {DEMO}, where nothing else is set."
)


def demo_folder(data: Path | None, config: Path | None) -> Path | None:
    """The demo's folder, where one is named, or where nothing else is set and one is there; else None."""
    if data is not None:
        if not (data / "faturat.toml").is_file():
            raise BadSettings(f"{data} holds no demo. Run `faturat demo --data {data}` first.")
        return data
    elsewhere = config is not None or any(name.startswith("FATURAT_") for name in os.environ) or DEFAULT_FILE.is_file()
    return DEMO if not elsewhere and (DEMO / "faturat.toml").is_file() else None


def chosen_settings(data: Path | None, config: Path | None) -> Settings:
    """The settings of the demo or of the installation; raises BadSettings."""
    folder = demo_folder(data, config)
    if folder is not None:
        return read_settings(Settings, {}, folder / "faturat.toml")
    return read_settings(Settings, os.environ, config)


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
