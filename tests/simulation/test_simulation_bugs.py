"""The simulation bites: each planted bug is found by the seed that the table names, which finds nothing without it."""

import pytest

from simulation.bugs import BUGS, FOUND_BY
from simulation.run import DEFAULT_SEEDS, kept_seeds, run_seed


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str) -> None:
    seed = FOUND_BY[bug]
    assert seed < DEFAULT_SEEDS or seed in kept_seeds(), "the default run has to find it"
    with BUGS[bug]():
        found = run_seed(seed).violation
    assert found
    assert "TypeError" not in found, "the bug no longer fits the engine"


def test_the_table_names_every_bug_and_no_other() -> None:
    assert set(FOUND_BY) == set(BUGS)
