"""What is known of one invoice, in PostgreSQL."""

from collections.abc import Sequence

from faturat.invoices.types import KnownInvoice
from faturat.payments.states import BEFORE_HOLDING
from faturat.payments.types import Payment
from faturat.store.postgres.database import Database
from faturat.store.postgres.rows import invoice_from, payment_from
from faturat.store.postgres.tables import InvoiceRow, PaymentRow


class Readings:
    _database: Database

    async def same_invoice(self, biller: str, invoice_key: str) -> list[KnownInvoice]:
        same = (InvoiceRow.biller == biller) & (InvoiceRow.invoice_key == invoice_key)
        return [invoice_from(row) for row in await InvoiceRow.select().where(same).order_by(InvoiceRow.id)]

    async def waiting_payments(self, customer: str, invoice_ids: Sequence[str]) -> list[Payment]:
        if not invoice_ids:
            return []
        rows = await (
            PaymentRow.select()
            .where(
                PaymentRow.customer == customer,
                PaymentRow.invoice.is_in(list(invoice_ids)),
                PaymentRow.state.is_in(sorted(BEFORE_HOLDING)),
            )
            .order_by(PaymentRow.id)
        )
        return [payment_from(row) for row in rows]
