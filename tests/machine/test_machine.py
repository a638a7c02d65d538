"""The state machine on both stores: a little in every run, more in `make soak`; and the planted bugs that it finds."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from machine_bugs import BUGS
from machine_rules import Machine

Make: TypeAlias = Callable[[bool], type[Machine]]
USUAL = settings(
    derandomize=True,
    print_blob=True,
    deadline=None,
    database=None,
    stateful_step_count=40,
    suppress_health_check=list(HealthCheck),
)
EXAMPLES = {"memory": 30, "postgres": 5}
MANY = 600
LONG = {"memory": 3000, "postgres": 300}


@pytest.mark.parametrize("live", [True, False], ids=["live", "not_live"])
def test_customers_see_what_the_model_says(machine: Make, where: str, live: bool) -> None:
    run_state_machine_as_test(machine(live), settings=settings(USUAL, max_examples=EXAMPLES[where]))


@pytest.mark.soak
@pytest.mark.parametrize("live", [True, False], ids=["live", "not_live"])
def test_customers_see_it_for_long(machine: Make, where: str, live: bool) -> None:
    """Other examples each time; a failing one prints the blob that repeats it."""
    long = settings(USUAL, derandomize=False, max_examples=LONG[where], stateful_step_count=80)
    run_state_machine_as_test(machine(live), settings=long)


def bites(machine: Make) -> bool:
    """Whether one of many examples fails, with whatever it met; not made small, for that takes long.

    Which examples there are changes with the code: Hypothesis draws from the constants that it finds there.
    """
    quick = settings(USUAL, max_examples=MANY, phases=[Phase.generate], print_blob=False)
    for live in (True, False):
        try:
            run_state_machine_as_test(machine(live), settings=quick)
        except TypeError:
            raise  # the bug is planted into a function that is another by now
        except Exception as found:
            print(type(found).__name__, found)
            return True
    return False


@pytest.mark.soak
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
@pytest.mark.parametrize("where", ["memory"])
def test_a_planted_bug_is_found(machine: Make, bug: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bug(monkeypatch)
    assert bites(machine)


@pytest.mark.soak
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
@pytest.mark.parametrize("where", ["postgres"])
def test_a_planted_bug_is_found_on_postgres(machine: Make, bug: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bug(monkeypatch)
    assert bites(machine)
