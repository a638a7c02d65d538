"""The checks as tests of a plugin's own suite. pytest calls this class; nothing of pytest is imported."""

from typing import Any, ClassVar
from unittest import SkipTest

from faturat.testing.company import Company
from faturat.testing.conformance.check import Check
from faturat.testing.conformance.running import all_checks, run_check
from faturat.testing.conformance.subject import Subject, find_subject


class BillerConformance:
    """One test per check, for a subclass that names the plugin's distribution, or its two classes.

    A check that does not apply is skipped, with the reason.
    """

    distribution: ClassVar[str] = ""
    plugin: ClassVar[type[Any] | None] = None
    simulator: ClassVar[type[Company] | None] = None

    @classmethod
    def subject(cls) -> Subject:
        if cls.plugin is None or cls.simulator is None:
            return find_subject(cls.distribution)
        return Subject(cls.plugin.__name__, cls.plugin, cls.simulator)

    def pytest_generate_tests(self, metafunc: Any) -> None:
        if "check" in metafunc.fixturenames:
            checks = all_checks()
            metafunc.parametrize("check", checks, ids=[check.name for check in checks])

    def test_rule(self, check: Check) -> None:
        __tracebackhide__ = True  # the words say all; a traceback through the kit says nothing
        result = run_check(check, self.subject())
        if result.status == "does_not_apply":
            raise SkipTest(result.what)
        assert result.status == "passed", f"{result.rule}\nSeen: {result.what}\nMend: {result.mend}"
