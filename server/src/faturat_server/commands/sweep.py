"""`faturat sweep`: ask the companies for new invoices now."""

import asyncio
from pathlib import Path

import click

from faturat_server.commands.opening import config_option, open_server, server_settings
from faturat_server.settings import ServerSettings


@click.command(epilog="Example: faturat sweep --config faturat.toml")
@config_option
def sweep(config: Path | None) -> None:
    """Check every contract whose time has come, once, and deliver the notices; the worker does this by itself."""
    contracts, notices = asyncio.run(_sweep(server_settings(config)))
    click.echo(f"{contracts} contracts checked, {notices} deliveries made or tried")


async def _sweep(settings: ServerSettings) -> tuple[int, int]:
    contracts = notices = 0
    async with open_server(settings) as host:
        while done := await host.faturat.invoices.sweep():
            contracts += done
            click.echo(f"{contracts} contracts checked ...", err=True)
        while done := await host.faturat.outbox.deliver():
            notices += done
    return contracts, notices
