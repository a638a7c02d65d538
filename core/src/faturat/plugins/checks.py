"""What is refused at start: each fault of a plugin, in words that name plugin, hook and mend."""

import difflib
import inspect
import re
from datetime import timedelta
from typing import Any, TypeAlias

import msgspec
import pluggy

from faturat.billers import Biller, CallLimit, Category, ReferenceField
from faturat.errors import StartError
from faturat.hookspecs import API, BankSpec, BillerSpec, ObserverSpec

Spec: TypeAlias = type[BillerSpec] | type[BankSpec] | type[ObserverSpec]

REQUIRED: dict[Spec, frozenset[str]] = {
    BillerSpec: frozenset({"describe_biller", "pay_invoice"}),
    BankSpec: frozenset(
        {"list_accounts", "hold_funds", "capture_funds", "release_funds", "funds_status", "check_books"}
    ),
    ObserverSpec: frozenset(),
}

CALLED = frozenset({"find_contract", "fetch_invoices"})
BY_FILES = frozenset({"collect_files", "exchange", "send_files"})
"""What a biller that is called needs, and one that swaps files."""
STATING = frozenset({"fetch_statement", "read_statement"})
"""What a biller with statements needs."""

MAX_BULK = 10_000
LONGEST_EXCHANGE = timedelta(days=2)
_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")


class PluginRefused(StartError):
    """A plugin that cannot be loaded; the words name plugin, hook and mend, and are for whoever starts the host."""

    def __init__(self, plugin: str, fault: str, mend: str) -> None:
        super().__init__(f"plugin {plugin!r}: {fault}. {mend}")
        self.plugin = plugin


def hook_names(spec: Spec) -> frozenset[str]:
    return frozenset(name for name, member in vars(spec).items() if hasattr(member, "faturat_spec"))


def check_class(name: str, loaded: object) -> type[Any]:
    """The entry point's class states its `api` and its `Settings`."""
    if not isinstance(loaded, type):
        raise PluginRefused(name, "the entry point does not name a class", "Name the plugin's class in it.")
    api = getattr(loaded, "api", None)
    if api != API:
        raise PluginRefused(name, f"it was written for api {api!r}", f"This host speaks api {API}: set `api = {API}`.")
    settings = getattr(loaded, "Settings", None)
    if not (isinstance(settings, type) and issubclass(settings, msgspec.Struct)):
        raise PluginRefused(name, "its class has no `Settings`", "Give it a msgspec Struct named Settings.")
    for method in ("open", "close"):
        if not inspect.iscoroutinefunction(getattr(loaded, method, None)):
            raise PluginRefused(name, f"its `{method}` is missing or not async", f"Write `async def {method}`.")
    return loaded


def check_hooks(name: str, plugin: object, spec: Spec, manager: pluggy.PluginManager) -> frozenset[str]:
    """Check each hook's name, marker, arguments and kind of function; returns the hooks that are there."""
    known = hook_names(spec)
    found = set()
    for attribute in dir(type(plugin)):
        if attribute.startswith("__"):
            continue
        marked = manager.parse_hookimpl_opts(plugin, attribute) is not None
        if marked and attribute not in known:
            near = difflib.get_close_matches(attribute, known, n=1)
            mend = f"Did you mean {near[0]!r}?" if near else f"The hooks are: {', '.join(sorted(known))}."
            raise PluginRefused(name, f"there is no hook {attribute!r}", mend)
        if attribute in known and not marked:
            raise PluginRefused(name, f"{attribute!r} is not marked as a hook", "Put @hookimpl above it.")
        if marked:
            _check_signature(name, attribute, getattr(plugin, attribute), getattr(spec, attribute))
            found.add(attribute)
    _require(name, REQUIRED[spec], found)
    if not found:
        raise PluginRefused(name, "it implements no hook", f"Implement one of: {', '.join(sorted(known))}.")
    return frozenset(found)


def _check_signature(name: str, hook: str, implementation: Any, spec: Any) -> None:
    wanted = [argument for argument in inspect.signature(spec).parameters if argument != "self"]
    given = list(inspect.signature(implementation).parameters)
    if given != wanted:
        raise PluginRefused(
            name,
            f"{hook!r} takes ({', '.join(given)})",
            f"Its arguments are ({', '.join(wanted)}), no more and no less.",
        )
    due, done = inspect.iscoroutinefunction(spec), inspect.iscoroutinefunction(implementation)
    if due and not done:
        raise PluginRefused(name, f"{hook!r} is a plain function", f"Write `async def {hook}`.")
    if done and not due:
        raise PluginRefused(name, f"{hook!r} is async", f"Write a plain `def {hook}`.")


