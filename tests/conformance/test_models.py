"""Plugins that keep every rule pass every check, each those that are for its capabilities."""

import pytest
from file_company import FileCompany
from file_model import FileModel
from model import Model
from model_company import ModelCompany
from model_variants import Once, ShowsPayments

from faturat.testing.conformance import BillerConformance, Check, Subject, all_checks, run_check


class TestModel(BillerConformance):
    """As a plugin's author writes it."""

    plugin = Model
    simulator = ModelCompany


class TestFileModel(BillerConformance):
    plugin = FileModel
    simulator = FileCompany


VARIANTS = [
    (Once, {"a_repeat_is_never_rejected", "a_payment_is_sent_once"}),
    (
        ShowsPayments,
        {check.name for check in all_checks() if check.group in ("fetching", "paying", "asking", "faults")},
    ),
]


@pytest.mark.parametrize(
    ("plugin", "check"),
    [(plugin, check) for plugin, names in VARIANTS for check in all_checks() if check.name in names],
    ids=lambda value: value.name if isinstance(value, Check) else value.__name__,
)
def test_a_variant_passes_what_it_is_for(plugin: type, check: Check) -> None:
    result = run_check(check, Subject("variant", plugin, ModelCompany))
    assert result.status != "failed", result.what
