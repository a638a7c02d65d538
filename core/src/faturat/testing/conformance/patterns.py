"""What a pattern may be made of: it is read by Python here, and by JavaScript in browsers and apps."""

import re
from typing import Final

from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import check, expect
from faturat.testing.conformance.references import each_field

_IN_SET: Final = r"(?:[^()\[\]{}/\-\\|]|\\[()\[\]{}/\-\\|^$.*+?&!#%,:;<=>@`~])"
_ONCE: Final = r"(?!(?P<{}>[&!#$%*+,.:;<=>?@^`~])(?P={}))"
"""Not a sign that stands for an operation, or for one to come, where a set has it twice."""
_SET: Final = rf"\[\^?+(?:{_ONCE.format(*2 * ['one'])}{_IN_SET}(?:-{_ONCE.format(*2 * ['end'])}{_IN_SET})?)+\]"
_SIGN: Final = r"[^\\^$.*+?()\[\]{}|]|\\[\\^$.*+?()\[\]{}|/]|\."
_HOW_OFTEN: Final = r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??"
_COMMON: Final = re.compile(rf"(?:\((?:\?:)?|[|^$]|(?:{_SET}|{_SIGN}|\))(?:{_HOW_OFTEN}(?![*+?{{]))?)*")


def uncommon(pattern: str) -> str:
    """What a pattern has from where Python and JavaScript (with the flag v) may disagree; empty where they do not."""
    common = _COMMON.match(pattern)
    return pattern[common.end() :] if common is not None else pattern


@check(
    "A pattern means the same in a browser: it is one of both Python's and JavaScript's (with the flag v).",
    r"Take out flags as (?i), names, lookaround, \d and \w; write [A-Za-z], and in [ ] write \- and \/ for - and /.",
)
def patterns_are_for_browsers_too(bench: Bench) -> None:
    for _, field in each_field(bench.biller):
        for pattern in (field.pattern, *(each.pattern for each in field.look_alikes)):
            rest = uncommon(pattern)
            expect(rest == "", f"field {field.id!r}: a browser may not read {pattern!r} from {rest!r} on")
