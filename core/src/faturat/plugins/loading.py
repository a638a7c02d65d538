"""Loading plugins by an allow-list: the bank names them in its settings, and nothing else is imported."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import msgspec
import pluggy
from msgspec import Struct

from faturat.billers import Biller
from faturat.hookspecs import BankSpec, BillerSpec, ObserverSpec, Relay
from faturat.logs import log_failure
from faturat.plugins.checks import PluginRefused, Spec, check_biller, check_class, check_hooks
from faturat.plugins.context import PluginContext

GROUPS: dict[Spec, str] = {
    BillerSpec: "faturat.billers",
    BankSpec: "faturat.banks",
    ObserverSpec: "faturat.observers",
}

EntryPoints = Callable[[str], Iterable[EntryPoint]]


class PluginChoice(Struct, frozen=True, forbid_unknown_fields=True):
    """Which plugins to load, each name with its settings. Exactly one bank."""

    billers: dict[str, dict[str, Any]] = {}
    bank: dict[str, dict[str, Any]] = {}
    observers: dict[str, dict[str, Any]] = {}


class LoadedPlugin(Struct, frozen=True):
    """One plugin object with a relay that reaches it alone. `biller` is there for billers."""

    name: str
    version: str
    plugin: Any
    relay: Relay
    hooks: frozenset[str]
    biller: Biller | None = None


class Plugins(Struct, frozen=True):
    """All plugins of a process; built once at start and never changed."""

    billers: Mapping[str, LoadedPlugin]
    bank: LoadedPlugin
    observers: tuple[LoadedPlugin, ...]

    def all(self) -> tuple[LoadedPlugin, ...]:
        return (*self.billers.values(), self.bank, *self.observers)

    async def open(self, context: Callable[[str], PluginContext]) -> None:
        """Open every plugin; where one fails, those opened before it are closed again."""
        opened: list[LoadedPlugin] = []
        try:
            for loaded in self.all():
                await loaded.plugin.open(context(loaded.name))
                opened.append(loaded)
        except BaseException:
            await _close(opened)
            raise

    async def close(self) -> None:
        await _close(self.all())


async def _close(plugins: Sequence[LoadedPlugin]) -> None:
    """Close the last first; one that fails at it does not keep the others open."""
    for loaded in reversed(plugins):
        try:
            await loaded.plugin.close()
        except Exception as error:
            log_failure("plugin_not_closed", error, plugin=loaded.name)


@cache
def installed(group: str) -> tuple[EntryPoint, ...]:
    """Looked for once, for it reads a file of every distribution: what is installed stays so while a process runs."""
    return tuple(entry_points(group=group))


def load_plugins(choice: PluginChoice, points: EntryPoints = installed) -> Plugins:
    """Load what `choice` names; raises PluginRefused for the first fault, naming plugin, hook and mend."""
    if len(choice.bank) != 1:
        raise PluginRefused("bank", f"{len(choice.bank)} banks are named", "Name exactly one under [plugins.bank].")
    billers: dict[str, LoadedPlugin] = {}
    for name, settings in choice.billers.items():
        loaded = _load(name, settings, BillerSpec, points)
        assert loaded.biller is not None
        if loaded.biller.id in billers:
            other = billers[loaded.biller.id].name
            raise PluginRefused(name, f"it claims the id {loaded.biller.id!r}, as {other!r} does", "Load one of them.")
        billers[loaded.biller.id] = loaded
    bank = next(_load(name, settings, BankSpec, points) for name, settings in choice.bank.items())
    observers = tuple(_load(name, settings, ObserverSpec, points) for name, settings in choice.observers.items())
    return Plugins(billers=billers, bank=bank, observers=observers)


def _load(name: str, settings: dict[str, Any], spec: Spec, points: EntryPoints) -> LoadedPlugin:
    point = _find(name, GROUPS[spec], points)
    version = point.dist.version if point.dist is not None else "?"
    return load_class(name, _import(name, point), settings, spec, version)


def load_class(name: str, cls: object, settings: dict[str, Any], spec: Spec, version: str = "?") -> LoadedPlugin:
    """Make one object of a plugin's class and check it; raises PluginRefused."""
    plugin = _make(name, check_class(name, cls), settings)
    # a manager of its own per plugin: its relay can reach nothing else
    manager = pluggy.PluginManager("faturat")
    manager.add_hookspecs(spec)
    hooks = check_hooks(name, plugin, spec, manager)
    manager.register(plugin, name)
    manager.check_pending()
    biller = None
    if spec is BillerSpec:
        biller = check_biller(name, _describe(name, manager.hook), hooks)
    return LoadedPlugin(name, version, plugin, manager.hook, hooks, biller)


def _find(name: str, group: str, points: EntryPoints) -> EntryPoint:
    found = [point for point in points(group) if point.name == name]
    if not found:
        known = ", ".join(sorted({point.name for point in points(group)})) or "none"
        raise PluginRefused(
            name, f"no installed distribution offers it in {group}", f"Install its distribution; installed: {known}."
        )
    if len(found) > 1:
        owners = ", ".join(sorted(point.dist.name if point.dist is not None else point.value for point in found))
        raise PluginRefused(name, f"{len(found)} distributions offer this name: {owners}", "Uninstall all but one.")
    return found[0]


def _import(name: str, point: EntryPoint) -> object:
    try:
        return point.load()
    except Exception as error:
        raise PluginRefused(
            name, f"importing {point.value} failed with {type(error).__name__}: {error}", "Mend or reinstall it."
        ) from error


def _make(name: str, cls: type[Any], settings: dict[str, Any]) -> Any:
    try:
        return cls(msgspec.convert(settings, cls.Settings, strict=False))
    except msgspec.ValidationError as error:
        known = ", ".join(cls.Settings.__struct_fields__)
        raise PluginRefused(name, f"its settings are wrong: {error}", f"Its settings are: {known}.") from error


def _describe(name: str, relay: Relay) -> object:
    try:
        return relay.describe_biller()
    except Exception as error:
        raise PluginRefused(
            name, f"'describe_biller' failed with {type(error).__name__}: {error}", "It must answer without I/O."
        ) from error
