"""What the services ask of a store about one invoice that several customers may know."""

from collections.abc import Sequence
from typing import Protocol

from faturat.invoices.types import KnownInvoice
from faturat.payments.types import Payment


class ReadingsStore(Protocol):
    async def same_invoice(self, biller: str, invoice_key: str) -> list[KnownInvoice]:
        """Every row of one of a biller's invoices: of all customers' contracts, and quotes."""
        ...

    async def waiting_payments(self, customer: str, invoice_ids: Sequence[str]) -> list[Payment]:
        """A customer's payments of some invoice rows that have asked for no money yet, oldest first."""
        ...
