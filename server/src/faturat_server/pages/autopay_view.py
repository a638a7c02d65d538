"""What a contract's page shows of its standing order."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from faturat import Account, Contract, Faturat, FaturatError, InvoiceState, KnownInvoice, Payment
from faturat.autopay.types import Preview, Terms
from faturat.payments.later import day_of
from faturat.payments.service import check_account

OF_LIMITS = "ALL"
"""The currency of the limits, as the pages write them."""


class Coming(Struct, frozen=True):
    """A payment to come: its day, and its invoice."""

    payment: Payment
    on: date
    known: KnownInvoice


class AutopayView(Struct, frozen=True):
    """What the contract's page shows of it."""

    terms: Terms
    account_name: str
    error: FaturatError | None
    """What stands against paying an open invoice from the account."""
    coming: tuple[Coming, ...]
    soon: tuple[Preview, ...]
    """What is scheduled within half an hour, as the terms, or the invoices, have just changed."""
    left: tuple[Preview, ...]
    """Open invoices that are the customer's to pay, and why."""


async def autopay_view(faturat: Faturat, contract: Contract, rows: Sequence[KnownInvoice]) -> AutopayView | None:
    """A contract's autopay with what it does about its invoices; None where there is none."""
    found = await faturat.autopay.get(contract.customer, contract.id)
    if found is None:
        return None
    scheduled = await faturat.autopay.scheduled(contract.id)
    invoices = await faturat.invoices.find_all(contract.customer, [payment.invoice for payment in scheduled])
    coming = tuple(
        Coming(payment, day, invoices[payment.invoice])
        for payment in scheduled
        if payment.invoice in invoices and (day := day_of(payment)) is not None
    )
    decided = await faturat.autopay.outlook(found, rows)
    soon = tuple(each for each in decided if each.on is not None)
    left = tuple(each for each in decided if each.on is None)
    try:
        accounts = await faturat.accounts(contract.customer)
    except FaturatError:
        return AutopayView(found.terms, found.terms.account, None, coming, soon, left)  # the bank does not answer
    error = _account_error(accounts, found.terms.account, rows)
    return AutopayView(found.terms, paid_from(accounts, found.terms), error, coming, soon, left)


def _account_error(accounts: tuple[Account, ...], account: str, rows: Sequence[KnownInvoice]) -> FaturatError | None:
    open_in = {row.invoice.currency for row in rows if row.state is InvoiceState.OPEN}
    try:
        for currency in sorted(open_in) or [OF_LIMITS]:
            check_account(accounts, account, currency)
    except FaturatError as error:
        return error
    return None


def paid_from(accounts: tuple[Account, ...], terms: Terms) -> str:
    """The account's name, or its id where the bank has it no more."""
    return next((each.name for each in accounts if each.id == terms.account), terms.account)
