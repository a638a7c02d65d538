"""`faturat worker`: recovery, sweep and deliveries, without pages."""

import asyncio
from pathlib import Path

import click

from faturat import work
from faturat_server.commands.opening import config_option, open_server, server_settings
from faturat_server.logs import configure_logs
from faturat_server.serving import stop_signals
from faturat_server.settings import ServerSettings


@click.command(epilog="Example: faturat worker --config faturat.toml")
@config_option
def worker(config: Path | None) -> None:
    """Go on with payments, check contracts and deliver notices until Ctrl-C. Any number may run at once."""
    configure_logs()
    asyncio.run(_work(server_settings(config)))


async def _work(settings: ServerSettings) -> None:
    stop = stop_signals()
    async with open_server(settings) as host:
        click.echo("Working; Ctrl-C stops", err=True)
        await work(host.faturat, stop)
