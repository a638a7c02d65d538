"""`faturat verify`: every invariant, on a live database."""

import asyncio
import sys
from pathlib import Path
from typing import TextIO

import click
from msgspec.structs import replace

from faturat.checkpoints.types import Checkpoint, read_paper
from faturat.command.choosing import (
    chosen_settings,
    config_option,
    data_option,
    database_option,
    demo_folder,
    open_chosen,
)
from faturat.settings import Settings
from faturat.verify import Report
from faturat.verify import verify as check

TELL_EVERY = 10_000
"""Payments between two words of progress."""


@click.command(epilog="Example: faturat verify --data .faturat")
@data_option
@config_option
@database_option
@click.option(
    "--checkpoint", "paper", type=click.File(encoding="utf-8"), help="A checkpoint as `faturat checkpoint` printed it."
)
@click.option("--trust", multiple=True, metavar="KEY", help="A public key that may sign; default trusted_keys.")
def verify(
    data: Path | None, config: Path | None, database: str | None, paper: TextIO | None, trust: tuple[str, ...]
) -> None:
    """Check every payment, its events, its funds at the bank, checkpoints, the outbox and the bank's books.

    May run while payments go on. Exits with 1 where an invariant is broken, and names the row; with 2 where
    something could not be checked, as when the bank did not answer.
    """
    settings = chosen_settings(data, config, database)
    settings = replace(settings, trusted_keys=trust or settings.trusted_keys)
    printed = None if paper is None else read_paper(paper.read())
    report = asyncio.run(_verify(settings, demo_folder(data, config), printed))
    click.echo(f"{report.payments} payments with {report.events} events checked, {report.checkpoints} checkpoints")
    for key in report.keys:
        click.echo(f"checkpoints signed by {key}")
    for words in report.notes:
        click.echo(words)
    for fault in report.faults:
        click.echo(str(fault))
    if report.faults:
        click.echo(f"{len(report.faults)} faults. Stop paying, keep the database as it is, and look at these rows.")
        sys.exit(1)
    for words in report.unchecked:
        click.echo(f"not checked: {words}")
    if report.unchecked:
        click.echo("No fault was found in the rest. Run this again when that can be checked.")
        sys.exit(2)
    click.echo("every invariant holds")


async def _verify(settings: Settings, demo: Path | None, paper: Checkpoint | None) -> Report:
    async with open_chosen(settings, demo) as host:
        return await check(host.faturat, paper=paper, trusted=settings.trusted_keys, progress=_tell)


def _tell(payments: int) -> None:
    if payments % TELL_EVERY == 0:
        click.echo(f"{payments} payments checked ...", err=True)
