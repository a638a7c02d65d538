"""The reference bank's double-entry ledger: each operation is one statement, so it happens whole or not at all.

Every statement takes the order's hold first and the account after it, so no two of them wait for each other.
A hold that has expired is not dropped by itself: it can be captured until it is released.
"""

from datetime import datetime
from typing import Any

from asyncpg import CheckViolationError

from faturat.bank import Account, Captured, CaptureReply, FundsState, FundsStatus, Hold, HoldReply, Refusal, Released
from faturat.errors import message
from faturat.money import format_amount
from faturat.payments.types import Order
from faturat.text import LANGUAGES, Text
from faturat_server.bank.tables import BankAccount, BankHold

HOLD = """
WITH asked (order_id, customer, account, biller, amount, fee, currency, expires_at) AS (
    VALUES ({}::text, {}::text, {}::text, {}::text, {}::bigint, {}::bigint, {}::text, {}::timestamptz)
), made AS (
    INSERT INTO bank_hold (order_id, customer, account, biller, amount, fee, currency, state, expires_at)
    SELECT order_id, asked.customer, account, biller, amount, fee, asked.currency, 'held', expires_at
    FROM asked JOIN bank_account ON bank_account.id = asked.account
        AND bank_account.customer = asked.customer
        AND bank_account.currency = asked.currency
        AND bank_account.balance >= asked.amount
    ON CONFLICT (order_id) DO NOTHING
    RETURNING *
), taken AS (
    UPDATE bank_account SET balance = balance - made.amount FROM made WHERE bank_account.id = made.account
), posted AS (
    INSERT INTO bank_entry (subject, kind, account, amount)
    SELECT order_id, 'hold', entry.account, entry.amount
    FROM made, LATERAL (VALUES
        (made.account, -made.amount),
        ('held:' || made.currency, made.amount)
    ) AS entry (account, amount)
)
SELECT order_id, amount, currency, expires_at FROM made
"""

CAPTURE = """
WITH captured AS (
    UPDATE bank_hold SET state = 'captured'
    WHERE order_id = {} AND state = 'held'
        AND (customer, account, biller, amount, fee, currency) = ({}, {}, {}, {}, {}, {})
    RETURNING *
), posted AS (
    INSERT INTO bank_entry (subject, kind, account, amount)
    SELECT order_id, 'capture', entry.account, entry.amount
    FROM captured, LATERAL (VALUES
        ('held:' || currency, -captured.amount),
        ('suspense:' || biller || ':' || currency, captured.amount - fee),
        ('fee:' || currency, fee)
    ) AS entry (account, amount)
    WHERE entry.amount <> 0
)
SELECT amount FROM captured
"""

RELEASE = """
WITH released AS (
    INSERT INTO bank_hold (order_id, customer, account, biller, amount, fee, currency, state)
    VALUES ({}, {}, {}, {}, 0, 0, {}, 'released')
    ON CONFLICT (order_id) DO UPDATE SET state = 'released' WHERE bank_hold.state = 'held'
    RETURNING *
), returned AS (
    UPDATE bank_account SET balance = balance + released.amount
    FROM released WHERE bank_account.id = released.account AND released.amount > 0
), posted AS (
    INSERT INTO bank_entry (subject, kind, account, amount)
    SELECT order_id, 'release', entry.account, entry.amount
    FROM released, LATERAL (VALUES
        ('held:' || released.currency, -released.amount),
        (released.account, released.amount)
    ) AS entry (account, amount)
    WHERE released.amount > 0
)
SELECT order_id FROM released
"""


class OrderConflict(Exception):
    """The order contradicts what was done under its id before; nothing was moved."""


async def accounts(customer: str) -> tuple[Account, ...]:
    """A customer's accounts, the main one first."""
    rows = await BankAccount.select().where(BankAccount.customer == customer).order_by(BankAccount.position)
    return tuple(Account(row["id"], row["name"], row["balance"], row["currency"]) for row in rows)


