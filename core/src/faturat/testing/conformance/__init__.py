"""The conformance kit: whether a biller's plugin keeps the contract of docs/hooks.md. See docs/conformance.md.

`faturat check` runs it, and so does a plugin's own test suite:

    class TestConformance(BillerConformance):
        distribution = "faturat-water"
"""

from faturat.testing.conformance.adapter import BillerConformance
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import Check, CheckFailed, DoesNotApply
from faturat.testing.conformance.running import Result, all_checks, run_check
from faturat.testing.conformance.subject import HandClock, NoSuchPlugin, Subject, find_subject

__all__ = [
    "Bench",
    "BillerConformance",
    "Check",
    "CheckFailed",
    "DoesNotApply",
    "HandClock",
    "NoSuchPlugin",
    "Result",
    "Subject",
    "all_checks",
    "find_subject",
    "run_check",
]
