"""One amount owed: as the biller says it (Invoice) and as the host keeps it (KnownInvoice)."""

from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from faturat.billers import Reference
from faturat.text import Text


class InvoiceLine(Struct, frozen=True):
    """One item of an invoice; amount in minor units."""

    label: str
    amount: int


class PayChoice(Struct, frozen=True):
    """One amount that the biller accepts, in minor units, and what it covers."""

    amount: int
    label: Text


class PayChoices(Struct, frozen=True, tag="choices"):
    """Only these amounts are accepted; the first is what a customer most likely wants."""

    choices: tuple[PayChoice, ...]

    def accepts(self, amount: int) -> bool:
        return any(choice.amount == amount for choice in self.choices)


class PayRange(Struct, frozen=True, tag="range"):
    """Any amount from minimum to maximum is accepted, in minor units, both included."""

    minimum: int
    maximum: int

    def accepts(self, amount: int) -> bool:
        return self.minimum <= amount <= self.maximum


Payable: TypeAlias = PayChoices | PayRange


class Invoice(Struct, frozen=True):
    """An unpaid invoice as the biller says it; all amounts in minor units, all of them the biller's word."""

    invoice_key: str
    """The biller's stable name of this invoice, unique at the biller."""
    number: str
    issued_on: date
    amount: int
    total: int
    currency: str
    payable: Payable
    due_on: date | None = None
    penalty: int = 0
    discount: int = 0
    lines: tuple[InvoiceLine, ...] = ()
    part: int = 1
    """Counts the payments of this invoice; above 1 only where the biller quotes a remainder."""
    paid_by_order: str | None = None
    """The order id under which the biller has booked a payment of this part; it proves that settlement.

    `total` is then what was booked, and nothing of it is to pay.
    """


class InvoiceState(StrEnum):
    OPEN = "open"
    PAYING = "paying"
    PAID = "paid"
    PAID_ELSEWHERE = "paid_elsewhere"
    WITHDRAWN = "withdrawn"


GONE = frozenset({InvoiceState.PAID_ELSEWHERE, InvoiceState.WITHDRAWN})
"""No longer to be paid, and not by us."""


class KnownInvoice(Struct, frozen=True, kw_only=True):
    """An invoice that the host knows: from a contract, or a quote from a look-up (then contract is None).

    It is bound to the customer who asked. `read_at` says when the biller was asked and said so for the
    first time; the same said again does not change it.
    """

    id: str
    customer: str
    biller: str
    reference: Reference
    contract: str | None
    invoice: Invoice
    state: InvoiceState
    version: int
    read_at: datetime
    subscriber: str = ""
