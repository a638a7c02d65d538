"""The broken plugins' register: each breaks one check, and beside it only those that it cannot but break."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from file_company import FileCompany
from file_model import FileModel
from model_company import ModelCompany

from faturat.testing.conformance import Subject

T = TypeVar("T", bound=type)


@dataclass(frozen=True)
class Broken:
    check: str
    also: frozenset[str]
    plugin: type[Any]
    simulator: type[ModelCompany]

    @property
    def subject(self) -> Subject:
        return Subject("model", self.plugin, self.simulator)

    def __str__(self) -> str:
        return f"{self.check}-{self.plugin.__name__}"


BROKEN: list[Broken] = []


def breaks(check: str, *also: str, simulator: type[ModelCompany] = ModelCompany) -> Callable[[T], T]:
    """Register a class as the plugin that breaks `check`; `also` are other checks that then fail too."""

    def register(plugin: T) -> T:
        company = FileCompany if issubclass(plugin, FileModel) else simulator
        BROKEN.append(Broken(check, frozenset(also), plugin, company))
        return plugin

    return register
