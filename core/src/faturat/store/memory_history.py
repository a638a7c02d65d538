"""What a customer paid, in memory."""

from collections.abc import Sequence

from faturat.invoices.types import KnownInvoice
from faturat.payments.types import EVERY_PAYMENT, Payment, PaymentFilter


class MemoryHistory:
    """The part of the memory store that lists a customer's payments; nothing awaits inside."""

    _invoices: dict[str, KnownInvoice]
    _payments: dict[str, Payment]

    async def payments(
        self, customer: str, before: str = "", limit: int = 100, wanted: PaymentFilter = EVERY_PAYMENT
    ) -> list[Payment]:
        rows = (row for row in self._payments.values() if row.order.customer == customer and wanted.admits(row))
        found = (row for row in rows if not before or row.id < before)
        return sorted(found, key=lambda row: row.id, reverse=True)[:limit]

    async def customer_payments(self, customer: str, payment_ids: Sequence[str]) -> list[Payment]:
        found = (self._payments.get(each) for each in sorted(set(payment_ids)))
        return [row for row in found if row is not None and row.order.customer == customer]

    async def customer_invoices(self, customer: str, invoice_ids: Sequence[str]) -> list[KnownInvoice]:
        found = (self._invoices.get(each) for each in sorted(set(invoice_ids)))
        return [row for row in found if row is not None and row.customer == customer]
