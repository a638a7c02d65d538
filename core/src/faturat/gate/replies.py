"""Checks of what plugins reply: types, bounds, duplicates, currency, size. Each raises ValueError and names the fault.

The words of a ValueError name fields and limits, never values.
"""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from faturat.bank import REFUSALS, Account, Captured, CaptureReply, FundsStatus, Hold, HoldReply, Refusal, Released
from faturat.billers import Biller, Reference, Subscriber
from faturat.errors import FaturatError
from faturat.gate.call import code_of
from faturat.invoices.types import Invoice, Payable, PayChoices
from faturat.money import MAX_MINOR
from faturat.payments.types import NotSent, Order, Outcome, Settled, StatusReply, Unknown
from faturat.text import Text

MAX_TEXT = 200
MAX_LINES = 200
MAX_CHOICES = 20
MAX_ACCOUNTS = 100
MAX_PART = 1000
OLDEST, NEWEST = date(1990, 1, 1), date(2100, 1, 1)


def typed(reply: object, kind: Any) -> Any:
    """The same reply, rebuilt field by field as `kind` says: a plugin may have filled a Struct with anything."""
    plain = msgspec.to_builtins(reply, builtin_types=(datetime, date))
    return msgspec.convert(plain, kind)


def require(condition: bool, fault: str) -> None:
    if not condition:
        raise ValueError(fault)


def check_text(value: str, field: str, least: int = 1) -> None:
    require(least <= len(value) <= MAX_TEXT, f"{field}: {least} to {MAX_TEXT} characters")
    require(all(unicodedata.category(sign)[0] != "C" for sign in value), f"{field}: no control characters")


def check_amount(value: int, field: str, least: int = 0) -> None:
    require(least <= value <= MAX_MINOR, f"{field}: {least} to {MAX_MINOR} minor units")


def check_date(value: date, field: str) -> None:
    require(OLDEST <= value < NEWEST, f"{field}: a date from {OLDEST} to {NEWEST}")


def check_moment(value: datetime, field: str) -> None:
    require(value.tzinfo is not None, f"{field}: an aware time")
    check_date(value.astimezone(UTC).date(), field)


def check_subscriber(reply: object) -> Subscriber:
    subscriber: Subscriber = typed(reply, Subscriber)
    check_text(subscriber.name, "name")
    return subscriber


def checked_hint(hint: object) -> Text | None:
    """What a plugin says of an unknown reference, where it is a text in both languages; else None."""
    try:
        text: Text = typed(hint, Text)
        check_text(text.sq, "hint.sq")
        check_text(text.en, "hint.en")
    except (ValueError, TypeError):
        return None
    return text


def check_invoices(
    reply: object, references: tuple[Reference, ...], biller: Biller
) -> dict[Reference, tuple[Invoice, ...] | FaturatError]:
    """One entry per reference asked: a missing or faulty one becomes an error of that reference alone."""
    require(isinstance(reply, Mapping), "fetch_invoices: a mapping by reference")
    assert isinstance(reply, Mapping)
    require(set(reply) <= set(references), "fetch_invoices: only references that were asked")
    answers: dict[Reference, tuple[Invoice, ...] | FaturatError] = {}
    bad = FaturatError("biller_bad_reply", biller=biller.name)
    for reference in references:
        entry = reply.get(reference, bad)
        if isinstance(entry, FaturatError):
            answers[reference] = entry
            continue
        try:
            answers[reference] = check_entry(entry, biller)
        except (ValueError, TypeError):
            answers[reference] = bad
    return answers


def check_entry(entry: object, biller: Biller) -> tuple[Invoice, ...]:
    """The invoices of one reference, sorted by date and number."""
    require(isinstance(entry, list | tuple) and len(entry) <= biller.max_invoices, "invoices: too many")
    invoices: tuple[Invoice, ...] = typed(entry, tuple[Invoice, ...])
    for invoice in invoices:
        check_invoice(invoice, biller)
    keys = {invoice.invoice_key for invoice in invoices}
    require(len(keys) == len(invoices), "invoices: no invoice_key twice")
    return tuple(sorted(invoices, key=lambda each: (each.issued_on, each.number, each.invoice_key)))


def check_invoice(invoice: Invoice, biller: Biller) -> None:
    check_text(invoice.invoice_key, "invoice_key")
    check_text(invoice.number, "number")
    check_date(invoice.issued_on, "issued_on")
    if invoice.due_on is not None:
        check_date(invoice.due_on, "due_on")
    for field in ("amount", "penalty", "discount"):
        check_amount(getattr(invoice, field), field)
    check_amount(invoice.total, "total", least=1)
    require(invoice.currency == biller.currency, "currency: the biller's own")
    require(1 <= invoice.part <= MAX_PART, f"part: 1 to {MAX_PART}")
    require(invoice.part == 1 or biller.capabilities.parts, "part: above 1 only with the capability parts")
    require(len(invoice.lines) <= MAX_LINES, f"lines: at most {MAX_LINES}")
    for line in invoice.lines:
        check_text(line.label, "lines.label")
        check_amount(abs(line.amount), "lines.amount")
    if invoice.paid_by_order is not None:
        check_text(invoice.paid_by_order, "paid_by_order")
    check_payable(invoice.payable, invoice.total)


