"""docs/conformance.md lists every check and every rule, with their words as they are."""

import re
from pathlib import Path

from faturat.testing.conformance import all_checks
from faturat.testing.conformance.check import CHECKS
from faturat.testing.quality import RULES

TEXT = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text("utf-8")


def test_every_check_and_rule_stands_there_in_its_order() -> None:
    wanted = [f"| `{rule.name}` | {rule.rule} |" for rule in RULES.values()]
    wanted += [f"| `{check.name}` | {check.rule} | {check.when.words} |" for check in all_checks()]
    assert re.findall(r"^\| `.*$", TEXT, re.M) == wanted


def test_the_check_that_is_shown_is_one() -> None:
    shown = re.findall(r"^def (\w+)\(bench: Bench\)", TEXT, re.M)
    assert shown
    assert set(shown) <= set(CHECKS)