def _require(name: str, required: frozenset[str], found: set[str] | frozenset[str]) -> None:
    for hook in sorted(required - found):
        raise PluginRefused(name, f"the hook {hook!r} is missing", f"Implement it: `@hookimpl async def {hook}`.")


def check_biller(name: str, described: object, hooks: frozenset[str]) -> Biller:
    """What describe_biller says of itself has to hold together."""
    if not isinstance(described, Biller):
        raise PluginRefused(name, "'describe_biller' did not return a Biller", "Return faturat.Biller(...).")
    biller = described
    faults = [
        (not _ID.fullmatch(biller.id), f"its id {biller.id!r} is not usable", "Use a-z, 0-9 and _, up to 32."),
        (not biller.name.strip(), "its name is empty", "Say the company's name."),
        (not re.fullmatch("[A-Z]{3}", biller.currency), "its currency is no ISO code", "Say for example ALL."),
        (
            not isinstance(biller.category, Category),
            f"its category {biller.category!r} is none",
            f"Say faturat.Category: {', '.join(Category)}.",
        ),
        (not biller.reference_kinds, "it has no reference kind", "Describe at least one."),
        (not 1 <= biller.capabilities.max_bulk <= MAX_BULK, "max_bulk is out of range", f"Say 1 to {MAX_BULK}."),
        (
            not _is_limit(biller.call_limit),
            "call_limit is out of range",
            "Say 1 to 1000000 calls per 1 second to 1 day.",
        ),
    ]
    for fault, words, mend in faults:
        if fault:
            raise PluginRefused(name, f"describe_biller: {words}", mend)
    _check_kinds(name, biller)
    able = biller.capabilities
    if able.status_inquiry:
        _require(name, frozenset({"payment_status"}), hooks)
    if able.statements:
        _require(name, STATING, hooks)
    later, every = able.settles_later, able.exchange_every
    if later is not None and not timedelta() < later <= timedelta(days=60):
        raise PluginRefused(name, "describe_biller: settles_later is out of range", "Say more than 0, up to 60 days.")
    _require(name, CALLED if every is None else BY_FILES, hooks)
    if every is not None and not timedelta(seconds=1) <= every <= LONGEST_EXCHANGE:
        raise PluginRefused(name, "describe_biller: exchange_every is out of range", "Say 1 second to 2 days.")
    if every is not None and later is None:
        raise PluginRefused(name, "describe_biller: exchange_every without settles_later", "Say its longest time.")
    if every is not None and later is not None and later < 2 * every:
        mend = "It takes one exchange to send an order and one to hear of it: say at least twice exchange_every."
        raise PluginRefused(name, "describe_biller: settles_later is shorter than two exchanges", mend)
    return biller


def _is_limit(limit: CallLimit | None) -> bool:
    if limit is None:
        return True
    return 1 <= limit.calls <= 1_000_000 and timedelta(seconds=1) <= limit.per <= timedelta(days=1)


def _check_kinds(name: str, biller: Biller) -> None:
    kinds = [kind.id for kind in biller.reference_kinds]
    if len(set(kinds)) != len(kinds):
        raise PluginRefused(name, "describe_biller: two reference kinds have one id", "Give each its own.")
    for kind in biller.reference_kinds:
        fields = [field.id for field in kind.fields]
        if not fields or len(set(fields)) != len(fields):
            raise PluginRefused(
                name, f"describe_biller: the fields of {kind.id!r} are none, or two have one id", "Give each its own."
            )
        for field in kind.fields:
            _check_field(name, field)


def _check_field(name: str, field: ReferenceField) -> None:
    try:
        pattern = re.compile(field.pattern)
        for look_alike in field.look_alikes:
            re.compile(look_alike.pattern)
    except re.error as error:
        raise PluginRefused(name, f"field {field.id!r}: a pattern does not compile", str(error)) from error
    if not pattern.fullmatch(field.example):
        raise PluginRefused(name, f"field {field.id!r}: its example does not match its pattern", "Mend one of them.")