def check_payable(payable: Payable, total: int) -> None:
    if isinstance(payable, PayChoices):
        require(1 <= len(payable.choices) <= MAX_CHOICES, f"payable: 1 to {MAX_CHOICES} choices")
        for choice in payable.choices:
            require(1 <= choice.amount <= total, "payable: choices from 1 to the total")
            check_text(choice.label.sq, "payable.label.sq")
            check_text(choice.label.en, "payable.label.en")
    else:
        require(1 <= payable.minimum <= payable.maximum <= total, "payable: 1 <= minimum <= maximum <= total")


def check_outcome(reply: object, kind: Any) -> Any:
    """An outcome, its receipt bounded. NotSent is refused: only the gate knows whether a byte left."""
    outcome = typed(reply, kind)
    require(not isinstance(outcome, NotSent), "outcome: a plugin never says not_sent")
    if isinstance(outcome, Settled):
        check_text(outcome.receipt.number, "receipt.number")
        check_amount(outcome.receipt.amount, "receipt.amount")
        check_moment(outcome.receipt.settled_at, "receipt.settled_at")
    if isinstance(outcome, Unknown):
        return Unknown(code_of(outcome.why))
    return outcome


def check_pay(reply: object) -> Outcome:
    outcome: Outcome = check_outcome(reply, Outcome)
    return outcome


def check_status(reply: object) -> StatusReply:
    outcome: StatusReply = check_outcome(reply, StatusReply)
    return outcome


def check_accounts(reply: object) -> tuple[Account, ...]:
    require(isinstance(reply, list | tuple) and len(reply) <= MAX_ACCOUNTS, f"accounts: at most {MAX_ACCOUNTS}")
    accounts: tuple[Account, ...] = typed(reply, tuple[Account, ...])
    for account in accounts:
        check_text(account.id, "account.id")
        check_text(account.name, "account.name")
        check_amount(abs(account.available), "account.available")
    require(len({account.id for account in accounts}) == len(accounts), "accounts: no id twice")
    return accounts


def check_hold(reply: object, order: Order) -> HoldReply:
    answer: HoldReply = typed(reply, HoldReply)
    if isinstance(answer, Hold):
        require(answer.order_id == order.id, "hold: of this order")
        require(answer.amount == order.to_hold, "hold: the order's amount and fee")
        require(answer.currency == order.currency, "hold: the order's currency")
        check_moment(answer.expires_at, "hold.expires_at")
        return answer
    return check_refusal(answer)


def check_refusal(refusal: Refusal) -> Refusal:
    """A refusal by one of the codes that we know; any other one is `refused`."""
    if refusal.available is not None:
        check_amount(abs(refusal.available), "refusal.available")
    return replace(refusal, code=refusal.code if refusal.code in REFUSALS else "refused")


def check_capture(reply: object, order: Order) -> CaptureReply:
    answer: CaptureReply = typed(reply, CaptureReply)
    if isinstance(answer, Captured):
        require(answer.order_id == order.id and answer.amount == order.to_hold, "capture: what was held")
        return answer
    return check_refusal(answer)


def check_released(reply: object, order: Order) -> Released:
    # any reply with an order id has its shape, one that says that the money is still held too
    require(isinstance(reply, Released), "release: Released")
    answer: Released = typed(reply, Released)
    require(answer.order_id == order.id, "release: of this order")
    return answer


def check_funds(reply: object, order: Order) -> FundsStatus:
    answer: FundsStatus = typed(reply, FundsStatus)
    require(answer.order_id == order.id, "funds_status: of this order")
    check_amount(answer.amount, "funds_status.amount")
    return answer


def check_orders(reply: object, after: str, limit: int) -> tuple[FundsStatus, ...]:
    """A page that begins where it was asked for once more would never end."""
    page: tuple[FundsStatus, ...] = typed(reply, tuple[FundsStatus, ...])
    ids = {status.order_id for status in page}
    require(
        len(page) <= limit and len(ids) == len(page) and after not in ids, "list_orders: a page after the one before"
    )
    return page


def check_sentences(reply: object) -> tuple[str, ...]:
    sentences: tuple[str, ...] = typed(reply, tuple[str, ...])
    return sentences
