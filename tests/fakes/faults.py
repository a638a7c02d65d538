"""Faults for foreign calls and commits, drawn from a script: before the effect, after it, or a crash of the process."""

from collections.abc import Iterator
from enum import StrEnum


class Fault(StrEnum):
    NONE = "none"
    LOST = "lost"  # the call never arrives
    SILENT = "silent"  # the call has its effect, the reply is lost
    CRASH_BEFORE = "crash_before"
    CRASH_AFTER = "crash_after"


class Crash(BaseException):
    """The process died here; nothing above may catch it but the test."""


class Script:
    """Hands out one fault per call; when it is used up every call works."""

    def __init__(self, faults: Iterator[Fault] | list[Fault] | None = None) -> None:
        self._faults = iter(faults or [])

    def before(self) -> Fault:
        fault = next(self._faults, Fault.NONE)
        if fault is Fault.CRASH_BEFORE:
            raise Crash
        if fault is Fault.LOST:
            raise ConnectionError
        return fault

    @staticmethod
    def after(fault: Fault) -> None:
        if fault is Fault.CRASH_AFTER:
            raise Crash
        if fault is Fault.SILENT:
            raise ConnectionError
