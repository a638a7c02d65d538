"""`faturat reconcile`: our settled payments against a company's statement of one day."""

import asyncio
import re
import sys
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from faturat import ExchangeFile, FaturatError, FindingKind, Reconciliation, format_amount
from faturat.command.choosing import chosen_settings, config_option, data_option, demo_database, demo_folder
from faturat.errors import StartError
from faturat.host import open_host
from faturat.logs import log_failure
from faturat.plugins.http import MAX_STATEMENT
from faturat.reconciliation.wording import KINDS, next_step
from faturat.settings import Settings
from faturat_server.logs import configure_logs
from faturat_server.reconciliations import as_csv, as_json, notes, read_day

NOT_IN_A_NAME = re.compile(r"[^0-9A-Za-z._-]", re.ASCII)


class Failed(click.ClickException):
    """Nothing was compared and nothing kept; the words say what to mend."""

    exit_code = 2


def _day(_context: click.Context, _parameter: click.Parameter, value: str) -> date:
    try:
        return read_day(value)
    except FaturatError as error:
        raise click.BadParameter(error.message("en")) from error


@click.command(epilog="Example: faturat reconcile water 23.11.2026 --format csv > water.csv")
@click.argument("biller")
@click.argument("day", metavar="DATE", callback=_day)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@data_option
@config_option
def reconcile(biller: str, day: date, file: Path | None, form: str, data: Path | None, config: Path | None) -> None:
    """Compare the payments that settled on DATE with BILLER's statement of that day, and keep the result.

    The company is asked for its statement; FILE is one that it sent by other means. DATE runs from midnight to midnight
    in Tirana, and should be over. No payment is changed.

    Exits with 0 where all matched, with 1 where there are differences, with 2 where nothing could be compared.
    """
    configure_logs(plain=True)
    try:
        statement = None if file is None else _read(file)
        made = asyncio.run(_run(chosen_settings(data, config), demo_folder(data, config), biller, day, statement))
    except StartError as error:
        raise Failed(str(error)) from error
    except FaturatError as error:
        raise Failed(error.message("en")) from error
    except click.ClickException:
        raise
    except Exception as error:  # which would end with 1, as a difference does
        log_failure("reconcile_failed", error)
        raise Failed(f"it failed with {type(error).__name__}; the log says where. Run it again.") from error
    if form == "csv":
        click.echo(as_csv(made), nl=False)
    elif form == "json":
        click.echo(as_json(made))
    else:
        _show(made)
    sys.exit(1 if made.differences else 0)


def _read(file: Path) -> ExchangeFile:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_STATEMENT + 1)
    except OSError as error:
        raise Failed(
            f"FILE: {file} cannot be read: {error.strerror}. Name the statement that the company sent."
        ) from error
    if len(content) > MAX_STATEMENT:
        raise Failed(f"FILE: {file} has more than {MAX_STATEMENT} bytes. Name the statement that the company sent.")
    return ExchangeFile(NOT_IN_A_NAME.sub("_", file.name).lstrip("._-")[:120] or "statement", content)


async def _run(
    settings: Settings, demo: Path | None, biller: str, day: date, statement: ExchangeFile | None
) -> Reconciliation:
    async with demo_database(demo), open_host(settings) as host:
        if biller not in host.faturat.billers:
            known = ", ".join(sorted(host.faturat.billers)) or "none"
            raise Failed(f"BILLER: there is no company {biller!r} in the settings. They have: {known}.")
        return await host.faturat.reconciliation.run(biller, day, statement)


def _show(made: Reconciliation) -> None:
    """A table of what is not plainly matched, and the totals."""
    table = Table("finding", "order", "state", "here", "there", "what to do next")
    for finding in made.findings:
        if finding.kind is FindingKind.MATCHED and not finding.notes:
            continue
        amounts = [
            "" if amount is None else format_amount(amount, made.currency, "en")
            for amount in (finding.amount_here, finding.amount_there)
        ]
        step = next_step(finding)
        words = notes(finding) if step is None else f"{step.en} {notes(finding)}".strip()
        cells = (KINDS[finding.kind].en, finding.order_id, finding.state or "not ours", *amounts, words)
        table.add_row(*(Text(cell) for cell in cells))  # not as markup: the company wrote some of it
    if table.row_count:
        Console().print(table)
    totals = made.totals
    here, there = (format_amount(each, made.currency, "en") for each in (totals.amount_here, totals.amount_there))
    click.echo(
        f"{made.biller}, {made.day:%d.%m.%Y}: {totals.matched} matched, {totals.differences} differences; "
        f"{here} here, {there} there"
    )
    click.echo(f"kept as {made.id}, with the statement {made.file}")