async def hold(order: Order, expires_at: datetime) -> HoldReply:
    """Reserve order.to_hold until `expires_at`; a repeat answers with the hold as it was first made.

    Raises OrderConflict for an order id that was held with other contents.
    """
    if order.amount <= 0 or order.fee < 0:
        return _refusal("refused")
    while True:
        try:
            made = await BankHold.raw(HOLD, order.id, *_contents(order).values(), expires_at)
        except CheckViolationError:  # the balance sufficed when the statement began; other holds were faster
            made = []
        if made:
            return _hold(made[0])
        reply = await _why_not_held(order)
        if reply is not None:
            return reply
        # what stood in the way is gone meanwhile: try again


async def capture(order: Order) -> CaptureReply:
    """Debit what is held: order.amount to the biller's suspense account and order.fee to the fee account.

    Repeatable; refused where nothing is held. `amount` of the reply is the whole debit, fee included.
    Raises OrderConflict for an order id that was held with other contents.
    """
    captured = await BankHold.raw(CAPTURE, order.id, *_contents(order).values())
    if captured:
        return Captured(order.id, captured[0]["amount"])
    row = await _row(order)
    if row is None or row["state"] == FundsState.RELEASED:
        return _refusal("refused")
    _check_same(order, row)
    return Captured(order.id, row["amount"]) if row["state"] == FundsState.CAPTURED else _refusal("refused")


async def release(order: Order) -> Released:
    """Return what is held, if anything, and refuse every later hold of this order; repeatable.

    Raises OrderConflict for an order that was captured.
    """
    released = await BankHold.raw(RELEASE, order.id, order.customer, order.account, order.biller, order.currency)
    if not released and (await status(order)).state is FundsState.CAPTURED:
        raise OrderConflict(f"order {order.id} was captured and cannot be released")
    return Released(order.id)


async def status(order: Order) -> FundsStatus:
    """What is held, was captured or was released for the order's id, fee included."""
    row = await _row(order)
    if row is None:
        return FundsStatus(order.id, FundsState.NONE, 0)
    return FundsStatus(order.id, FundsState(row["state"]), row["amount"])


async def orders(after: str, limit: int) -> tuple[FundsStatus, ...]:
    """Some of the orders for which money is held or was captured, by id; those after `after`."""
    money = [FundsState.HELD.value, FundsState.CAPTURED.value]
    query = BankHold.select().where(BankHold.order_id > after, BankHold.state.is_in(money))
    rows = await query.order_by(BankHold.order_id).limit(limit)
    return tuple(FundsStatus(row["order_id"], FundsState(row["state"]), row["amount"]) for row in rows)


async def _why_not_held(order: Order) -> HoldReply | None:
    """The answer where a hold was not made; None where nothing stands in its way any more."""
    row = await _row(order)
    if row is not None:
        if row["state"] == FundsState.RELEASED:
            return _refusal("released")
        _check_same(order, row)
        return _hold(row)
    account = next((own for own in await accounts(order.customer) if own.id == order.account), None)
    if account is None:
        return _refusal("unknown_account")
    if account.currency != order.currency:
        return _refusal("wrong_currency", currency=order.currency)
    if account.available < order.to_hold:
        amount = Text(*(format_amount(account.available, account.currency, language) for language in LANGUAGES))
        return _refusal("insufficient_funds", account.available, amount=amount)
    return None


async def _row(order: Order) -> dict[str, Any] | None:
    return await BankHold.select().where(BankHold.order_id == order.id).first()


def _contents(order: Order) -> dict[str, str | int]:
    """What a hold keeps of its order, in the order of its columns."""
    return {
        "customer": order.customer,
        "account": order.account,
        "biller": order.biller,
        "amount": order.to_hold,
        "fee": order.fee,
        "currency": order.currency,
    }


def _check_same(order: Order, row: dict[str, Any]) -> None:
    changed = [name for name, value in _contents(order).items() if row[name] != value]
    if changed:
        raise OrderConflict(f"order {order.id} was held before with another {', '.join(changed)}")


def _hold(row: dict[str, Any]) -> Hold:
    return Hold(row["order_id"], row["amount"], row["currency"], row["expires_at"])


def _refusal(code: str, available: int | None = None, **params: str | Text) -> Refusal:
    return Refusal(code, Text(message(code, "sq", **params), message(code, "en", **params)), available)
