"""`faturat migrate`: the database's schema, brought to this version."""

import asyncio
from pathlib import Path

import click

from faturat.store.postgres import APP, Database
from faturat_server.commands.opening import config_option, server_settings
from faturat_server.schema import APPS


@click.command(epilog="Example: faturat migrate --config faturat.toml")
@config_option
def migrate(config: Path | None) -> None:
    """Run the migrations that are pending, forwards only; several processes may try at once, one does it."""
    done = asyncio.run(run_migrations(server_settings(config).require_database()))
    click.echo(f"{done} migrations run; the schema is this version's")


async def run_migrations(url: str) -> int:
    """Bring the schema at `url` to this version; returns how many migrations that took."""
    database = await Database.open(url, pool_size=1)
    try:
        return len(await database.migrate([APP, *APPS]))
    finally:
        await database.close()
