"""What a customer paid, in memory."""

from collections.abc import Sequence
from datetime import datetime

from faturat.invoices.types import KnownInvoice
from faturat.payments.types import Payment, PaymentState


class MemoryHistory:
    """The part of the memory store that lists a customer's payments; nothing awaits inside."""

    _invoices: dict[str, KnownInvoice]
    _payments: dict[str, Payment]

    async def payments(
        self,
        customer: str,
        before: str = "",
        limit: int = 100,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        biller: str | None = None,
        states: Sequence[PaymentState] = (),
    ) -> list[Payment]:
        found = (
            row
            for row in self._payments.values()
            if row.order.customer == customer
            and (not before or row.id < before)
            and (since is None or row.order.created_at >= since)
            and (until is None or row.order.created_at < until)
            and biller in (None, row.order.biller)
            and (not states or row.state in states)
        )
        return sorted(found, key=lambda row: row.id, reverse=True)[:limit]

    async def customer_invoices(self, customer: str, invoice_ids: Sequence[str]) -> list[KnownInvoice]:
        found = (self._invoices.get(each) for each in sorted(set(invoice_ids)))
        return [row for row in found if row is not None and row.customer == customer]
