"""`faturat verify`: every invariant, on a live database."""

import asyncio
import os
import sys
from pathlib import Path

import click
from msgspec.structs import replace

from faturat.host import open_host
from faturat.settings import BadSettings, Settings, read_settings
from faturat.verify import Report
from faturat.verify import verify as check


@click.command(epilog="Example: faturat verify --data .faturat")
@click.option("--data", type=click.Path(path_type=Path), help="The folder of a demo, running or not.")
@click.option("--database", metavar="URL", help="The database; default: database_url of the settings.")
@click.option("--config", type=click.Path(path_type=Path), help="The settings file; default faturat.toml.")
def verify(data: Path | None, database: str | None, config: Path | None) -> None:
    """Check every payment, its events, its funds at the bank, the outbox and the bank's books.

    Exits with 1 where an invariant is broken, and names the row.
    """
    report = asyncio.run(_verify_data(data) if data is not None else _verify(_settings(database, config)))
    click.echo(f"{report.payments} payments with {report.events} events checked")
    for fault in report.faults:
        click.echo(str(fault))
    if report.faults:
        click.echo(f"{len(report.faults)} faults. Stop paying, keep the database as it is, and look at these rows.")
        sys.exit(1)
    click.echo("every invariant holds")


def _settings(database: str | None, config: Path | None) -> Settings:
    settings = read_settings(Settings, os.environ, config)
    return settings if database is None else replace(settings, database_url=database)


async def _verify(settings: Settings) -> Report:
    async with open_host(settings) as host:
        return await check(host.faturat)


async def _verify_data(data: Path) -> Report:
    """A demo writes its settings beside its data; its database is started where it does not run."""
    from faturat.store.postgres.embedded import EmbeddedPostgres

    file = data / "faturat.toml"
    if not file.is_file():
        raise BadSettings(f"{data} holds no demo. Run `faturat demo --data {data}` first.")
    postgres = EmbeddedPostgres(data / "postgres")
    ran = postgres.running
    await postgres.start()
    try:
        return await _verify(read_settings(Settings, {}, file))
    finally:
        if not ran:
            await postgres.stop()
