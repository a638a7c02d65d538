"""A reconciliation written out: CSV for spreadsheets, JSON for machines. Amounts are decimal strings.

And the day of one, as people type it.
"""

import re
from datetime import date
from typing import Any

import msgspec

from faturat import FaturatError, Finding, Reconciliation, to_decimal
from faturat.reconciliation.wording import NOTES, next_step
from faturat_server.spreadsheets import write_csv

COLUMNS = (
    "kind",
    "order_id",
    "state",
    "amount_here",
    "amount_there",
    "currency",
    "receipt_here",
    "receipt_there",
    "settled_here",
    "settled_there",
    "notes",
    "next",
)


def as_csv(made: Reconciliation) -> str:
    """A line per finding under one of names; whatever the company wrote is text, and no formula."""
    day = made.day.isoformat()
    rows = (row(finding, made) for finding in made.findings)
    return write_csv(["day", "biller", *COLUMNS], ([day, made.biller, *(each[c] for c in COLUMNS)] for each in rows))


def as_json(made: Reconciliation) -> bytes:
    """One document, without the file's content."""
    totals = msgspec.to_builtins(made.totals)
    amounts = {name: to_decimal(totals[name]) for name in ("amount_here", "amount_there")}
    head = {name: getattr(made, name) for name in ("id", "biller", "day", "made_at", "currency", "file", "sha256")}
    findings = [row(finding, made) for finding in made.findings]
    return msgspec.json.format(msgspec.json.encode(head | {"totals": totals | amounts, "findings": findings}))


def row(finding: Finding, made: Reconciliation) -> dict[str, Any]:
    """One finding by COLUMNS, in words; None where nothing stands on that side."""
    step = next_step(finding)
    return {
        "kind": finding.kind.value,
        "order_id": finding.order_id,
        "state": finding.state,
        "amount_here": None if finding.amount_here is None else to_decimal(finding.amount_here),
        "amount_there": None if finding.amount_there is None else to_decimal(finding.amount_there),
        "currency": made.currency,
        "receipt_here": finding.receipt_here or None,
        "receipt_there": finding.receipt_there or None,
        "settled_here": finding.settled_here and finding.settled_here.isoformat(),
        "settled_there": finding.settled_there and finding.settled_there.isoformat(),
        "notes": notes(finding) or None,
        "next": step and step.en,
    }


def notes(finding: Finding) -> str:
    """What else is to be said of a finding, in English."""
    words = " ".join(NOTES[note].en for note in finding.notes)
    return words if finding.listed_on is None else f"{words} ({finding.listed_on:%d.%m.%Y})"


def read_day(typed: str, field: str = "day") -> date:
    """The day `2026-11-23` or `23.11.2026`. Raises FaturatError unread_day."""
    plain = typed.strip()
    dotted = re.fullmatch(r"(\d\d?)\.(\d\d?)\.(\d{4})", plain, re.ASCII)
    try:
        return date(*(int(dotted[part]) for part in (3, 2, 1))) if dotted else date.fromisoformat(plain)
    except ValueError as error:
        raise FaturatError("unread_day", field=field, value=plain[:32]) from error
