"""docs/architecture.md names every package, and no file that is not there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")


@pytest.mark.parametrize("place", ["core/src/faturat", "server/src/faturat_server"])
def test_every_package_is_named(place: str) -> None:
    packages = {each.name for each in (ROOT / place).iterdir() if each.is_dir() and each.name != "__pycache__"}
    rows = "".join(line for line in TEXT.splitlines() if line.startswith(f"| `{place}/"))
    assert packages <= set(re.findall(r"(\w+)/`", rows))


def test_the_files_that_are_named_are_there() -> None:
    named = re.findall(r"^\| `(core/src/faturat/\w*)[^|]*\|(.*)\|$", TEXT, re.M)
    assert len(named) > 10
    for folder, words in named:
        for file in re.findall(r"`(\w+\.py)`", words):
            assert list((ROOT / folder.rstrip("/")).glob(f"**/{file}")), f"{folder} has no {file}"
