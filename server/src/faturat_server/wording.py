"""What a payment, an invoice that is not to be paid, and a decision have to say in words; and spans of time."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from faturat import Faturat, InvoiceState, KnownInvoice, Language, Payment, PaymentState, Text, format_amount
from faturat.clock import TIRANE
from faturat.errors import message
from faturat.messages import MESSAGES
from faturat.money import amount_text
from faturat.operators.service import Decision
from faturat_server.pages.facts import biller_name
from faturat_server.pages.rendering import write_date

WITHOUT_AMOUNT = {
    "amount_changed": "amount_changed_late",
    "insufficient_funds": "refused",
    "biller_busy": "biller_busy_then",
}
"""What to say where the reason names an amount, or a time to wait, and none was given."""
AFTER_A_HOLD = {"already_paid": "already_paid_late", "expired": "expired_late"}
"""What to say where the money had been reserved and went back; the notice says so too."""

GONE = {
    InvoiceState.WITHDRAWN: Text(
        "Kompania {biller} nuk e kërkon më këtë faturë; ndoshta është paguar gjetkë. E mësuam më {day}.",
        "{biller} no longer asks for this invoice; perhaps it was paid elsewhere. We learnt it on {day}.",
    ),
    InvoiceState.PAID_ELSEWHERE: Text(
        "Kompania {biller} thotë se kjo faturë është paguar gjetkë. E mësuam më {day}.",
        "{biller} says that this invoice was paid elsewhere. We learnt it on {day}.",
    ),
}
LISTED_AGAIN = Text(
    "Kjo faturë është e paguar. Më {day} kompania {biller} e kishte ende në listë, me totalin {amount}. Këtu nuk "
    "paguhet më; nëse mendoni se keni ende për të paguar, pyesni kompaninë.",
    "This invoice is paid. On {day} {biller} still had it in its list, with a total of {amount}. It cannot be paid "
    "here again; if you think that more is owed, ask {biller}.",
)

ON_THE_WAY_BACK = frozenset({PaymentState.REJECTED, PaymentState.NOT_SENT, PaymentState.RELEASING})
"""The reason is known, but the money is not back yet: nobody may read that it is."""


TAKES = Text(
    "{held} merren nga llogaria {account} e klientit {customer}; kompania {biller} merr {amount}.",
    "{held} are taken from account {account} of customer {customer}; {biller} gets {amount}.",
)
RETURNS = Text(
    "{held} kthehen të plota te llogaria {account} e klientit {customer}. Kompania {biller} nuk merr asgjë.",
    "{held} go back in full to account {account} of customer {customer}. {biller} gets nothing.",
)

_UNITS = (
    (timedelta(days=1), Text("ditë", "d")),
    (timedelta(hours=1), Text("orë", "h")),
    (timedelta(minutes=1), Text("min", "min")),
    (timedelta(seconds=1), Text("sek", "s")),
)


def payment_message(faturat: Faturat, payment: Payment, language: Language) -> str:
    """Why a payment ended or halted, in words; empty where nothing went wrong."""
    if not payment.reason or payment.state in ON_THE_WAY_BACK:
        return ""
    # the bank's code for its refusal may be one that we do not know
    code = payment.reason if payment.reason in MESSAGES else "refused"
    amount = ""
    if payment.reason_amount is not None:
        amount = format_amount(payment.reason_amount, payment.order.currency, language)
    else:
        code = WITHOUT_AMOUNT.get(code, code)
    if payment.state is PaymentState.FAILED and payment.hold_expires_at is not None:
        code = AFTER_A_HOLD.get(code, code)
    order = payment.order
    biller = faturat.billers.get(order.biller)
    kind = biller.kind(order.reference.kind) if biller is not None else None
    return message(
        code,
        language,
        biller=biller.name if biller is not None else order.biller,
        amount=amount,
        currency=order.currency,
        help=kind.fields[0].help if kind is not None else "",
    )


async def invoice_messages(faturat: Faturat, rows: Sequence[KnownInvoice], language: Language) -> Mapping[str, str]:
    """By the id of each invoice, what its company said that makes it not payable; empty where nothing is to say."""
    again = await faturat.invoices.listed_after_payment(rows)
    return {row.id: _invoice_message(faturat, row, language, row.id in again) for row in rows}


def _invoice_message(faturat: Faturat, known: KnownInvoice, language: Language, listed_again: bool) -> str:
    text = LISTED_AGAIN if listed_again else GONE.get(known.state)
    if text is None:
        return ""
    return text.to(language).format(
        biller=biller_name(faturat, known.biller),
        day=write_date(known.read_at.astimezone(TIRANE).date()),
        amount=format_amount(known.invoice.total, known.invoice.currency, language),
    )


def decision_effect(faturat: Faturat, payment: Payment, decision: Decision) -> Text:
    """What a decision does to how much money of whom, for the operator who is about to take it."""
    order = payment.order
    biller = faturat.billers.get(order.biller)
    names: dict[str, str] = {
        "customer": order.customer,
        "account": order.account,
        "biller": order.biller if biller is None else biller.name,
    }
    effect = RETURNS if decision.receipt is None else TAKES
    held, amount = amount_text(order.to_hold, order.currency), amount_text(order.amount, order.currency)
    return Text(
        effect.sq.format(held=held.sq, amount=amount.sq, **names),
        effect.en.format(held=held.en, amount=amount.en, **names),
    )


def span(length: timedelta) -> Text:
    """How long, in its two largest units: `3 d 4 h`."""
    counted: list[tuple[int, Text]] = []
    for unit, word in _UNITS:
        count, length = divmod(length, unit)
        if count or counted:
            counted.append((count, word))
    shown = [(count, word) for count, word in counted[:2] if count] or [(0, _UNITS[-1][1])]
    return Text(
        " ".join(f"{count} {word.sq}" for count, word in shown), " ".join(f"{count} {word.en}" for count, word in shown)
    )
