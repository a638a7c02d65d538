"""`faturat serve`: pages, API and worker."""

import asyncio
from pathlib import Path

import click

from faturat_server.commands.opening import config_option, open_server, server_settings
from faturat_server.logs import configure_logs
from faturat_server.serving import require_free, stop_signals
from faturat_server.serving import serve as serve_host
from faturat_server.settings import ServerSettings


@click.command(epilog="Example: faturat serve --config faturat.toml --no-worker")
@config_option
@click.option("--worker/--no-worker", default=True, show_default=True, help="Do the worker's part in this process too.")
def serve(config: Path | None, worker: bool) -> None:
    """Serve the pages and the API until Ctrl-C.

    Runs the worker in the same process, unless --no-worker leaves it to `faturat worker`.
    """
    configure_logs()
    asyncio.run(_serve(server_settings(config), worker))


async def _serve(settings: ServerSettings, worker: bool) -> None:
    require_free(settings.web.host, settings.web.port)
    stop = stop_signals()
    async with open_server(settings) as host:
        ready = f"Ready at http://{settings.web.host}:{settings.web.port}"
        await serve_host(host, settings, stop, lambda: click.echo(ready, err=True), worker=worker)
