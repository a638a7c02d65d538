"""Contracts, invoices, payments and plans, made with a word or two."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from faturat.billers import Reference
from faturat.contracts.types import Contract
from faturat.invoices.types import Invoice, InvoiceLine, InvoiceState, KnownInvoice, PayChoice, PayChoices, PayRange
from faturat.notices.types import Delivery, Notice, NoticeEvent, NoticeFacts
from faturat.payments.types import Order, Payment, PaymentEvent, PaymentState, Plan
from faturat.text import Text

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def contract(contract_id: str = "con_1", **changes: Any) -> Contract:
    usual = {
        "id": contract_id,
        "customer": "c1",
        "biller": "oshee",
        "reference": Reference("contract", {"code": f"TR{contract_id}", "area": "ë\"'\\"}),
        "name": "Shtëpia",
        "subscriber": "Test Test",
        "created_at": NOW,
        "due_at": NOW,
    }
    return Contract(**(usual | changes))


def invoice(key: str = "2018-07", **changes: Any) -> Invoice:
    usual = {
        "invoice_key": key,
        "number": f"No {key}",
        "issued_on": date(2018, 8, 1),
        "amount": 170740,
        "total": 170740,
        "currency": "ALL",
        "payable": PayChoices((PayChoice(170740, Text("e plotë", "in full")),)),
        "due_on": date(2018, 8, 31),
        "lines": (InvoiceLine("Energji", 170740),),
    }
    return Invoice(**(usual | changes))


def known(invoice_id: str = "inv_1", of: Contract | None = None, key: str = "2018-07", **changes: Any) -> KnownInvoice:
    """An invoice of the contract `of`; without one, a quote."""
    like = of or contract()
    usual = {
        "id": invoice_id,
        "customer": like.customer,
        "biller": like.biller,
        "reference": like.reference,
        "contract": None if of is None else of.id,
        "invoice": invoice(key),
        "state": InvoiceState.OPEN,
        "version": 1,
        "read_at": NOW,
        "subscriber": "Test Test",
    }
    return KnownInvoice(**(usual | changes))


def ranged(key: str, part: int = 1) -> Invoice:
    return invoice(key, payable=PayRange(100, 170740), due_on=None, lines=(), part=part)


def notice(notice_id: str = "not_1", about: str = "inv_1", version: int = 1, **changes: Any) -> Notice:
    usual = {
        "id": notice_id,
        "customer": "c1",
        "event": NoticeEvent.INVOICE_NEW,
        "subject": about,
        "version": version,
        "invoice": about,
        "facts": NoticeFacts("OSHEE", "Shtëpia", "No 1", 170740, "ALL", date(2018, 8, 31)),
        "created_at": NOW,
    }
    return Notice(**(usual | changes))


def delivery(delivery_id: str = "del_1", subject: str = "not_1", **changes: Any) -> Delivery:
    usual = {
        "id": delivery_id,
        "channel": "push",
        "hook": "deliver_notice",
        "subject": subject,
        "version": 1,
        "due_at": NOW,
        "deadline": NOW + 3600 * SECOND,
    }
    return Delivery(**(usual | changes))


def order(payment_id: str = "pay_1", **changes: Any) -> Order:
    usual = {
        "id": payment_id,
        "customer": "c1",
        "account": "account-1",
        "biller": "oshee",
        "reference": contract().reference,
        "invoice_key": "2018-07",
        "amount": 170740,
        "currency": "ALL",
        "created_at": NOW,
    }
    return Order(**(usual | changes))


def created(payment_id: str = "pay_1", *, key: Any = None, deliveries: Any = (), **changes: Any) -> Plan:
    """The plan that begins a payment; `changes` are fields of its order."""
    payment = Payment(
        order=order(payment_id, **changes),
        invoice="inv_1",
        state=PaymentState.CREATED,
        version=1,
        state_since=NOW,
        due_at=NOW,
        expires_at=NOW + 600 * SECOND,
        quoted_total=170740,
        chain_head=f"hash-{payment_id}-1",
    )
    return Plan(payment=payment, expected=0, event=_event(payment, ""), key=key, deliveries=deliveries)


def moved(
    payment: Payment,
    state: PaymentState,
    invoice_state: InvoiceState | None = None,
    *,
    deliveries: Any = (),
    **changes: Any,
) -> Plan:
    """The plan that moves a payment on; `changes` are fields of the payment."""
    head = f"hash-{payment.id}-{payment.version + 1}"
    after = replace(payment, state=state, version=payment.version + 1, chain_head=head, **changes)
    event = _event(after, payment.state.value, payment.chain_head)
    return Plan(
        payment=after, expected=payment.version, event=event, invoice_state=invoice_state, deliveries=deliveries
    )


def _event(payment: Payment, before: str, previous: str = "") -> PaymentEvent:
    return PaymentEvent(
        payment=payment.id,
        version=payment.version,
        at=payment.state_since,
        before=before,
        after=payment.state.value,
        reason=payment.reason,
        evidence="amount=170740",
        previous_hash=previous,
        hash=payment.chain_head,
    )
