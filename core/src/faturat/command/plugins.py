"""`faturat plugins`: what is loaded, and what it can do."""

from importlib.metadata import entry_points
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from faturat.billers import Capabilities
from faturat.command.choosing import chosen_settings, config_option, data_option
from faturat.plugins.loading import GROUPS, LoadedPlugin, PluginChoice, load_plugins


@click.command(epilog="Example: faturat plugins --data .faturat")
@data_option
@config_option
def plugins(data: Path | None, config: Path | None) -> None:
    """Show the plugins that the settings name: version, hooks, capabilities.

    Where the settings name none, shows what is installed.
    """
    choice = chosen_settings(data, config).plugins
    Console().print(installed_table() if choice == PluginChoice() else loaded_table(choice))


def loaded_table(choice: PluginChoice) -> Table:
    """Every plugin that is named, loaded and checked; raises PluginRefused."""
    loaded = load_plugins(choice)
    table = Table("plugin", "kind", "version", "what it can do", title="Loaded")
    for each in loaded.billers.values():
        table.add_row(each.name, "biller", each.version, capabilities(each))
    table.add_row(loaded.bank.name, "bank", loaded.bank.version, ", ".join(sorted(loaded.bank.hooks)))
    for each in loaded.observers:
        table.add_row(each.name, "observer", each.version, ", ".join(sorted(each.hooks)))
    return table


def installed_table() -> Table:
    """What the installed distributions offer; nothing of it is imported."""
    table = Table("plugin", "group", "version", title="Installed; name what you want under \\[plugins] in faturat.toml")
    for group in GROUPS.values():
        for point in sorted(entry_points(group=group)):
            table.add_row(point.name, group, point.dist.version if point.dist is not None else "?")
    return table


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
