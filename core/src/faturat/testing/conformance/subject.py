"""What is tried: a plugin's class and its simulator's, found by the entry points of their distribution or given."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import EntryPoint, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from faturat.errors import StartError
from faturat.testing.company import Company


class NoSuchPlugin(StartError):
    """There is no plugin to try under this name; the words say what is missing and how to mend it."""


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def move(self, by: timedelta) -> None:
        self.moment += by


@dataclass(frozen=True)
class Subject:
    """A plugin and the company that it is tried against; `name` is the plugin's entry point."""

    name: str
    plugin: type[Any]
    simulator: type[Company]


@dataclass(frozen=True)
class Seed:
    """A simulator's folder with the magic references in it, and the moment at which they were put there."""

    folder: Path
    moment: datetime


def find_subject(name: str) -> Subject:
    """The biller of an installed distribution: its one entry point in faturat.billers, and the simulator of that name.

    Raises NoSuchPlugin.
    """
    try:
        points = distribution(name).entry_points
    except PackageNotFoundError as error:
        raise NoSuchPlugin(f"no distribution {name!r} is installed. pip install it, or name its folder.") from error
    billers = points.select(group="faturat.billers")
    if len(billers) != 1:
        raise NoSuchPlugin(f"{name} names {len(billers)} plugins in faturat.billers; it must name one.")
    (biller,) = billers
    simulators = [point for point in points.select(group="faturat.simulators") if point.name == biller.name]
    if not simulators:
        raise NoSuchPlugin(
            f"{name} names no simulator {biller.name!r} in faturat.simulators; the checks need the company's side."
        )
    simulator = _load(simulators[0])
    if not (isinstance(simulator, type) and issubclass(simulator, Company)):
        raise NoSuchPlugin(f"{simulators[0].value} is no class of faturat.testing.company.Company.")
    return Subject(biller.name, _load(biller), simulator)


def _load(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:
        raise NoSuchPlugin(f"importing {point.value} failed with {type(error).__name__}: {error}") from error


@cache
def seeded(simulator: type[Company]) -> Seed:
    """Seed a company once in a process; each bench works on a copy, and its clock starts at the same moment."""
    folder = Path(tempfile.mkdtemp(prefix="faturat-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    moment = datetime.now(UTC).replace(microsecond=0)
    company = simulator(folder, HandClock(moment))
    company.books.durable = False
    company.seed_cases()
    return Seed(folder, moment)
