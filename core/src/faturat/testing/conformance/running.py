"""Running checks: each on a bench of its own, and whatever goes wrong is its result."""

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias

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
    patterns,
    paying,
    references,
    stating,
)
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import CHECKS, Check, CheckFailed, DoesNotApply
from faturat.testing.conformance.subject import Subject

GROUPS = (
    described,
    references,
    patterns,
    looking_up,
    fetching,
    paying,
    asking,
    faults,
    hostile,
    behaviour,
    exchanging,
    stating,
)
"""The modules of checks, in the order in which they are run and documented."""
LOADS = "loads_as_the_host_loads_it"
"""The check that says why a plugin does not load; no other one can run then."""


Status: TypeAlias = Literal["passed", "failed", "does_not_apply"]


class Result(Struct, frozen=True, kw_only=True):
    """What a check came to. `what` says what was seen where it failed, and why where it does not apply."""

    name: str
    status: Status
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

    def run() -> None:
        try:
            with Bench(subject) as bench:
                if not check.when.holds(bench.biller.capabilities):
                    raise DoesNotApply(f"for plugins {check.when.words}")
                check.run(bench)
        except PluginRefused as refusal:
            if check.name == LOADS:
                raise CheckFailed(str(refusal)) from refusal
            raise

    return timed(check.name, check.rule, check.mend, run)


def timed(name: str, rule: str, mend: str, run: Callable[[], None]) -> Result:
    """What came of a check or a rule, whatever it raised."""
    started = time.perf_counter()
    with _simulator_failures() as failures:
        status, what = _tried(run)
    if status == "failed" and failures:
        what += f". The simulator itself raised {', '.join(sorted(set(failures)))}"
    seconds = round(time.perf_counter() - started, 3)
    return Result(name=name, status=status, what=what, rule=rule, mend=mend, seconds=seconds)


def _tried(run: Callable[[], None]) -> tuple[Status, str]:
    try:
        run()
    except DoesNotApply as reason:
        return "does_not_apply", str(reason)
    except CheckFailed as failure:
        return "failed", str(failure)
    except PluginRefused:
        return "does_not_apply", f"the plugin does not load: {LOADS} says why"
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return "failed", f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"
    return "passed", ""


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
