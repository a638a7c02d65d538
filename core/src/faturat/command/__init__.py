"""The command `faturat`. Subcommands come by the entry-point group faturat.commands; core's own are here."""

import sys
from importlib.metadata import entry_points
from typing import Any

import click
import structlog

from faturat.command.check import check
from faturat.command.checkpoint import checkpoint
from faturat.command.new import new
from faturat.command.plugins import plugins
from faturat.command.simulate import simulate
from faturat.command.verify import verify
from faturat.errors import StartError

POINTS = {point.name: point for point in entry_points(group="faturat.commands")}


class _Group(click.Group):
    """Loads a distribution's subcommand when it is asked for, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *POINTS})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in POINTS:
            command: click.Command = POINTS[name].load()
            return command
        return super().get_command(ctx, name)

    def invoke(self, ctx: click.Context) -> Any:
        """What stops a command for a reason that somebody can mend ends in one line, not in a traceback."""
        try:
            return super().invoke(ctx)
        except StartError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="faturat")
def main() -> None:
    """Faturat: bill payment that a bank embeds.

    Start with `faturat demo`, which needs nothing but this installation.
    """
    # what a command prints is its answer, and may go into a file
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


for _command in (check, checkpoint, new, plugins, simulate, verify):
    main.add_command(_command)
