"""The comparison: pure functions of payments and a statement. The order in which either comes does not matter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from faturat.clock import company_day
from faturat.payments.states import TERMINAL
from faturat.payments.types import Payment
from faturat.payments.types import PaymentState as S
from faturat.reconciliation.types import Finding, FindingKind, Note, Statement, StatementEntry, Totals

SETTLED: frozenset[S] = frozenset({S.SETTLED, S.CAPTURING, S.PAID, S.UNDER_REVIEW})
"""With a receipt, a payment in one of these is settled; under review, for the bank refused to capture it."""


def is_settled(payment: Payment) -> bool:
    return payment.receipt is not None and payment.state in SETTLED


def compare(
    day: date,
    ours: Iterable[Payment],
    statement: Statement,
    named: Mapping[str, Payment],
    listed: Mapping[str, date],
) -> tuple[Finding, ...]:
    """Compare the payments that settled on a day with the statement of that day.

    named: our other payments at this biller that the statement names, by id. listed: the other days whose statements
    have an order, as they were last reconciled, by id. Differences come first, by kind and order id.
    """
    here = {payment.id: payment for payment in ours}
    there: defaultdict[str, list[StatementEntry]] = defaultdict(list)
    for entry in statement.entries:
        there[entry.order_id].append(entry)
    findings = [_missing_there(payment, listed) for payment in here.values() if payment.id not in there]
    for order_id, entries in there.items():
        payment = here.get(order_id) or named.get(order_id)
        first, *others = sorted(entries, key=lambda entry: _likeness(payment, entry))
        findings.append(_booked(day, payment, first, listed))
        findings += [_there(FindingKind.DUPLICATE_THERE, payment, entry) for entry in others]
    return tuple(sorted(findings, key=_place))


def totals(findings: Iterable[Finding]) -> Totals:
    counts = dict.fromkeys(FindingKind, 0)
    here = there = 0
    for finding in findings:
        counts[finding.kind] += 1
        there += finding.amount_there or 0
        if finding.kind not in (FindingKind.MISSING_HERE, FindingKind.DUPLICATE_THERE) and finding.listed_on is None:
            here += finding.amount_here or 0
    return Totals(**{kind.value: count for kind, count in counts.items()}, amount_here=here, amount_there=there)


def is_contrary(finding: Finding) -> bool:
    """Whether the biller booked a payment that ended here without it: the customer has the money back."""
    return finding.kind is FindingKind.MISSING_HERE and finding.state in TERMINAL


def _missing_there(payment: Payment, listed: Mapping[str, date]) -> Finding:
    if payment.id not in listed:
        return _here(FindingKind.MISSING_THERE, payment)
    return _here(FindingKind.MATCHED, payment, (Note.LISTED_ON_ANOTHER_DAY,), listed[payment.id])


def _booked(day: date, payment: Payment | None, entry: StatementEntry, listed: Mapping[str, date]) -> Finding:
    """What the biller's first booking of an order comes to."""
    if payment is None or not is_settled(payment):
        return _there(FindingKind.MISSING_HERE, payment, entry)
    assert payment.receipt is not None, "is_settled() says so"
    settled_on = company_day(payment.receipt.settled_at)
    if settled_on != day and listed.get(payment.id) == settled_on:
        # the statement of the day on which it settled has it too
        return _there(FindingKind.DUPLICATE_THERE, payment, entry)
    notes = []
    if settled_on != day:
        notes.append(Note.SETTLED_ON_ANOTHER_DAY)
    if payment.receipt.number != entry.receipt:
        notes.append(Note.ANOTHER_RECEIPT)
    equal = payment.order.amount == entry.amount
    return _there(FindingKind.MATCHED if equal else FindingKind.DIFFERENT_AMOUNT, payment, entry, tuple(notes))


def _here(kind: FindingKind, payment: Payment, notes: tuple[Note, ...] = (), listed_on: date | None = None) -> Finding:
    """A finding of what the statement does not have."""
    assert payment.receipt is not None, "only what settled is looked for there"
    return Finding(
        kind=kind,
        order_id=payment.id,
        state=payment.state,
        amount_here=payment.order.amount,
        receipt_here=payment.receipt.number,
        settled_here=payment.receipt.settled_at,
        notes=notes,
        listed_on=listed_on,
    )


def _there(kind: FindingKind, payment: Payment | None, entry: StatementEntry, notes: tuple[Note, ...] = ()) -> Finding:
    """A finding of what the statement has."""
    receipt = None if payment is None else payment.receipt
    return Finding(
        kind=kind,
        order_id=entry.order_id,
        state=None if payment is None else payment.state,
        amount_here=None if payment is None else payment.order.amount,
        amount_there=entry.amount,
        receipt_here="" if receipt is None else receipt.number,
        receipt_there=entry.receipt,
        settled_here=None if receipt is None else receipt.settled_at,
        settled_there=entry.settled_at,
        notes=notes,
    )


def _likeness(payment: Payment | None, entry: StatementEntry) -> tuple[Any, ...]:
    """Sorts several bookings of one order: the one that is most like ours comes first."""
    receipt = None if payment is None or payment.receipt is None else payment.receipt.number
    amount = None if payment is None else payment.order.amount
    return entry.amount != amount, entry.receipt != receipt, entry.settled_at, entry.receipt, entry.amount


def _place(finding: Finding) -> tuple[Any, ...]:
    kinds = list(FindingKind)
    return (
        kinds.index(finding.kind),
        finding.order_id,
        finding.settled_there,
        finding.receipt_there,
        finding.amount_there,
    )
