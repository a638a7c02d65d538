"""A bank in memory, for trying Faturat out and for tests: what it holds is gone with its process.

Offered as the plugin `memory`; an order's hold follows the same rules as at a real bank.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from faturat.bank import (
    Account,
    Captured,
    CaptureReply,
    FundsState,
    FundsStatus,
    Hold,
    HoldReply,
    Refusal,
    Released,
)
from faturat.clock import Clock, SystemClock
from faturat.hookspecs import hookimpl
from faturat.payments.types import Order
from faturat.plugins.context import PluginContext
from faturat.text import Text

HOLD_LIVES = timedelta(days=7)


class MemoryBankSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`accounts` maps customer to account id to what is in it, in minor units of ALL."""

    accounts: dict[str, dict[str, int]] = {}


class MemoryBank:
    api = 1
    Settings = MemoryBankSettings

    def __init__(self, settings: MemoryBankSettings) -> None:
        self.balances = {
            (customer, account): minor
            for customer, accounts in settings.accounts.items()
            for account, minor in accounts.items()
        }
        self.holds: dict[str, tuple[Order, FundsState]] = {}
        self.clock: Clock = SystemClock()
        self.hold_lives = HOLD_LIVES

    async def open(self, context: PluginContext) -> None:
        self.clock = context.clock

    async def close(self) -> None:
        """Nothing stays open."""

    @hookimpl
    async def list_accounts(self, customer: str) -> tuple[Account, ...]:
        owned = ((name, minor) for (owner, name), minor in self.balances.items() if owner == customer)
        return tuple(Account(name, name, minor, "ALL") for name, minor in owned)

    @hookimpl
    async def hold_funds(self, order: Order) -> HoldReply:
        place = (order.customer, order.account)
        state = self._state(order)
        if state is FundsState.RELEASED:
            return refusal("released")
        if state is FundsState.NONE:
            if place not in self.balances:
                return refusal("unknown_account")
            if order.currency != "ALL":
                return refusal("wrong_currency")
            if self.balances[place] < order.to_hold:
                return refusal("insufficient_funds", self.balances[place])
            self.balances[place] -= order.to_hold
            self.holds[order.id] = (order, FundsState.HELD)
        return Hold(order.id, order.to_hold, order.currency, self._until())

    @hookimpl
    async def capture_funds(self, order: Order) -> CaptureReply:
        if self._state(order) not in (FundsState.HELD, FundsState.CAPTURED):
            return refusal("refused")
        self.holds[order.id] = (order, FundsState.CAPTURED)
        return Captured(order.id, order.to_hold)

    @hookimpl
    async def release_funds(self, order: Order) -> Released:
        state = self._state(order)
        assert state is not FundsState.CAPTURED, f"{order.id} was captured"
        if state is FundsState.HELD:
            self.balances[(order.customer, order.account)] += order.to_hold
        self.holds[order.id] = (order, FundsState.RELEASED)
        return Released(order.id)

    @hookimpl
    async def funds_status(self, order: Order) -> FundsStatus:
        state = self._state(order)
        return FundsStatus(order.id, state, 0 if state is FundsState.NONE else order.to_hold)

    @hookimpl
    async def list_orders(self, after: str, limit: int) -> tuple[FundsStatus, ...]:
        money = (FundsState.HELD, FundsState.CAPTURED)
        found = sorted(order_id for order_id, (_, state) in self.holds.items() if state in money and order_id > after)
        rows = [self.holds[order_id] for order_id in found[:limit]]
        return tuple(FundsStatus(order.id, state, order.to_hold) for order, state in rows)

    @hookimpl
    async def check_books(self) -> tuple[str, ...]:
        return tuple(f"account {name} of {owner} is below zero" for (owner, name), m in self.balances.items() if m < 0)

    def _state(self, order: Order) -> FundsState:
        return self.holds.get(order.id, (order, FundsState.NONE))[1]

    def _until(self) -> datetime:
        return self.clock.now() + self.hold_lives


def refusal(code: str, available: int | None = None) -> Refusal:
    return Refusal(code, Text(f"refuzuar: {code}", f"refused: {code}"), available)
