"""What `faturat check` runs on one distribution: the rules of quality.py, then the conformance checks."""

import importlib.util
import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from faturat.errors import StartError
from faturat.testing.cases import Case
from faturat.testing.conformance import Bench, NoSuchPlugin, Result, Subject, all_checks, find_subject, run_check
from faturat.testing.conformance.running import timed
from faturat.testing.quality import RULES, Rule, Source


@dataclass(frozen=True)
class Job:
    """The checks of one distribution, by name and in their order."""

    name: str
    version: str
    biller: str
    """The name of its entry point."""
    steps: dict[str, Callable[[], Result]]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.steps)

    def only(self, names: Sequence[str]) -> "Job":
        return replace(self, steps={name: step for name, step in self.steps.items() if name in names})

    def run(self) -> Iterator[Result]:
        for step in self.steps.values():
            yield step()


def find_job(pkg: str) -> Job:
    """What to run on a distribution, by its name or by the folder of its pyproject.toml; raises NoSuchPlugin."""
    folder = Path(pkg).resolve() if Path(pkg).is_dir() else None
    name = pkg if folder is None else _name_in(folder)
    try:
        found = distribution(name)
    except (PackageNotFoundError, ValueError) as error:
        mend = "Install it, or name its folder." if folder is None else f"pip install -e {pkg}"
        raise NoSuchPlugin(f"{name} is not installed. {mend}") from error
    installed = _editable_folder(found)
    if folder is not None and installed != folder:
        raise NoSuchPlugin(f"{name} is installed from elsewhere. pip install -e {pkg}")
    subject = find_subject(name)
    rules = {rule.name: _rule_step(rule, found, installed, subject) for rule in RULES.values()}
    checks = {check.name: lambda check=check: run_check(check, subject) for check in all_checks()}
    return Job(found.name, found.version, subject.name, rules | checks)


def _rule_step(rule: Rule, found: Distribution, folder: Path | None, subject: Subject) -> Callable[[], Result]:
    def run() -> None:
        with Bench(subject) as bench:
            source = source_of(found, folder, bench)
        rule.run(source)

    return lambda: timed(rule.name, rule.rule, rule.mend, run)


def source_of(found: Distribution, folder: Path | None, bench: Bench) -> Source:
    """A distribution with what its plugin says of itself on a bench."""
    package = bench.subject.plugin.__module__.partition(".")[0]
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec is not None else None
    if not places:
        raise StartError(f"{package} is a module; a plugin is a package.")
    return Source(
        distribution=found,
        folder=folder,
        package=Path(places[0]),
        entry_point=bench.subject.name,
        biller=bench.biller,
        hooks=bench.opened.loaded.hooks,
        settings=tuple(bench.subject.plugin.Settings.__struct_fields__),
        cases={case.value: bench.case(case) for case in Case},
    )


def _name_in(folder: Path) -> str:
    file = folder / "pyproject.toml"
    try:
        return str(tomllib.loads(file.read_text("utf-8"))["project"]["name"])
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise NoSuchPlugin(f"{folder} holds no pyproject.toml with a [project] name.") from error


def _editable_folder(found: Distribution) -> Path | None:
    """The folder from which a distribution is installed editable; else None."""
    facts = json.loads(found.read_text("direct_url.json") or "{}")
    if not facts.get("dir_info", {}).get("editable"):
        return None
    return Path(url2pathname(urlsplit(facts["url"]).path)).resolve()
