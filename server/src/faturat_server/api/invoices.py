"""The invoices of the customer's contracts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, TypeAlias

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from faturat import Faturat, InvoiceState, KnownInvoice, Language, PayChoices, to_decimal
from faturat.invoices.types import Payable
from faturat.payments.later import day_of
from faturat_server.access.types import User
from faturat_server.api import wire
from faturat_server.api.lists import DEFAULT_LIMIT, Cursor, Limit, check_cursor, page_of
from faturat_server.api.problems import problems
from faturat_server.wording import invoice_messages

States: TypeAlias = Annotated[
    list[InvoiceState] | None,
    QueryParameter(required=False, description="Only invoices in these states; may be given repeatedly."),
]


@get("/invoices", summary="List invoices", tags=["Invoices"], responses=problems("bad_cursor"))
async def list_invoices(
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    language: NamedDependency[Language],
    states: States = None,
    cursor: Cursor = "",
    limit: Limit = DEFAULT_LIMIT,
) -> wire.Page[wire.Invoice]:
    """The invoices of all contracts, as last read from the companies; `states=open` are those to pay."""
    after = check_cursor(cursor)
    rows = await faturat.invoices.of(user.customer, states=states or (), after=after, limit=limit + 1)
    messages = await invoice_messages(faturat, rows, language)
    days = await _scheduled_days(faturat, user.customer, rows)
    return page_of(rows, limit, lambda row: write_invoice(row, language, messages[row.id], days.get(row.id)))


@get(
    "/contracts/{contract_id:str}/invoices",
    summary="List a contract's invoices",
    tags=["Contracts"],
    responses=problems("unknown_contract", "bad_cursor"),
)
async def list_contract_invoices(
    contract_id: FromPath[str],
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    language: NamedDependency[Language],
    states: States = None,
    cursor: Cursor = "",
    limit: Limit = DEFAULT_LIMIT,
) -> wire.Page[wire.Invoice]:
    """The invoices of one contract, as last read from its company; `states=open` are those to pay."""
    contract = await faturat.contracts.get(user.customer, contract_id)
    after = check_cursor(cursor)
    rows = await faturat.invoices.of(
        user.customer, contract=contract.id, states=states or (), after=after, limit=limit + 1
    )
    messages = await invoice_messages(faturat, rows, language)
    days = await _scheduled_days(faturat, user.customer, rows)
    return page_of(rows, limit, lambda row: write_invoice(row, language, messages[row.id], days.get(row.id)))


async def _scheduled_days(faturat: Faturat, customer: str, rows: Sequence[KnownInvoice]) -> Mapping[str, date | None]:
    """By the id of each invoice for which a payment is scheduled, its day."""
    scheduled = await faturat.payments.scheduled_of(customer, [row.id for row in rows])
    return {invoice: day_of(payment) for invoice, payment in scheduled.items()}


def write_invoice(
    known: KnownInvoice, language: Language, message: str, scheduled_on: date | None = None
) -> wire.Invoice:
    invoice = known.invoice
    return wire.Invoice(
        id=known.id,
        biller=known.biller,
        contract=known.contract,
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        amount=to_decimal(invoice.amount),
        penalty=to_decimal(invoice.penalty),
        discount=to_decimal(invoice.discount),
        total=to_decimal(invoice.total),
        currency=invoice.currency,
        payable=_write_payable(invoice.payable, language),
        state=known.state.value,
        message=message,
        scheduled_on=scheduled_on,
        lines=[wire.Line(line.label, to_decimal(line.amount)) for line in invoice.lines],
    )


def _write_payable(payable: Payable, language: Language) -> wire.Choices | wire.Range:
    if isinstance(payable, PayChoices):
        return wire.Choices(
            [wire.Choice(to_decimal(choice.amount), choice.label.to(language)) for choice in payable.choices]
        )
    return wire.Range(to_decimal(payable.minimum), to_decimal(payable.maximum))
