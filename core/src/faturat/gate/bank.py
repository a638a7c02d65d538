"""The gate to the bank: its answers, checked. An answer that does not come is BankSilent, never a no."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from faturat.bank import Account, CaptureReply, FundsStatus, HoldReply, Released
from faturat.errors import FaturatError
from faturat.gate import replies
from faturat.gate.call import CallFailed, call_plugin
from faturat.hookspecs import Relay
from faturat.payments.types import Order

T = TypeVar("T")

CHECKING_BOOKS = timedelta(minutes=10)
"""A bank may have millions of entries to add up."""


class BankSilent(Exception):
    """The bank did not answer, or not in words that can be read; what was asked may have happened."""


class BankGate:
    """Typed calls to the bank's plugin."""

    def __init__(self, name: str, relay: Relay, deadline: timedelta, hooks: frozenset[str] = frozenset()) -> None:
        self._name = name
        self._relay = relay
        self._deadline = deadline
        self.lists_orders = "list_orders" in hooks

    async def list_accounts(self, customer: str) -> tuple[Account, ...]:
        return await self._call(
            "list_accounts", lambda: self._relay.list_accounts(customer=customer), replies.check_accounts
        )

    async def hold_funds(self, order: Order) -> HoldReply:
        return await self._call(
            "hold_funds", lambda: self._relay.hold_funds(order=order), lambda r: replies.check_hold(r, order)
        )

    async def capture_funds(self, order: Order) -> CaptureReply:
        return await self._call(
            "capture_funds", lambda: self._relay.capture_funds(order=order), lambda r: replies.check_capture(r, order)
        )

    async def release_funds(self, order: Order) -> Released:
        return await self._call(
            "release_funds", lambda: self._relay.release_funds(order=order), lambda r: replies.check_released(r, order)
        )

    async def funds_status(self, order: Order) -> FundsStatus:
        return await self._call(
            "funds_status", lambda: self._relay.funds_status(order=order), lambda r: replies.check_funds(r, order)
        )

    async def list_orders(self, after: str, limit: int) -> tuple[FundsStatus, ...]:
        """A page of the bank's orders; only where the bank `lists_orders`."""
        return await self._call(
            "list_orders",
            lambda: self._relay.list_orders(after=after, limit=limit),
            lambda reply: replies.check_orders(reply, after, limit),
        )

    async def check_books(self) -> tuple[str, ...]:
        return await self._call("check_books", self._relay.check_books, replies.check_sentences, CHECKING_BOOKS)

    async def _call(
        self,
        hook: str,
        call: Callable[[], Awaitable[object]],
        check: Callable[[object], T],
        deadline: timedelta | None = None,
    ) -> T:
        try:
            return await call_plugin(self._name, hook, call, deadline or self._deadline, check)
        except (CallFailed, FaturatError) as error:
            raise BankSilent(hook) from error
