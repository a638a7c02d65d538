"""The kit bites: for every check there is a plugin that breaks this rule, and the check finds it."""

import broken_descriptions
import broken_files
import broken_manners
import broken_payments
import broken_readings
import broken_statements
import pytest
from breaking import BROKEN, Broken

from faturat.testing.conformance import all_checks, run_check
from faturat.testing.conformance.check import CHECKS

MODULES = (broken_descriptions, broken_files, broken_manners, broken_payments, broken_readings, broken_statements)
SAMPLE = ("loads_as_the_host_loads_it", "a_contract_is_found", "an_invoice_is_read_whole", "a_payment_settles")
"""Checks that are tried on every broken plugin by `make test`; `make soak` tries all of them."""


def failing(broken: Broken, names: set[str]) -> set[str]:
    return {name for name in names if run_check(CHECKS[name], broken.subject).status == "failed"}


def test_every_check_has_a_broken_plugin() -> None:
    assert {check.name for check in all_checks()} == {broken.check for broken in BROKEN}
    assert all(broken.also <= set(CHECKS) for broken in BROKEN)


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_check_finds_it(broken: Broken) -> None:
    expected = {broken.check, *broken.also}
    assert failing(broken, expected | set(SAMPLE)) == expected


@pytest.mark.soak
@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_no_other_check_does(broken: Broken) -> None:
    assert failing(broken, set(CHECKS)) == {broken.check, *broken.also}
