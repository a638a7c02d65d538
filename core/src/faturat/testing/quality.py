"""Rules about a plugin's distribution: its files, its documents, its imports. `faturat check` runs them.

Each is one function of a Source that raises CheckFailed with what was seen. docs/conformance.md lists them.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, packages_distributions
from pathlib import Path

from faturat.billers import Biller, Capabilities, Reference
from faturat.invoices.types import Invoice
from faturat.testing.conformance.check import DoesNotApply, expect

MODULES = ("plugin", "settings", "client", "wire", "mapping", "simulator")
"""What each plugin has: the hooks, the bank's settings, transport, the company's messages, both ways, its stand-in."""
SOURCE = re.compile(r"\bASSUMED\b|\b[a-z0-9-]+\.(?:al|com|org|net|eu|info)\b|bank's guide", re.I)
PERSONAL = {
    "an e-mail address": re.compile(
        r"[\w.+-]+@(?!example\.|[\w.-]+\.(?:example|test|invalid)\b)[\w-]+\.[a-z]{2,}", re.I
    ),
    "a telephone number": re.compile(r"(?:\+|\b00)355[ -]?\d{1,2}(?:[ -]?\d){6,7}\b|\b06[6-9](?:[ -]?\d){7}\b"),
    "an account number": re.compile(r"\bAL\d{2}(?: ?[0-9A-Z]{4}){6}\b"),
    "a personal number": re.compile(r"\b[A-Z]\d{8}[A-Z]\b"),
}
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Source:
    """A plugin's distribution."""

    distribution: Distribution
    folder: Path | None
    """Where its pyproject.toml stands; None where only the package is installed."""
    package: Path
    """The folder of its Python package."""
    entry_point: str
    biller: Biller
    hooks: frozenset[str]
    settings: tuple[str, ...]
    """The names of its settings."""
    cases: dict[str, Reference]
    """The magic references by the case's name."""

    def document(self, name: str) -> str:
        """A file beside pyproject.toml; CheckFailed where it is missing."""
        file = self._folder() / name
        expect(file.is_file(), f"there is no {name}")
        return file.read_text("utf-8")

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every file of the distribution that is written by people, by its path."""
        folder = self._folder()
        for file in sorted(folder.rglob("*")):
            path = file.relative_to(folder)
            if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.parts):
                yield path.as_posix(), file.read_text("utf-8", errors="replace")

    def modules(self) -> Iterator[tuple[str, ast.Module]]:
        """Every Python module of the package, by its path."""
        for file in sorted(self.package.rglob("*.py")):
            yield file.relative_to(self.package).as_posix(), ast.parse(file.read_text("utf-8"))

    def _folder(self) -> Path:
        if self.folder is None:
            raise DoesNotApply("only the package is installed; name the distribution's folder")
        return self.folder


@dataclass(frozen=True)
class Rule:
    """A rule by the name of its function."""

    name: str
    rule: str
    mend: str
    run: Callable[[Source], None]


RULES: dict[str, Rule] = {}
"""Every rule by name, in the order in which they run."""


def rule(words: str, mend: str) -> Callable[[Callable[[Source], None]], Callable[[Source], None]]:
    def register(function: Callable[[Source], None]) -> Callable[[Source], None]:
        RULES[function.__name__] = Rule(function.__name__, words, mend, function)
        return function

    return register


@rule(
    "Every plugin has the same files, so that whoever knows one finds their way in all.",
    f"Write {', '.join(f'{name}.py' for name in MODULES)}, README.md and MAPPINGS.md.",
)
def the_files_are_there(source: Source) -> None:
    missing = [f"{name}.py" for name in MODULES if not (source.package / f"{name}.py").is_file()]
    if source.folder is not None:
        missing += [name for name in ("README.md", "MAPPINGS.md") if not (source.folder / name).is_file()]
    expect(not missing, f"missing: {', '.join(missing)}")


@rule(
    "samples/ holds an example of the company's messages.",
    "Put one of each message or file there, with `Test Test` for a subscriber.",
)
def there_are_samples(source: Source) -> None:
    samples = [path for path, text in source.texts() if path.startswith("samples/") and text.strip()]
    expect(bool(samples), "samples/ is missing or empty")


@rule("The package says that it is typed.", "Add an empty file py.typed beside plugin.py.")
def it_is_typed(source: Source) -> None:
    expect((source.package / "py.typed").is_file(), "there is no py.typed in the package")


@rule(
    "The entry points are named by the biller's id.",
    "Name those in faturat.billers and faturat.simulators as describe_biller() does.",
)
def entry_points_are_named_by_the_id(source: Source) -> None:
    expect(source.entry_point == source.biller.id, f"{source.entry_point!r} describes itself as {source.biller.id!r}")


@rule(
    "MAPPINGS.md names every field of a reference, every hook, and all that an invoice holds.",
    "Say in it for each, in backticks, from where it is read or that it is not used.",
)
def mappings_are_whole(source: Source) -> None:
    fields = [field.id for kind in source.biller.reference_kinds for field in kind.fields]
    _names(source, "MAPPINGS.md", [*fields, *Invoice.__struct_fields__])
    text = source.document("MAPPINGS.md")
    missing = [hook for hook in sorted(source.hooks - {"describe_biller"}) if hook not in text]
    expect(not missing, f"MAPPINGS.md does not name {', '.join(missing)}")


@rule(
    "Every table of MAPPINGS.md says what is ASSUMED, or names its source, in its section.",
    "Write ASSUMED, or the public page that says so, into the section or its heading.",
)
def mappings_name_their_sources(source: Source) -> None:
    sections = re.split(r"^## ", source.document("MAPPINGS.md"), flags=re.M)[1:]
    tables = [section for section in sections if re.search(r"^\|", section, re.M)]
    expect(bool(tables), "no section of MAPPINGS.md has a table")
    without = [section.splitlines()[0] for section in tables if not SOURCE.search(section)]
    expect(not without, f"neither ASSUMED nor a source stands in: {'; '.join(without)}")


@rule("README.md names every setting.", "Add each in backticks, with its unit and its default.")
def the_readme_names_the_settings(source: Source) -> None:
    _names(source, "README.md", list(source.settings))


@rule(
    "README.md names every capability that the plugin declares.",
    "Add each in backticks, with what the company does.",
)
def the_readme_names_the_capabilities(source: Source) -> None:
    bare, able = Capabilities(), source.biller.capabilities
    _names(source, "README.md", [name for name in able.__struct_fields__ if getattr(able, name) != getattr(bare, name)])


@rule(
    "README.md lists the simulator's magic references.",
    "Add a table: the reference in backticks, and what it shows.",
)
def the_readme_lists_the_magic_references(source: Source) -> None:
    _names(source, "README.md", [value for each in source.cases.values() for value in each.values.values()])


@rule(
    "A plugin imports the standard library, faturat, and what its pyproject.toml declares; never another plugin.",
    "Declare the library under [project] dependencies, or do without.",
)
def imports_are_declared(source: Source) -> None:
    declared = {_normal(re.split(r"[\s<>=!~;\[(]", each)[0]) for each in source.distribution.requires or []}
    owners = packages_distributions()
    for path, module in source.modules():
        for name in _imported(module, source.package.name):
            top = name.partition(".")[0]
            if top in sys.stdlib_module_names or top == source.package.name:
                continue
            expect(not top.startswith("faturat_"), f"{path} imports {name}, which is no library of a plugin")
            known = {_normal(owner) for owner in owners.get(top, [top])}  # what is installed editable has no owner
            expect(bool(known & declared), f"{path} imports {name}, and pyproject.toml does not declare it")


@rule(
    "The plugin runs without faturat.testing: the simulator alone imports it.",
    "Move what both need into mapping.py or wire.py.",
)
def the_plugin_runs_without_testing(source: Source) -> None:
    modules = dict(source.modules())
    reached, ahead = set[str](), ["plugin.py"]
    while ahead:
        path = ahead.pop()
        if path in reached or path not in modules:
            continue
        reached.add(path)
        imported = list(_imported(modules[path], source.package.name))
        testing = [name for name in imported if name.startswith("faturat.testing")]
        expect(not testing, f"{path} imports {', '.join(testing)}")
        package = source.package.name + "."
        ahead += [name.removeprefix(package).replace(".", "/") + ".py" for name in imported if name.startswith(package)]


@rule(
    "Nothing in the distribution looks like a person's: no address, telephone, account or personal number.",
    "Write `Test Test`, example.al, and numbers of the company's shape that belong to nobody.",
)
def nothing_personal_is_written(source: Source) -> None:
    for path, text in source.texts():
        for what, pattern in PERSONAL.items():
            found = pattern.search(text)
            expect(found is None, f"{path} holds {what}" + (f": {found[0]}" if found else ""))


def _names(source: Source, document: str, wanted: list[str]) -> None:
    words = {word for code in CODE.findall(source.document(document)) for word in (code, *re.findall(r"\w+", code))}
    missing = [name for name in dict.fromkeys(wanted) if name not in words]
    expect(not missing, f"{document} does not name {', '.join(f'`{name}`' for name in missing)}")


def _imported(module: ast.Module, package: str) -> Iterator[str]:
    """The modules that a module of a package imports, and what it takes out of them, by their whole names."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = ".".join(filter(None, (package if node.level else "", node.module)))
            yield from (origin, *(f"{origin}.{alias.name}" for alias in node.names))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
