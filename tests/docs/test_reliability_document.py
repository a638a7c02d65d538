"""docs/reliability.md lists the planted bugs, each with the seed that finds it."""

import re
from pathlib import Path

from simulation.bugs import FOUND_BY

TEXT = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text("utf-8")


def test_the_table_is_that_of_the_simulation() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \|", TEXT, re.M)
    assert {name.replace(" ", "_"): int(seed) for name, seed in rows} == FOUND_BY
    assert f"{len(FOUND_BY)} bugs, planted" in TEXT


def test_the_commands_name_what_is_there() -> None:
    root = Path(__file__).parents[2]
    named = re.findall(r"(?:pytest|python) [^#\n]*?(tests/[\w/.]+)", TEXT)
    assert len(named) >= 6
    assert all((root / path).exists() for path in named)
