"""The command `faturat`. Subcommands come by the entry-point group faturat.commands; core's own are here."""

import sys
from importlib.metadata import entry_points

import click

from faturat.command.plugins import plugins
from faturat.command.simulate import simulate
from faturat.command.verify import verify
from faturat.plugins.checks import PluginRefused
from faturat.settings import BadSettings


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        """What stops a command for a reason that somebody can mend ends in one line, not in a traceback."""
        try:
            return super().invoke(ctx)
        except (BadSettings, PluginRefused) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="faturat")
def main() -> None:
    """Faturat: bill payment that a bank embeds.

    Start with `faturat demo`, which needs nothing but this installation.
    """


for _command in (plugins, simulate, verify):
    main.add_command(_command)
for _point in sorted(entry_points(group="faturat.commands")):
    main.add_command(_point.load(), _point.name)

if __name__ == "__main__":
    sys.exit(main())
