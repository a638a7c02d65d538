"""What a simulated company can do wrong: the faults by name, and replies spoilt on their way out."""

import re
from collections.abc import Callable

from msgspec import Struct

STATEMENT_FAULTS: dict[str, str] = {
    "missing_row": "leaves a booking out of the next statement",
    "extra_row": "puts a booking into the next statement that the bank never ordered",
    "other_amount": "puts ALL 1.00 more for a booking into the next statement",
    "double_row": "books a payment twice in the next statement",
    "cut_statement": "leaves the last booking out of the next statement, which still counts it",
}

FAULTS: dict[str, str] = {
    "slow": "answers after `seconds`",
    "timeout_before_debit": "never answers a payment, nothing booked",
    "timeout_after_debit": "never answers a payment that it booked",
    "error_500": "answers 500",
    "redirect": "answers 307, to the same address",
    "error_500_after_debit": "books a payment and answers 500",
    "hang_up_before_debit": "resets the connection of a payment",
    "hang_up_after_debit": "books a payment and resets its connection",
    "refused_connection": "stops listening for `seconds`, or until listen() is called",
    "unknown_reference": "says that it knows no such contract",
    "already_paid": "says that the invoice is paid by somebody else",
    "changed_total": "adds PENALTY_RISE to the penalty of what is owed, before it answers",
    "rejects_payment": "refuses a payment for good",
    "settles_late": "takes a payment, says nothing definite, and books it LATE afterwards",
    **STATEMENT_FAULTS,
    # replies spoilt on their way out
    "malformed": "cuts the reply in half",
    "empty": "answers with nothing",
    "oversized": "answers with more than 10 MB",
    "garbage": "answers with bytes that are no text",
    "not_a_number": "writes NaN for every amount",
    "negative": "writes every amount below zero",
    "year_one": "writes a day of the year 1 for every date",
    "wrong_currency": "writes another currency",
}

_AMOUNT = re.compile(rb"(?<![\d.-])(\d+\.\d\d)(?![\d.])")
_DATE = re.compile(rb"\b\d{4}-\d\d-\d\d\b")
_OVER = 11 * 1024 * 1024

SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "malformed": lambda body: body[: len(body) // 2],
    "empty": lambda _: b"",
    "oversized": lambda body: body + b" " * _OVER,
    "garbage": lambda _: bytes(range(256)),
    "not_a_number": lambda body: _AMOUNT.sub(b"NaN", body),
    "negative": lambda body: _AMOUNT.sub(rb"-\1", body),
    "year_one": lambda body: _DATE.sub(b"0001-01-01", body),
    "wrong_currency": lambda body: body.replace(b"ALL", b"XTS"),
}
"""What becomes of a reply's body; amounts are decimals with two digits, dates ISO, the currency ALL."""


class Fault(Struct, frozen=True, forbid_unknown_fields=True):
    """A fault to show `times` times; `seconds` matter to slow and refused_connection alone."""

    name: str
    times: int = 1
    seconds: float = 0.0
