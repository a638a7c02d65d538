"""What operators did: who, when, to which payment, and why; kept beside the payments, for such words may name somebody.

A transition that an operator caused names the entry's digest in its event, so the chain of the payment's events vouches
for the entry too, and holds no word of it.
"""

import hashlib
import re
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

_VOUCHED = re.compile(r"(.*) audit=([0-9a-f]{64})", re.ASCII | re.DOTALL)


class AuditAction(StrEnum):
    ASKED = "asked"
    """The open question was put to company or bank again."""
    SETTLED = "settled"
    """A payment was decided: the company has the money."""
    RETURNED = "returned"
    """A payment was decided: the money goes back."""
    CASE_OPENED = "case_opened"
    CASE_CLOSED = "case_closed"


class AuditEntry(Struct, frozen=True, kw_only=True):
    """One deed of an operator. `subject` is the id of a payment; `reason` and `evidence` are their own words."""

    id: str
    at: datetime
    operator: str
    action: AuditAction
    subject: str
    reason: str
    evidence: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def vouch(words: str, entry: AuditEntry) -> str:
    """The evidence of an event that `entry` caused."""
    return f"{words} audit={entry.digest}"


def vouched(evidence: str) -> tuple[str, str]:
    """An event's evidence without the digest of the deed that caused it, and that digest, or nothing."""
    found = _VOUCHED.fullmatch(evidence)
    return (evidence, "") if found is None else (found[1], found[2])
