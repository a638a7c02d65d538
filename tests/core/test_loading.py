"""Every refusal at start, with words that name plugin, hook and mend."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from importlib.metadata import EntryPoint
from typing import Any

import pytest
from fakes.bank import FakeBank
from fakes.biller import FakeBiller
from msgspec import Struct
from msgspec.structs import replace

from faturat import Biller, CallLimit, Capabilities, PluginChoice, PluginRefused, hookimpl, load_plugins

OFFERED: dict[str, Any] = {}


class Point(EntryPoint):
    """An entry point whose object stands in OFFERED instead of in an installed distribution."""

    def load(self) -> Any:
        found = OFFERED[self.value]
        if isinstance(found, Exception):
            raise found
        return found


def points(*billers: str, bank: str = "bank", observers: tuple[str, ...] = ()) -> Callable[[str], Iterable[EntryPoint]]:
    groups = {"faturat.billers": billers, "faturat.banks": (bank,), "faturat.observers": observers}
    return lambda group: [Point(value.split("#")[0], value, group) for value in groups[group]]


def refusal(biller: Any, settings: dict[str, Any] | None = None) -> str:
    """The words with which loading this biller class is refused."""
    OFFERED.update({"bad": biller, "bank": FakeBank})
    with pytest.raises(PluginRefused) as caught:
        load_plugins(PluginChoice(billers={"bad": settings or {}}, bank={"bank": {}}), points("bad"))
    assert "'bad'" in str(caught.value)
    return str(caught.value)


def test_what_the_bank_names_is_loaded_and_nothing_else() -> None:
    OFFERED.update({"good": FakeBiller, "bank": FakeBank, "other": ImportError("never imported")})
    plugins = load_plugins(PluginChoice(billers={"good": {}}, bank={"bank": {}}), points("good", "other"))
    assert list(plugins.billers) == ["fake"]
    assert plugins.billers["fake"].hooks >= {"find_contract", "payment_status"}


def test_a_call_reaches_one_plugin_alone() -> None:
    class Second(FakeBiller):
        @hookimpl
        def describe_biller(self) -> Biller:
            first = super().describe_biller()
            return Biller("second", "Second", first.reference_kinds, first.capabilities)

    OFFERED.update({"one": FakeBiller, "two": Second, "bank": FakeBank})
    plugins = load_plugins(PluginChoice(billers={"one": {}, "two": {}}, bank={"bank": {}}), points("one", "two"))
    assert plugins.billers["second"].relay.describe_biller().id == "second"
    assert plugins.billers["fake"].relay.describe_biller().id == "fake"


def test_not_installed() -> None:
    OFFERED["bank"] = FakeBank
    with pytest.raises(PluginRefused, match=r"'absent'.*faturat.billers.*Install its distribution"):
        load_plugins(PluginChoice(billers={"absent": {}}, bank={"bank": {}}), points("present"))


def test_two_distributions_with_one_name() -> None:
    OFFERED.update({"twin#a": FakeBiller, "twin#b": FakeBiller, "bank": FakeBank})
    with pytest.raises(PluginRefused, match=r"2 distributions.*Uninstall all but one"):
        load_plugins(PluginChoice(billers={"twin": {}}, bank={"bank": {}}), points("twin#a", "twin#b"))


def test_two_plugins_that_claim_one_id() -> None:
    OFFERED.update({"one": FakeBiller, "two": FakeBiller, "bank": FakeBank})
    with pytest.raises(PluginRefused, match=r"'two'.*claims the id 'fake'.*Load one of them"):
        load_plugins(PluginChoice(billers={"one": {}, "two": {}}, bank={"bank": {}}), points("one", "two"))


@pytest.mark.parametrize("banks", [{}, {"bank": {}, "bank2": {}}])
def test_exactly_one_bank(banks: dict[str, dict[str, Any]]) -> None:
    OFFERED.update({"bank": FakeBank, "bank2": FakeBank})
    with pytest.raises(PluginRefused, match=r"banks are named.*\[plugins.bank\]"):
        load_plugins(PluginChoice(bank=banks), points())


def test_an_import_that_fails() -> None:
    assert "ImportError: no lxml" in refusal(ImportError("no lxml"))


def test_no_class() -> None:
    assert "does not name a class" in refusal(FakeBiller())


@pytest.mark.parametrize("api", [None, 0, 2, "1"])
def test_another_api(api: object) -> None:
    words = refusal(type("Bad", (FakeBiller,), {"api": api}))
    assert f"api {api!r}" in words
    assert "set `api = 1`" in words


def test_no_settings() -> None:
    assert "Settings" in refusal(type("Bad", (FakeBiller,), {"Settings": dict}))


def test_settings_that_are_wrong() -> None:
    class Settings(Struct, forbid_unknown_fields=True):
        url: str

    bad = type("Bad", (FakeBiller,), {"Settings": Settings})
    assert "missing required field `url`" in refusal(bad)
    words = refusal(bad, {"url": "u", "speed": 1})
    assert "`speed`" in words
    assert "Its settings are: url" in words


def test_a_misspelt_hook() -> None:
    class Bad(FakeBiller):
        @hookimpl
        async def fetch_invoice(self, references: object) -> None: ...

    words = refusal(Bad)
    assert "no hook 'fetch_invoice'" in words
    assert "Did you mean 'fetch_invoices'?" in words


def test_a_hook_without_its_mark() -> None:
    class Bad(FakeBiller):
        async def find_contract(self, reference: Any) -> Any: ...

    assert "'find_contract' is not marked as a hook. Put @hookimpl above it." in refusal(Bad)


def test_a_wrong_signature() -> None:
    class Bad(FakeBiller):
        @hookimpl
        async def find_contract(self, ref: Any) -> Any: ...

    words = refusal(Bad)
    assert "'find_contract' takes (ref)" in words
    assert "(reference)" in words


def test_a_plain_function_where_async_is_due() -> None:
    class Bad(FakeBiller):
        @hookimpl
        def find_contract(self, reference: Any) -> Any: ...

    assert "Write `async def find_contract`" in refusal(Bad)


def test_an_async_description() -> None:
    class Bad(FakeBiller):
        @hookimpl
        async def describe_biller(self) -> Any: ...

    assert "Write a plain `def describe_biller`" in refusal(Bad)


def test_a_category_that_is_none() -> None:
    class Bad(FakeBiller):
        @hookimpl
        def describe_biller(self) -> Biller:
            return replace(super().describe_biller(), category="gas")

    words = refusal(Bad)
    assert "its category 'gas' is none" in words
    assert "electricity" in words


def test_a_hook_that_is_missing() -> None:
    class Bad:
        api = 1
        Settings = FakeBiller.Settings

        def __init__(self, settings: object) -> None: ...

        async def open(self, context: object) -> None: ...

        async def close(self) -> None: ...

        @hookimpl
        def describe_biller(self) -> Biller:
            return FakeBiller().describe_biller()

    assert "the hook 'pay_invoice' is missing" in refusal(Bad)


def hooks_of(able: Capabilities, *names: str) -> type:
    """A plugin with these capabilities and these of the fake's hooks."""
    bare = {name: getattr(FakeBiller, name) for name in ("api", "Settings", "open", "close", "pay_invoice")}

    @hookimpl
    def describe_biller(self: Any) -> Biller:
        return FakeBiller(capabilities=able).describe_biller()

    hooks = {name: getattr(FakeBiller, name) for name in names}
    return type("Bare", (), {"__init__": lambda self, _: None, "describe_biller": describe_biller} | bare | hooks)


