"""One check: a rule of the contract, what to do where it is broken, and the plugins that it applies to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from faturat.billers import Capabilities
from faturat.errors import BillerError, FaturatError

if TYPE_CHECKING:
    from faturat.testing.conformance.bench import Bench


class CheckFailed(Exception):
    """A rule is broken; the words say what was seen."""


class DoesNotApply(Exception):
    """This plugin has nothing that the rule is about; the words say what is missing."""


@dataclass(frozen=True)
class When:
    """Which plugins a check applies to, in words and by their capabilities."""

    words: str
    holds: Callable[[Capabilities], bool]

    def __and__(self, other: When) -> When:
        return When(f"{self.words}, {other.words}", lambda able: self.holds(able) and other.holds(able))


ALWAYS = When("of every sort", lambda _able: True)
CALLED = When("that call their company", lambda able: able.exchange_every is None)
BY_FILES = When("that swap files", lambda able: able.exchange_every is not None)
BULK = When("with max_bulk above 1", lambda able: able.max_bulk > 1)
LIVE = When("with live_quote", lambda able: able.live_quote)
PARTS = When("with parts", lambda able: able.parts)
IDEMPOTENT = When("with idempotent_pay", lambda able: able.idempotent_pay)
PAID_ONCE = When("without idempotent_pay", lambda able: not able.idempotent_pay)
ASKED = When("with status_inquiry", lambda able: able.status_inquiry)
STATES = When("with statements", lambda able: able.statements)
FINAL = When("with not_found_final_after", lambda able: able.not_found_final_after is not None)


@dataclass(frozen=True)
class Check:
    """A check by the name of its function; `group` is the module that it stands in."""

    name: str
    group: str
    rule: str
    mend: str
    when: When
    run: Callable[[Bench], None]


CHECKS: dict[str, Check] = {}
"""Every check by name, as the modules register them."""


def check(
    rule: str, mend: str, when: When = ALWAYS, name: str | None = None
) -> Callable[[Callable[[Bench], None]], Callable[[Bench], None]]:
    """Register a check under its function's name, or under `name` where one function makes several."""

    def register(function: Callable[[Bench], None]) -> Callable[[Bench], None]:
        known = name or function.__name__
        assert known not in CHECKS, f"two checks are named {known}"
        CHECKS[known] = Check(known, function.__module__.rpartition(".")[2], rule, mend, when, function)
        return function

    return register


def expect(condition: bool, what: str) -> None:
    """Raise CheckFailed with what was seen, where the condition does not hold."""
    if not condition:
        fail(what)


def fail(what: str) -> NoReturn:
    raise CheckFailed(what)


def said(answer: object) -> str:
    """An answer in a failure's words: an error by its code, anything else as it prints, cut to one line."""
    if isinstance(answer, BillerError):
        return f"the error {answer.code} ({answer.why})"
    if isinstance(answer, FaturatError):
        return f"the error {answer.code}"
    words = repr(answer)
    return words if len(words) <= 300 else words[:300] + " ..."
