"""`faturat plugins`: what is loaded, and what it can do."""

import os
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from faturat.billers import Capabilities
from faturat.plugins.loading import LoadedPlugin, load_plugins
from faturat.settings import Settings, read_settings


@click.command(epilog="Example: faturat plugins --config faturat.toml")
@click.option("--config", type=click.Path(path_type=Path), help="The settings file; default faturat.toml.")
def plugins(config: Path | None) -> None:
    """Show the plugins that the settings name: version, hooks, capabilities."""
    loaded = load_plugins(read_settings(Settings, os.environ, config).plugins)
    table = Table("plugin", "kind", "version", "what it can do")
    for each in loaded.billers.values():
        table.add_row(each.name, "biller", each.version, capabilities(each))
    table.add_row(loaded.bank.name, "bank", loaded.bank.version, ", ".join(sorted(loaded.bank.hooks)))
    for each in loaded.observers:
        table.add_row(each.name, "observer", each.version, ", ".join(sorted(each.hooks)))
    Console().print(table)


def capabilities(loaded: LoadedPlugin) -> str:
    """The capabilities that a biller declares, in words."""
    assert loaded.biller is not None
    able = loaded.biller.capabilities
    bare = Capabilities()
    said = [
        name if getattr(able, name) is True else f"{name} {getattr(able, name)}"
        for name in able.__struct_fields__
        if getattr(able, name) != getattr(bare, name)
    ]
    return ", ".join(said) or "none beyond looking up and paying once"
