"""Checks of what plugins say of a biller's statement. Each raises ValueError and names the fault, never a value.

An order that the biller booked twice is no fault of reading: it is what reconciliation is there to find.
"""

from faturat.billers import Biller
from faturat.exchange.types import ExchangeFile
from faturat.gate.files import checked_files
from faturat.gate.replies import check_amount, check_moment, check_text, require, typed
from faturat.plugins.http import MAX_STATEMENT
from faturat.reconciliation.types import Statement

MAX_ENTRIES = 200_000


def check_statement_file(reply: object) -> ExchangeFile:
    file: ExchangeFile
    (file,) = checked_files((reply,), ExchangeFile)
    require(len(file.content) <= MAX_STATEMENT, f"fetch_statement: at most {MAX_STATEMENT} bytes")
    return file


def check_statement(reply: object, biller: Biller) -> Statement:
    """The statement, rebuilt; one faulty entry refuses all of it."""
    require(isinstance(reply, Statement), "read_statement: a Statement")
    assert isinstance(reply, Statement)
    require(
        isinstance(reply.entries, list | tuple) and len(reply.entries) <= MAX_ENTRIES, "statement: too many entries"
    )
    statement: Statement = typed(reply, Statement)
    for entry in statement.entries:
        check_text(entry.order_id, "statement.order_id")
        check_text(entry.receipt, "statement.receipt")
        check_amount(entry.amount, "statement.amount", least=1)
        require(entry.currency == biller.currency, "statement.currency: the biller's own")
        check_moment(entry.settled_at, "statement.settled_at")
    return statement
