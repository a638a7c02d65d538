"""Receipts as their customer keeps them, and as anybody who holds one checks it."""

from datetime import date

from msgspec import Struct

from faturat import Faturat, FaturatError, Language, Payment
from faturat.clock import company_day
from faturat_server.pages.facts import account_name, biller_name
from faturat_server.receipts.codes import code_of, payment_of
from faturat_server.receipts.content import ReceiptContent, receipt_content
from faturat_server.receipts.standing import Returned, Standing, standing_of


class CheckedReceipt(Struct, frozen=True):
    """What a genuine receipt says and how its payment stands now; nothing of who paid, or from where.

    `amount` is in minor units. `number` and `day` are None where the company has taken its receipt back, `invoice`
    where the invoice is no longer kept.
    """

    standing: Standing
    returned: Returned | None
    company: str
    invoice: str | None
    amount: int
    currency: str
    number: str | None
    day: date | None


class Receipts:
    """`secret` is that of all processes; `public_url` is the setting, which may be empty."""

    def __init__(self, faturat: Faturat, secret: str, public_url: str) -> None:
        self._faturat = faturat
        self._secret = secret
        self._public_url = public_url

    async def content(self, customer: str, payment_id: str, language: Language) -> ReceiptContent:
        """What the receipt of a customer's payment says; raises FaturatError unknown_payment or no_receipt."""
        payment, receipt = await self._faturat.payments.receipt(customer, payment_id)
        invoice = await self._faturat.invoices.find(customer, payment.invoice)
        account = await account_name(self._faturat, payment)
        address, returned = self._address(payment.id), await self.returned(payment)
        return receipt_content(self._faturat, payment, receipt, returned, invoice, account, address, language)

    async def returned(self, payment: Payment) -> Returned | None:
        """What went back to the customer of a payment that once had a receipt; None where nothing did."""
        if payment.receipt is None:
            return None
        _, cases = await self._faturat.operators.contradicted(payment.id)
        return standing_of(payment, cases)[1]

    async def check(self, code: str) -> CheckedReceipt | None:
        """What the receipt with this code says, as it stands now; None where no such receipt is known."""
        payment_id = payment_of(self._secret, code)
        if payment_id is None:
            return None
        try:
            payment, cases = await self._faturat.operators.contradicted(payment_id)
        except FaturatError:
            return None  # the database was put back to before this payment
        standing, returned = standing_of(payment, cases)
        order, receipt = payment.order, payment.receipt
        invoice = await self._faturat.invoices.find(order.customer, payment.invoice)
        return CheckedReceipt(
            standing=standing,
            returned=returned,
            company=biller_name(self._faturat, order.biller),
            invoice=None if invoice is None else invoice.invoice.number,
            amount=order.amount if receipt is None else receipt.amount,
            currency=order.currency,
            number=None if receipt is None else receipt.number,
            day=None if receipt is None else company_day(receipt.settled_at),
        )

    def _address(self, payment_id: str) -> str:
        return f"{self._public_url}/verifiko/{code_of(self._secret, payment_id)}" if self._public_url else ""
