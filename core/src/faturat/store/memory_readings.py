"""What is known of one invoice, in memory."""

from collections import defaultdict
from collections.abc import Sequence

from faturat.invoices.types import KnownInvoice
from faturat.payments.states import BEFORE_HOLDING
from faturat.payments.types import Payment


class MemoryReadings:
    """The part of the memory store that looks across customers; nothing awaits inside."""

    _invoices: dict[str, KnownInvoice]
    _same_invoice: defaultdict[tuple[str, str], set[str]]
    _payments: dict[str, Payment]

    async def same_invoice(self, biller: str, invoice_key: str) -> list[KnownInvoice]:
        return [self._invoices[row_id] for row_id in sorted(self._same_invoice[biller, invoice_key])]

    async def waiting_payments(self, customer: str, invoice_ids: Sequence[str]) -> list[Payment]:
        return [
            row
            for _, row in sorted(self._payments.items())
            if row.order.customer == customer and row.invoice in invoice_ids and row.state in BEFORE_HOLDING
        ]
