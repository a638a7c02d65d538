"""`faturat simulate`: the installed simulators, as servers on 127.0.0.1."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import click

from faturat.errors import StartError
from faturat.plugins.simulators import Simulator, installed_simulators
from faturat.settings import toml_lines

FIRST_PORT = 8100


@click.command(epilog="Example: faturat simulate --data .faturat/companies")
@click.option("--data", type=click.Path(path_type=Path), default=Path(".faturat/companies"), show_default=True)
@click.option(
    "--port",
    type=click.IntRange(1, 65000),
    default=FIRST_PORT,
    show_default=True,
    help="The first simulator's port; the next have the next.",
)
@click.option("--seed/--no-seed", default=True, show_default=True, help="Put the demo's contracts and invoices there.")
def simulate(data: Path, port: int, seed: bool) -> None:
    """Serve every installed company simulator until Ctrl-C.

    Prints the settings with which its plugin reaches each. Their state is kept in --data.
    """
    asyncio.run(_serve(data, port, seed))


async def _serve(data: Path, port: int, seed: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    running: list[Simulator] = []
    reached_by: dict[str, Any] = {}
    try:
        for offset, (name, kind) in enumerate(installed_simulators().items()):
            simulator = kind(data / name)
            try:
                reached_by[name] = await simulator.start(port + offset)
            except OSError as error:
                raise StartError(f"port {port + offset}: {error.strerror}. Choose others by --port.") from error
            running.append(simulator)
            if seed:
                simulator.demo_seed()
        click.echo("\n".join(toml_lines({"plugins": {"billers": reached_by}})))
        click.echo("# ready; Ctrl-C stops")
        await stop.wait()
    finally:
        for simulator in reversed(running):
            await simulator.stop()
