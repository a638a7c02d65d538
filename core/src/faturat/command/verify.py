"""`faturat verify`: every invariant, on a live database."""

import asyncio
import sys
from pathlib import Path

import click
from msgspec.structs import replace

from faturat.command.choosing import chosen_settings, config_option, data_option, demo_folder
from faturat.errors import StartError
from faturat.settings import Settings
from faturat.verify import Report
from faturat.verify import verify as check


@click.command(epilog="Example: faturat verify --data .faturat")
@data_option
@config_option
@click.option("--database", metavar="URL", help="The database; default database_url of the settings.")
def verify(data: Path | None, config: Path | None, database: str | None) -> None:
    """Check every payment, its events, its funds at the bank, the outbox and the bank's books.

    Exits with 1 where an invariant is broken, and names the row; with 2 where the bank did not answer.
    """
    settings = chosen_settings(data, config)
    if database is not None:
        settings = replace(settings, database_url=database)
    report = asyncio.run(_verify(settings, demo_folder(data, config)))
    click.echo(f"{report.payments} payments with {report.events} events checked")
    for fault in report.faults:
        click.echo(str(fault))
    if report.faults:
        click.echo(f"{len(report.faults)} faults. Stop paying, keep the database as it is, and look at these rows.")
        sys.exit(1)
    for words in report.unchecked:
        click.echo(f"not checked: {words}")
    if report.unchecked:
        click.echo("No fault was found in the rest. Run this again when the bank answers.")
        sys.exit(2)
    click.echo("every invariant holds")


async def _verify(settings: Settings, demo: Path | None) -> Report:
    """A demo's database is started where it does not run, and stopped again."""
    try:
        from faturat.host import open_host  # needs the extra, which the other commands do without
    except ImportError as error:
        raise StartError("the PostgreSQL store is not installed. pip install 'faturat[postgres]'") from error

    if demo is None:
        async with open_host(settings) as host:
            return await check(host.faturat)
    from faturat.store.postgres.embedded import EmbeddedPostgres

    postgres = EmbeddedPostgres(demo / "postgres")
    ran = postgres.running
    await postgres.start()
    try:
        async with open_host(settings) as host:
            return await check(host.faturat)
    finally:
        if not ran:
            await postgres.stop()
