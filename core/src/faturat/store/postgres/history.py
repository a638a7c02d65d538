"""What a customer paid, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from faturat.invoices.types import KnownInvoice
from faturat.payments.types import Payment, PaymentState
from faturat.store.postgres.rows import invoice_from, payment_from
from faturat.store.postgres.tables import InvoiceRow, PaymentRow


class History:
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
        query = PaymentRow.select().where(PaymentRow.customer == customer)
        if before:
            query = query.where(PaymentRow.id < before)
        if since is not None:
            query = query.where(PaymentRow.created_at >= since)
        if until is not None:
            query = query.where(PaymentRow.created_at < until)
        if biller is not None:
            query = query.where(PaymentRow.biller == biller)
        if states:
            query = query.where(PaymentRow.state.is_in([state.value for state in states]))
        return [payment_from(row) for row in await query.order_by(PaymentRow.id, ascending=False).limit(limit)]

    async def customer_invoices(self, customer: str, invoice_ids: Sequence[str]) -> list[KnownInvoice]:
        if not invoice_ids:
            return []
        theirs = (InvoiceRow.customer == customer) & InvoiceRow.id.is_in(list(invoice_ids))
        return [invoice_from(row) for row in await InvoiceRow.select().where(theirs).order_by(InvoiceRow.id)]
