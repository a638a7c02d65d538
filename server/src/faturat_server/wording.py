"""What a payment has to say to its customer."""

from faturat import Faturat, Language, Payment, PaymentState, format_amount
from faturat.errors import MESSAGES, message

WITHOUT_AMOUNT = {
    "amount_changed": "amount_changed_late",
    "insufficient_funds": "refused",
    "biller_busy": "biller_busy_then",
}
"""What to say where the reason names an amount, or a time to wait, and none was given."""


ON_THE_WAY_BACK = frozenset({PaymentState.REJECTED, PaymentState.NOT_SENT, PaymentState.RELEASING})
"""The reason is known, but the money is not back yet: nobody may read that it is."""


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
