"""`faturat plugins`: what is loaded, what it can do, and whether the companies answer."""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path

import click
import structlog
from rich.console import Console
from rich.table import Table

from faturat.billers import Capabilities, Reference
from faturat.clock import SystemClock
from faturat.command.choosing import chosen_settings, config_option, data_option
from faturat.errors import FaturatError
from faturat.gate.biller import BillerGate
from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat.plugins.loading import GROUPS, LoadedPlugin, PluginChoice, load_plugins

PATIENCE = timedelta(seconds=5)
"""How long a company may take to show that it answers."""


@click.command(epilog="Example: faturat plugins --data .faturat")
@data_option
@config_option
def plugins(data: Path | None, config: Path | None) -> None:
    """Show the plugins that the settings name: version, hooks, capabilities, and whether each company answers.

    Each is asked for the example of its own form. Where the settings name none, shows what is installed.
    """
    choice = chosen_settings(data, config).plugins
    Console().print(installed_table() if choice == PluginChoice() else loaded_table(choice))


def loaded_table(choice: PluginChoice) -> Table:
    """Every plugin that is named, loaded and checked; raises PluginRefused."""
    loaded = load_plugins(choice)
    table = Table("plugin", "kind", "version", "what it can do", "health", title="Loaded")
    for each, health in zip(loaded.billers.values(), asyncio.run(healths(loaded.billers.values())), strict=True):
        table.add_row(each.name, "biller", each.version, capabilities(each), health)
    table.add_row(loaded.bank.name, "bank", loaded.bank.version, ", ".join(sorted(loaded.bank.hooks)), "")
    for each in loaded.observers:
        table.add_row(each.name, "observer", each.version, ", ".join(sorted(each.hooks)), "")
    return table


async def healths(billers: Iterable[LoadedPlugin]) -> list[str]:
    """Whether each company answers now, in words."""
    return await asyncio.gather(*map(_health, billers))


async def _health(loaded: LoadedPlugin) -> str:
    """Ask for the example of the company's form: an answer is an answer, also where it knows no such contract."""
    assert loaded.biller is not None
    if loaded.biller.capabilities.exchange_every is not None:
        return "asked by files alone"
    clock = SystemClock()
    gate = BillerGate(loaded.biller, loaded.relay, clock, PATIENCE, PATIENCE)
    kind = loaded.biller.reference_kinds[0]
    began = time.monotonic()
    await loaded.plugin.open(PluginContext(clock, structlog.stdlib.get_logger().bind(plugin=loaded.name), open_session))
    try:
        await gate.find_contract(Reference(kind.id, {field.id: field.example for field in kind.fields}))
    except FaturatError as error:
        if error.code != "unknown_reference":
            return error.message("en")
    finally:
        await loaded.plugin.close()
    return f"answers, in {(time.monotonic() - began) * 1000:.0f} ms"


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
