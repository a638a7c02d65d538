"""A customer's payments written out for their own books: CSV as spreadsheets read it in their language, ISO dates."""

from collections.abc import Sequence

from msgspec import Struct

from faturat import Language, Payment, Text, to_decimal
from faturat.clock import company_day
from faturat_server.spreadsheets import write_csv

BYTE_ORDER_MARK = "\ufeff"
"""By it spreadsheets know UTF-8, and show ë."""

DECIMAL_SIGNS: dict[Language, str] = {"sq": ",", "en": "."}
DELIMITERS: dict[Language, str] = {"sq": ";", "en": ","}
"""What a spreadsheet takes for the end of a cell: where a comma begins the decimals, it is a semicolon."""

HEADINGS = (
    Text("Data", "Date"),
    Text("Kompania", "Company"),
    Text("Kontrata", "Contract"),
    Text("Referenca e kontratës", "Contract reference"),
    Text("Numri i faturës", "Invoice number"),
    Text("Shuma", "Amount"),
    Text("Komisioni", "Fee"),
    Text("Monedha", "Currency"),
    Text("Gjendja", "State"),
    Text("Paguar më", "Paid on"),
    Text("Numri i mandatit te kompania", "The company's receipt number"),
    Text("Referenca e pagesës", "Payment reference"),
)
STAGES = {
    "paid": Text("E paguar", "Paid"),
    "failed": Text("E pakryer", "Not made"),
    "cancelled": Text("E anuluar", "Cancelled"),
    "scheduled": Text("E planifikuar", "Scheduled"),
    "under_way": Text("Në kryerje", "Under way"),
    "pending": Text("Në pritje të konfirmimit", "Awaiting confirmation"),
    "unknown": Text("Në pritje të konfirmimit", "Awaiting confirmation"),
    "under_review": Text("Në shqyrtim", "Under review"),
}


class HistoryRow(Struct, frozen=True):
    """One payment, with the names that its customer knows; empty where they are no longer kept."""

    payment: Payment
    stage: str
    biller_name: str
    contract_name: str
    reference: str
    invoice_number: str


def as_csv(rows: Sequence[HistoryRow], language: Language) -> bytes:
    lines = [_line(row, language) for row in rows]
    return (BYTE_ORDER_MARK + write_csv([each.to(language) for each in HEADINGS], lines, DELIMITERS[language])).encode()


def _line(row: HistoryRow, language: Language) -> tuple[str | None, ...]:
    order, receipt = row.payment.order, row.payment.receipt
    return (
        company_day(order.created_at).isoformat(),
        row.biller_name,
        row.contract_name,
        row.reference,
        row.invoice_number,
        _amount(order.amount, language),
        _amount(order.fee, language),
        order.currency,
        STAGES[row.stage].to(language),
        None if receipt is None else company_day(receipt.settled_at).isoformat(),
        None if receipt is None else receipt.number,
        order.id,
    )


def _amount(minor: int, language: Language) -> str:
    """Without signs between thousands, so that it is a number in a spreadsheet."""
    return to_decimal(minor).replace(".", DECIMAL_SIGNS[language])
