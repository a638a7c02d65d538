"""What a receipt says: the same on the page and on paper."""

import re
import unicodedata

from msgspec import Struct

from faturat import Faturat, KnownInvoice, Language, Payment, Receipt, Text, format_amount
from faturat_server.pages.facts import Fact, biller_name, invoice_facts, shown_subscriber
from faturat_server.pages.rendering import write_date, write_moment
from faturat_server.receipts.standing import Returned

TITLE = Text("Mandati i pagesës", "Payment receipt")
CHECK_IT = Text("Verifikoni mandatin", "Check this receipt")
HOW_TO_CHECK = Text(
    "Skanoni kodin ose hapni adresën: faqja tregon nëse mandati është i vërtetë dhe si qëndron pagesa tani.",
    "Scan the code or open the address: the page says whether the receipt is genuine and how the payment stands now.",
)

NUMBER = Text("Numri i mandatit te kompania", "The company's receipt number")
"""Each company counts its own: two may give the same one."""
PAID_AT = Text("Paguar më", "Paid at")
PAYEE = Text("Përfituesi", "Payee")
SUBSCRIBER = Text("Emri i abonentit", "Subscriber's name")
INVOICE_NUMBER = Text("Numri i faturës", "Invoice number")
INVOICE_DATE = Text("Data e faturës", "Invoice date")
FROM = Text("Nga", "From")
FEE = Text("Komisioni", "Fee")
RETURNED = Text("Kthyer te ju", "Returned to you")
REFERENCE = Text("Referenca e pagesës", "Payment reference")


class ReceiptContent(Struct, frozen=True):
    """One receipt in one language. `address` is where anybody can check it; empty where public_url is not set."""

    payment: Payment
    receipt: Receipt
    returned: Returned | None
    amount: str
    facts: tuple[Fact, ...]
    address: str
    language: Language
    file_name: str


def receipt_content(
    faturat: Faturat,
    payment: Payment,
    receipt: Receipt,
    returned: Returned | None,
    invoice: KnownInvoice | None,
    account: str,
    address: str,
    language: Language,
) -> ReceiptContent:
    """`invoice` is None where it is no longer kept; `account` is the name of the account that was paid from."""
    order = payment.order
    company = biller_name(faturat, order.biller)
    facts: list[Fact] = [(NUMBER, receipt.number), (PAID_AT, write_moment(receipt.settled_at)), (PAYEE, company)]
    if invoice is not None:
        facts += invoice_facts(faturat, invoice)
        facts.append((SUBSCRIBER, shown_subscriber(invoice)))
        facts.append((INVOICE_NUMBER, invoice.invoice.number))
        facts.append((INVOICE_DATE, write_date(invoice.invoice.issued_on)))
    facts += [(FROM, account), (FEE, format_amount(order.fee, order.currency, language)), (REFERENCE, order.id)]
    if returned is not None:
        back = format_amount(returned.amount, order.currency, language)
        facts.append((RETURNED, f"{back} · {write_date(returned.day)}"))
    return ReceiptContent(
        payment=payment,
        receipt=receipt,
        returned=returned,
        amount=format_amount(receipt.amount, order.currency, language),
        facts=tuple(facts),
        address=address,
        language=language,
        file_name=file_name(company, receipt.number if invoice is None else invoice.invoice.number),
    )


def file_name(company: str, number: str) -> str:
    """Of letters and digits that every system takes: `faturat-Water-000000001.pdf`."""
    plain = (unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode() for part in (company, number))
    parts = [re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-")[:40] for part in plain]
    return "-".join(["faturat", *filter(None, parts)]) + ".pdf"