def test_a_biller_that_is_called_needs_look_up_and_fetch() -> None:
    assert "the hook 'fetch_invoices' is missing" in refusal(hooks_of(Capabilities(), "find_contract"))
    assert "the hook 'find_contract' is missing" in refusal(hooks_of(Capabilities(), "fetch_invoices"))


def test_a_biller_that_swaps_files_needs_their_hooks_and_a_longest_time() -> None:
    hourly, later = timedelta(hours=1), timedelta(days=3)
    by_files = Capabilities(exchange_every=hourly, settles_later=later)
    assert "the hook 'collect_files' is missing" in refusal(hooks_of(by_files))

    class Files(hooks_of(by_files)):
        @hookimpl
        async def collect_files(self, known: Any) -> Any: ...

        @hookimpl
        async def exchange(self, inbox: Any, queued_orders: Any) -> Any: ...

    assert "the hook 'send_files' is missing" in refusal(Files)

    class Whole(Files):
        able = by_files

        @hookimpl
        async def send_files(self, files: Any) -> None: ...

        @hookimpl
        def describe_biller(self) -> Biller:
            return FakeBiller(capabilities=self.able).describe_biller()

    def able(cls: type, **changes: Any) -> type:
        return type("Changed", (cls,), {"able": Capabilities(**changes)})

    OFFERED.update({"good": Whole, "bank": FakeBank})
    assert load_plugins(PluginChoice(billers={"good": {}}, bank={"bank": {}}), points("good")).billers
    assert "exchange_every without settles_later" in refusal(able(Whole, exchange_every=hourly))
    for every in (timedelta(), timedelta(days=3)):
        assert "exchange_every is out of range" in refusal(able(Whole, exchange_every=every, settles_later=later))
    short = able(Whole, exchange_every=timedelta(days=2), settles_later=hourly)
    assert "settles_later is shorter than two exchanges" in refusal(short)


def test_a_capability_without_its_hook() -> None:
    class Bad(FakeBiller):
        payment_status = None

    assert "payment_status" in refusal(Bad)


def test_open_that_is_not_async() -> None:
    assert "`async def open`" in refusal(type("Bad", (FakeBiller,), {"open": lambda self, context: None}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "Bad Id"}, "its id 'Bad Id' is not usable"),
        ({"name": " "}, "its name is empty"),
        ({"currency": "lek"}, "its currency is no ISO code"),
        ({"reference_kinds": ()}, "it has no reference kind"),
        ({"capabilities": Capabilities(max_bulk=0)}, "max_bulk is out of range"),
        ({"call_limit": CallLimit(0)}, "call_limit is out of range"),
        ({"call_limit": CallLimit(5, timedelta(milliseconds=100))}, "call_limit is out of range"),
    ],
)
def test_a_description_that_does_not_hold_together(change: dict[str, Any], words: str) -> None:
    from msgspec.structs import replace

    class Bad(FakeBiller):
        @hookimpl
        def describe_biller(self) -> Biller:
            return replace(super().describe_biller(), **change)

    assert words in refusal(Bad)


def test_a_description_that_fails() -> None:
    class Bad(FakeBiller):
        @hookimpl
        def describe_biller(self) -> Biller:
            raise KeyError("url")

    assert "'describe_biller' failed with KeyError" in refusal(Bad)
