"""docs/simulators.md and each plugin's README name every fault and every magic reference."""

from pathlib import Path

import pytest

from faturat.plugins.simulators import installed_simulators
from faturat.testing.cases import MEANINGS, Case
from faturat.testing.faults import FAULTS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "simulators.md").read_text("utf-8")
SIMULATORS = installed_simulators()


def values(simulator: str, case: Case, folder: Path) -> list[str]:
    return list(SIMULATORS[simulator](folder).case_reference(case).values.values())


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("|")]


def test_every_fault_and_case_is_explained() -> None:
    for name, meaning in FAULTS.items():
        assert f"| `{name}` | {meaning} |" in TEXT
    for case, meaning in MEANINGS.items():
        assert f"| `{case}` | {meaning} |" in TEXT


@pytest.mark.parametrize("simulator", SIMULATORS)
def test_every_magic_reference_stands_in_the_page_and_in_the_readme(simulator: str, tmp_path: Path) -> None:
    section = TEXT.split(f"## `{simulator}`")[1].split("\n## ")[0]
    readme = (ROOT / "plugins" / simulator / "README.md").read_text("utf-8")
    for case in Case:
        wanted = [case.value, *values(simulator, case, tmp_path)]
        for name, text in (("docs/simulators.md", section), ("README.md", readme)):
            found = any(all(word in row for word in wanted) for row in rows(text))
            assert found, f"{name} of {simulator}: no row with {wanted}"


def test_no_two_cases_have_one_reference(tmp_path: Path) -> None:
    for simulator in SIMULATORS:
        references = [tuple(values(simulator, case, tmp_path)) for case in Case]
        assert len(set(references)) == len(references)
