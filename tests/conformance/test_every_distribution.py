"""Every plugin of this repository keeps the rules of a distribution, and runs the kit in its own folder."""

from pathlib import Path

import pytest

from faturat.testing.checking import find_job
from faturat.testing.quality import RULES

PLUGINS = sorted(each.parent.name for each in (Path(__file__).parents[2] / "plugins").glob("*/pyproject.toml"))
TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_rule_is_kept(plugin: str) -> None:
    results = list(find_job(f"faturat-{plugin}").only(list(RULES)).run())
    assert len(results) == len(RULES)
    assert [f"{each.rule} {each.what}. {each.mend}" for each in results if each.status == "failed"] == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_it_runs_the_kit_as_its_own_tests(plugin: str) -> None:
    text = (TESTS / plugin / f"test_{plugin}_conformance.py").read_text("utf-8")
    assert "BillerConformance" in text
    assert f'"faturat-{plugin}"' in text
