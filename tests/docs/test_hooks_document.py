"""docs/hooks.md documents every hook with its exact arguments."""

import inspect
import re
from pathlib import Path

import pytest

from faturat.hookspecs import BankSpec, BillerSpec, ObserverSpec
from faturat.plugins.checks import hook_names

TEXT = (Path(__file__).parents[2] / "docs" / "hooks.md").read_text("utf-8")
HOOKS = [(spec, hook) for spec in (BillerSpec, BankSpec, ObserverSpec) for hook in sorted(hook_names(spec))]


@pytest.mark.parametrize(("spec", "hook"), HOOKS, ids=[hook for _, hook in HOOKS])
def test_every_hook_stands_there_with_its_exact_arguments(spec: type, hook: str) -> None:
    arguments = [name for name in inspect.signature(getattr(spec, hook)).parameters if name != "self"]
    heading = f"### `{hook}({', '.join(arguments)})`"
    assert heading in TEXT, f"docs/hooks.md lacks {heading}"
    section = TEXT.split(heading)[1].split("\n##")[0]
    for argument in arguments:
        assert f"- `{argument}`: " in section, f"{hook}: the argument {argument} is not described"
    assert inspect.getdoc(getattr(spec, hook)), f"{hook} has no docstring"


def test_no_hook_is_documented_that_is_not_there() -> None:
    documented = set(re.findall(r"^### `(\w+)\(", TEXT, re.M))
    assert documented == {hook for _, hook in HOOKS}
