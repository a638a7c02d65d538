"""The magic references: contracts at a simulated company that always behave in one way, for people and for tests."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import StrEnum

from faturat.testing.books import IssuedInvoice

SLOW_SECONDS = 3.0
"""How long the case `slow` takes to answer."""


class Case(StrEnum):
    """What a magic reference shows; those that are also faults are shown at every request for it."""

    NO_DEBTS = "no_debts"
    ONE = "one"
    MANY = "many"
    TWO_HUNDRED = "two_hundred"
    SLOW = "slow"
    DOWN = "down"
    UNKNOWN = "unknown_reference"
    ALREADY_PAID = "already_paid"
    CHANGED_TOTAL = "changed_total"
    REJECTS = "rejects_payment"
    SETTLES_LATE = "settles_late"


MEANINGS: dict[Case, str] = {
    Case.NO_DEBTS: "a contract without unpaid invoices",
    Case.ONE: "one unpaid invoice",
    Case.MANY: "twelve unpaid invoices",
    Case.TWO_HUNDRED: "two hundred unpaid invoices",
    Case.SLOW: f"every answer takes {SLOW_SECONDS:.0f} seconds",
    Case.DOWN: "the company does not answer",
    Case.UNKNOWN: "the company knows no such contract",
    Case.ALREADY_PAID: "a payment is answered: paid elsewhere already",
    Case.CHANGED_TOTAL: "the total rises while a payment is on its way",
    Case.REJECTS: "a payment is refused for good",
    Case.SETTLES_LATE: "a payment brings no definite answer at first, and is booked half a minute later",
}

INVOICES: dict[Case, int] = {Case.NO_DEBTS: 0, Case.MANY: 12, Case.TWO_HUNDRED: 200}
"""How many unpaid invoices a case has; one where it is not named."""

_FIRST = 500_000
_BLOCK = 1000


def case_numbers(case: Case) -> range:
    """The running numbers of a case's invoices, far from those of the demo's own."""
    first = _FIRST + _BLOCK * list(Case).index(case)
    return range(first, first + INVOICES.get(case, 1))


def case_invoices(case: Case, contract: str, number: Callable[[int], str], today: date) -> Iterator[IssuedInvoice]:
    """A month each, the newest issued ten days ago and due in ten; nothing overdue, so that no penalty interferes."""
    for months_ago, running in enumerate(case_numbers(case)):
        yield IssuedInvoice(
            key=number(running),
            contract=contract,
            number=number(running),
            issued_on=today - timedelta(days=10 + 30 * months_ago),
            due_on=today + timedelta(days=10),
            amount=1000_00 + running % _BLOCK * 10,
        )
