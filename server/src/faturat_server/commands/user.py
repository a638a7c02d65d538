"""`faturat user`: who may log in."""

import asyncio
from pathlib import Path

import click

from faturat import FaturatError, Language
from faturat.clock import SystemClock
from faturat.store.postgres import Database
from faturat_server.access.service import Access
from faturat_server.commands.opening import config_option, server_settings
from faturat_server.schema import TABLES
from faturat_server.settings import ServerSettings


@click.command(epilog="Example: faturat user demo2 --customer C-1007 --language en")
@click.argument("username")
@click.option("--customer", help="The bank's own id of this customer.")
@click.option("--operator", is_flag=True, help="Somebody of the bank, who sees the operators' pages and no customer's.")
@click.option("--language", type=click.Choice(["sq", "en"]), default="sq", show_default=True)
@click.password_option(help="Asked for where it is not given.")
@config_option
def user(
    username: str, customer: str | None, operator: bool, language: Language, password: str, config: Path | None
) -> None:
    """Add a user who logs in with a name and a password, or give one another password.

    With --customer the user is a customer, with --operator an operator; without either, an existing user's password
    changes, which ends everything that the user is logged in with.
    """
    if customer is not None and operator:
        raise click.UsageError("a user is a customer or an operator: give --customer or --operator, not both")
    if customer is not None and not customer.strip():
        raise click.BadParameter("say the bank's own id of this customer", param_hint="--customer")
    try:
        asyncio.run(_save(server_settings(config), username, password, customer, operator, language))
    except FaturatError as error:
        raise click.ClickException(error.message("en")) from error
    click.echo(f"{username} may log in")


async def _save(
    settings: ServerSettings, username: str, password: str, customer: str | None, operator: bool, language: Language
) -> None:
    database = await Database.open(settings.require_database(), TABLES, pool_size=1)
    try:
        access = Access(database, SystemClock(), settings)
        if operator:
            await access.add_operator(username, password, language)
        elif customer is not None:
            await access.add_user(username, password, customer, language)
        else:
            await access.set_password(username, password)
    finally:
        await database.close()
