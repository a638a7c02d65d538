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
from faturat.clock import SystemClock, time_in_albania
from faturat.command.choosing import chosen_settings, config_option, data_option
from faturat.errors import FaturatError, StartError
from faturat.gate.biller import BillerGate
from faturat.health.breaker import health_of
from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat.plugins.loading import GROUPS, LoadedPlugin, PluginChoice, Plugins, load_plugins
from faturat.settings import Settings

PATIENCE = timedelta(seconds=5)
"""How long a company may take to show that it answers."""


@click.command(epilog="Example: faturat plugins --data .faturat")
@data_option
@config_option
def plugins(data: Path | None, config: Path | None) -> None:
    """Show the plugins that the settings name: version, hooks, capabilities, and whether each company answers.

    Each is asked for the example of its own form; where the database answers, what all processes know of the company
    stands beside it. Where the settings name none, shows what is installed.
    """
    settings = chosen_settings(data, config)
    Console().print(installed_table() if settings.plugins == PluginChoice() else loaded_table(settings))


def loaded_table(settings: Settings) -> Table:
    """Every plugin that is named, loaded and checked; raises PluginRefused."""
    loaded = load_plugins(settings.plugins)
    table = Table("plugin", "kind", "version", "what it can do", "health", title="Loaded")
    answers, known = asyncio.run(_ask(settings, loaded))
    for each, answer in zip(loaded.billers.values(), answers, strict=True):
        assert each.biller is not None
        health = "\n".join(filter(None, (answer, known.get(each.biller.id))))
        table.add_row(each.name, "biller", each.version, capabilities(each), health)
    table.add_row(loaded.bank.name, "bank", loaded.bank.version, ", ".join(sorted(loaded.bank.hooks)), "")
    for each in loaded.observers:
        table.add_row(each.name, "observer", each.version, ", ".join(sorted(each.hooks)), "")
    return table


async def _ask(settings: Settings, loaded: Plugins) -> tuple[list[str], dict[str, str]]:
    """Whether each company answers now, and what is known of those that did not lately."""
    return await healths(loaded.billers.values()), await known_troubles(settings)


async def known_troubles(settings: Settings) -> dict[str, str]:
    """What all processes know of companies that do not answer, in words; nothing where the database does not."""
    try:
        from faturat.store.postgres import APP, Database, PostgresStore  # needs the extra

        async with asyncio.timeout(PATIENCE.total_seconds()):
            database = await Database.open(settings.require_database())
            try:
                await database.require_schema([APP])
                circuits = await PostgresStore(database).circuits()
            finally:
                await database.close()
    except (ImportError, StartError, TimeoutError):
        return {}
    now = SystemClock().now()
    healths = {biller: health_of(circuit, now) for biller, circuit in circuits.items()}
    return {
        biller: f"{health.state} since {time_in_albania(health.since, now)}"
        for biller, health in healths.items()
        if health.since is not None
    }


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
