"""What the tests of reconciliation share: payments and entries in a word, and a company in memory with a statement."""

import json
from datetime import UTC, date, datetime
from typing import Any

from fakes.biller import ABLE, FakeBiller
from msgspec.structs import replace

from faturat import (
    BillerError,
    ExchangeFile,
    Order,
    Payment,
    PaymentState,
    Receipt,
    Reference,
    Statement,
    StatementEntry,
    hookimpl,
)
from faturat.plugins.reading import whole_statement

DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STATING = replace(ABLE, statements=True)


def payment(
    payment_id: str = "pay_1",
    amount: int = 1000_00,
    at: datetime | None = NOON,
    state: PaymentState = PaymentState.PAID,
    receipt: str = "",
) -> Payment:
    """A payment that settled `at` a moment; None: without a receipt."""
    return Payment(
        order=Order(
            id=payment_id,
            customer="c1",
            account="a1",
            biller="fake",
            reference=Reference("contract", {"code": "AB12"}),
            invoice_key=payment_id,
            amount=amount,
            currency="ALL",
            created_at=NOON,
        ),
        invoice="inv_1",
        state=state,
        version=7,
        state_since=NOON,
        due_at=None,
        expires_at=NOON,
        quoted_total=amount,
        chain_head="",
        receipt=None if at is None else Receipt(receipt or f"R-{payment_id}", at, amount),
    )


def entry(order_id: str = "pay_1", amount: int = 1000_00, at: datetime = NOON, receipt: str = "") -> StatementEntry:
    return StatementEntry(
        order_id=order_id, receipt=receipt or f"R-{order_id}", amount=amount, currency="ALL", settled_at=at
    )


class StatingBiller(FakeBiller):
    """Lists what it booked, as JSON; `entries` replaces what it would list, `reply` what read_statement answers."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(**({"capabilities": STATING} | changes))
        self.entries: list[StatementEntry] | None = None
        self.reply: Any = None

    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        fault = self.script.before()
        self.script.after(fault)
        return ExchangeFile(f"fake-{day}.json", self.listing(day))

    def listing(self, day: date) -> bytes:
        booked = [
            StatementEntry(
                order_id=order.id,
                receipt=receipt.number,
                amount=receipt.amount,
                currency="ALL",
                settled_at=receipt.settled_at,
            )
            for order, receipt in self.booked.values()
        ]
        rows = booked if self.entries is None else self.entries
        lines = [[row.order_id, row.receipt, row.amount, row.settled_at.isoformat()] for row in rows]
        total = sum(row.amount for row in rows)
        return json.dumps(
            {"day": day.isoformat(), "total": f"{total // 100}.{total % 100:02d}", "rows": lines}
        ).encode()

    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        if self.reply is not None:
            return self.reply
        try:
            said = json.loads(file.content)
        except ValueError as error:
            raise BillerError("no_json", "biller_bad_reply") from error
        if said["day"] != day.isoformat():
            raise BillerError("other_day", "biller_bad_reply")
        entries = [entry(row[0], row[2], datetime.fromisoformat(row[3]), row[1]) for row in said["rows"]]
        return whole_statement(entries, str(len(entries)), said["total"])
