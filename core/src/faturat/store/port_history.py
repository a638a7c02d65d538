"""What the services ask of a store about what a customer paid, and when."""

from collections.abc import Sequence
from typing import Protocol

from faturat.invoices.types import KnownInvoice
from faturat.payments.types import EVERY_PAYMENT, Payment, PaymentFilter


class HistoryStore(Protocol):
    async def payments(
        self, customer: str, before: str = "", limit: int = 100, wanted: PaymentFilter = EVERY_PAYMENT
    ) -> list[Payment]:
        """The customer's payments, newest first; `before` is the last id of the page before."""
        ...

    async def customer_payments(self, customer: str, payment_ids: Sequence[str]) -> list[Payment]:
        """Some payments of a customer, oldest first; others' are left out."""
        ...

    async def customer_invoices(self, customer: str, invoice_ids: Sequence[str]) -> list[KnownInvoice]:
        """Some invoices and quotes of a customer, of removed contracts too; those no longer kept are left out."""
        ...
