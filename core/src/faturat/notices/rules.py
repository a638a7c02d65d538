"""What a customer hears of: pure functions from what changed to a notice, or to none."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from faturat.billers import Biller
from faturat.clock import company_day, day_bounds, new_id
from faturat.contracts.types import Contract
from faturat.invoices.merge import Changes
from faturat.invoices.types import InvoiceState, KnownInvoice
from faturat.notices.types import Named, Notice, NoticeEvent, NoticeFacts
from faturat.payments.later import day_of
from faturat.payments.types import Payment
from faturat.payments.types import PaymentState as S

DUE_IN = (7, 3, 1, 0)
"""How many days before an invoice is due its customer hears of it."""
FIRST_DEADLINE = timedelta(minutes=5)
"""After so long without an outcome nobody waits for it on the screen any more."""
ON_SCREEN = timedelta(minutes=2)
"""What becomes of a payment so soon is seen on the screen by whoever makes it."""

OWN_DOING = frozenset({"cancelled", "autopay_changed", "autopay_stopped", "contract_removed"})
"""Ends of a payment before it began that its customer brought about, and need not be told of."""

_FOR_GOOD = {
    S.PAID: NoticeEvent.PAYMENT_SETTLED,
    S.FAILED: NoticeEvent.PAYMENT_FAILED,
    S.DECLINED: NoticeEvent.PAYMENT_FAILED,
    S.EXPIRED: NoticeEvent.PAYMENT_FAILED,
    S.UNDER_REVIEW: NoticeEvent.PAYMENT_REVIEW,
}


def of_reading(
    contract: Contract,
    before: Mapping[str, KnownInvoice],
    changes: Changes,
    biller_name: str,
    now: datetime,
    paying: str | None = None,
) -> tuple[Notice, ...]:
    """The notices of one reading of a contract; `before` are its rows as they were, by id.

    Whoever has the reading made for a payment of the invoice `paying` sees its new total on the screen.

    What the first complete answer brings was there when the contract was registered: no notice.
    """
    fresh = [] if contract.checked_at is None else [row for row in changes.new if row.state is InvoiceState.OPEN]
    new = [
        _of_invoice(NoticeEvent.INVOICE_NEW, row, contract.name, biller_name, now) for row in (*fresh, *changes.back)
    ]
    changed = []
    for row in changes.changed:
        was = before[row.id]
        # of an invoice that is being paid, its payment says what there is to say
        still_open = was.state is InvoiceState.OPEN and row.state is InvoiceState.OPEN
        if still_open and row.invoice.invoice_key != paying and was.invoice.total != row.invoice.total:
            event = NoticeEvent.INVOICE_CHANGED
            changed.append(_of_invoice(event, row, contract.name, biller_name, now, was=was.invoice.total))
    return (*new, *changed)


def due(row: KnownInvoice, contract_name: str, biller_name: str, today: date, now: datetime) -> Notice:
    """The notice that an invoice is due in some days; one for each number of days, whatever else changes."""
    assert row.invoice.due_on is not None
    days = (row.invoice.due_on - today).days
    event = NoticeEvent.INVOICE_DUE
    return _of_invoice(event, row, contract_name, biller_name, now, version=days + 1, days=days)


def unpayable(row: KnownInvoice, contract_name: str, biller_name: str, why: str, now: datetime) -> Notice:
    """The notice that autopay does not pay an invoice; one for each invoice, whatever else changes.

    A contract that is taken back has other rows, so it is about the company's key of the invoice.
    """
    event, subject = NoticeEvent.AUTOPAY_LEFT, f"{row.contract} {row.invoice.invoice_key}"
    return _of_invoice(event, row, contract_name, biller_name, now, subject=subject, version=1, unpayable=why)


def good_until(notice: Notice) -> datetime | None:
    """Until when a notice says what is so; None: for as long as it is worth telling."""
    return day_bounds(company_day(notice.created_at))[1] if notice.event is NoticeEvent.INVOICE_DUE else None


def withdrawn(row: KnownInvoice, contract_name: str, biller_name: str, now: datetime) -> Notice:
    """The notice that the company no longer asks for an invoice."""
    elsewhere = row.state is InvoiceState.PAID_ELSEWHERE
    event = NoticeEvent.INVOICE_WITHDRAWN
    return _of_invoice(event, row, contract_name, biller_name, now, elsewhere=elsewhere)


def payment_event(payment: Payment, biller: Biller | None, now: datetime) -> NoticeEvent | None:
    """What there is to say of a payment that has just come to its state, where there is anything."""
    if payment.state in (S.PENDING, S.UNKNOWN):
        assert payment.submitted_at is not None
        later = biller.capabilities.settles_later if biller is not None and payment.state is S.PENDING else None
        late = now >= payment.submitted_at + FIRST_DEADLINE + (later or timedelta())
        return NoticeEvent.PAYMENT_DELAYED if late else None
    if payment.state is S.SCHEDULED:
        return None if payment.autopay is None else NoticeEvent.AUTOPAY_PLANNED
    if payment.state is S.CANCELLED:
        unseen = payment.reason not in OWN_DOING and now >= payment.order.created_at + ON_SCREEN
        return NoticeEvent.PAYMENT_FAILED if unseen else None
    return _FOR_GOOD.get(payment.state)


def of_payment(event: NoticeEvent, payment: Payment, named: Named, biller_name: str, now: datetime) -> Notice:
    """The notice of a payment; that it is delayed is said once, whatever is learnt later."""
    order = payment.order
    facts = NoticeFacts(
        biller_name=biller_name,
        contract_name=named.contract,
        number=named.number,
        total=order.amount,
        currency=order.currency,
        due_on=None,
        returned=payment.state is S.FAILED and payment.hold_expires_at is not None,
        pays_on=day_of(payment),
    )
    return Notice(
        id=new_id("not", now),
        customer=order.customer,
        event=event,
        subject=payment.id,
        version=1 if event is NoticeEvent.PAYMENT_DELAYED else payment.version,
        invoice=payment.invoice,
        facts=facts,
        created_at=now,
    )


def _of_invoice(
    event: NoticeEvent,
    row: KnownInvoice,
    contract_name: str,
    biller_name: str,
    now: datetime,
    *,
    subject: str | None = None,
    version: int | None = None,
    was: int | None = None,
    days: int | None = None,
    elsewhere: bool = False,
    unpayable: str = "",
) -> Notice:
    said = row.invoice
    facts = NoticeFacts(
        biller_name,
        contract_name,
        said.number,
        said.total,
        said.currency,
        said.due_on,
        was,
        days,
        elsewhere,
        unpayable=unpayable,
        contract=row.contract if unpayable else None,
    )
    return Notice(
        id=new_id("not", now),
        customer=row.customer,
        event=event,
        subject=subject or row.id,
        version=version or row.version,
        invoice=row.id,
        facts=facts,
        created_at=now,
    )
