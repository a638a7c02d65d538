"""What a customer paid, in PostgreSQL."""

from collections.abc import Sequence

from faturat.invoices.types import KnownInvoice
from faturat.payments.types import EVERY_PAYMENT, Payment, PaymentFilter
from faturat.store.postgres.rows import invoice_from, payment_from
from faturat.store.postgres.tables import InvoiceRow, PaymentRow


class History:
    async def payments(
        self, customer: str, before: str = "", limit: int = 100, wanted: PaymentFilter = EVERY_PAYMENT
    ) -> list[Payment]:
        query = PaymentRow.select().where(PaymentRow.customer == customer)
        if before:
            query = query.where(PaymentRow.id < before)
        if wanted.since is not None:
            query = query.where(PaymentRow.created_at >= wanted.since)
        if wanted.until is not None:
            query = query.where(PaymentRow.created_at < wanted.until)
        if wanted.biller is not None:
            query = query.where(PaymentRow.biller == wanted.biller)
        if wanted.states:
            query = query.where(PaymentRow.state.is_in([state.value for state in wanted.states]))
        return [payment_from(row) for row in await query.order_by(PaymentRow.id, ascending=False).limit(limit)]

    async def customer_payments(self, customer: str, payment_ids: Sequence[str]) -> list[Payment]:
        if not payment_ids:
            return []
        theirs = (PaymentRow.customer == customer) & PaymentRow.id.is_in(list(payment_ids))
        return [payment_from(row) for row in await PaymentRow.select().where(theirs).order_by(PaymentRow.id)]

    async def customer_invoices(self, customer: str, invoice_ids: Sequence[str]) -> list[KnownInvoice]:
        if not invoice_ids:
            return []
        theirs = (InvoiceRow.customer == customer) & InvoiceRow.id.is_in(list(invoice_ids))
        return [invoice_from(row) for row in await InvoiceRow.select().where(theirs).order_by(InvoiceRow.id)]
