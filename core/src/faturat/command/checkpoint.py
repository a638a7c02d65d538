"""`faturat checkpoint`: what is printed, signed and put into a safe."""

import asyncio
from pathlib import Path

import click

from faturat.checkpoints.types import Checkpoint, paper
from faturat.command.choosing import (
    chosen_settings,
    config_option,
    data_option,
    database_option,
    demo_folder,
    open_chosen,
)
from faturat.errors import StartError

NO_KEY = "Set FATURAT_CHECKPOINT_KEY_FILE to a file that `openssl rand -hex 32` wrote."


@click.command(epilog="Example: faturat checkpoint --data .faturat > checkpoint.txt")
@data_option
@config_option
@database_option
def checkpoint(data: Path | None, config: Path | None, database: str | None) -> None:
    """Cover every payment that moved since the newest checkpoint by a new one, and print it, for paper.

    Where nothing moved, or there is no checkpoint_key here, the newest one is printed. Keep it where nobody who can
    write to the database can: `faturat verify --checkpoint FILE` compares the database with it later.
    """
    settings = chosen_settings(data, config, database)

    async def newest() -> Checkpoint | None:
        async with open_chosen(settings, demo_folder(data, config)) as host:
            if host.faturat.checkpoints.can_sign:
                await host.faturat.checkpoints.make()
            else:
                click.echo(f"no new one is made here: {NO_KEY}", err=True)
            return await host.faturat.checkpoints.newest()

    found = asyncio.run(newest())
    if found is None:
        raise StartError(f"there is no checkpoint, for no payment was ever made or no key was ever set. {NO_KEY}")
    click.echo(paper(found), nl=False)
