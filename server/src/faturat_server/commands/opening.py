"""What the commands that need a database share: the settings, the host, and errors that say what to do."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from faturat.host import Host, open_host
from faturat.settings import read_settings
from faturat_server.schema import APPS, TABLES
from faturat_server.settings import ServerSettings

config_option = click.option(
    "--config", type=click.Path(path_type=Path), help="The settings file; default faturat.toml, or FATURAT_CONFIG."
)


def server_settings(config: Path | None) -> ServerSettings:
    return read_settings(ServerSettings, os.environ, config)


@asynccontextmanager
async def open_server(settings: ServerSettings) -> AsyncIterator[Host]:
    """The host with the server's own tables beside Faturat's."""
    async with open_host(settings, TABLES, APPS) as host:
        yield host
