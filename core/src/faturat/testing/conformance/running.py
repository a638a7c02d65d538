"""Running checks: each on a bench of its own, and whatever goes wrong is its result."""

import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from msgspec import Struct

from faturat.plugins.checks import PluginRefused
from faturat.testing.conformance import (
    asking,
    behaviour,
    described,
    exchanging,
    faults,
    fetching,
    hostile,
    looking_up,
    paying,
    references,
)
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import CHECKS, Check, CheckFailed, DoesNotApply
from faturat.testing.conformance.subject import Subject

GROUPS = (
    described,
    references,
    looking_up,
    fetching,
    paying,
    asking,
    faults,
    hostile,
    behaviour,
    exchanging,
)
"""The modules of checks, in the order in which they are run and documented."""
LOADS = "loads_as_the_host_loads_it"
"""The check that says why a plugin does not load; no other one can run then."""


class Result(Struct, frozen=True, kw_only=True):
    """What a check came to. `what` says what was seen where it failed, and why where it does not apply."""

    name: str
    status: Literal["passed", "failed", "does_not_apply"]
    what: str = ""
    rule: str
    mend: str
    seconds: float


def all_checks() -> tuple[Check, ...]:
    """Every check, group by group."""
    names = [group.__name__.rpartition(".")[2] for group in GROUPS]
    return tuple(sorted(CHECKS.values(), key=lambda check: names.index(check.group)))


def run_check(check: Check, subject: Subject) -> Result:
    """Run one check on a fresh bench."""
    started = time.perf_counter()
    with _simulator_failures() as failures:
        status, what = _try(check, subject)
    if status == "failed" and failures:
        what += f". The simulator itself raised {', '.join(sorted(set(failures)))}"
    return Result(
        name=check.name,
        status=status,
        what=what,
        rule=check.rule,
        mend=check.mend,
        seconds=round(time.perf_counter() - started, 3),
    )


@contextmanager
def _simulator_failures() -> Iterator[list[str]]:
    """The kinds of exceptions that the simulator's server logs meanwhile, instead of their tracebacks."""
    failures: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kind = record.exc_info[0] if record.exc_info else None
            failures.append("an error" if kind is None else kind.__name__)

    log, listener = logging.getLogger("aiohttp.server"), Listener()
    log.addHandler(listener)
    log.propagate, before = False, log.propagate
    try:
        yield failures
    finally:
        log.removeHandler(listener)
        log.propagate = before


def _try(check: Check, subject: Subject) -> tuple[Literal["passed", "failed", "does_not_apply"], str]:
    try:
        with Bench(subject) as bench:
            if not check.when.holds(bench.biller.capabilities):
                return "does_not_apply", f"for plugins {check.when.words}"
            check.run(bench)
    except DoesNotApply as reason:
        return "does_not_apply", str(reason)
    except CheckFailed as failure:
        return "failed", str(failure)
    except PluginRefused as refusal:
        return ("failed", str(refusal)) if check.name == LOADS else ("does_not_apply", "the plugin does not load")
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return "failed", f"{type(error).__name__}: {error} ({frame.filename}:{frame.lineno})"
    return "passed", ""
