"""A bank in memory, behind the same hooks, with faults before and after each effect."""

from datetime import timedelta
from typing import Any

from msgspec import Struct

from fakes.clock import FakeClock
from fakes.faults import Script
from faturat import (
    Account,
    Captured,
    CaptureReply,
    FundsState,
    FundsStatus,
    Hold,
    HoldReply,
    Order,
    Refusal,
    Released,
    Text,
    hookimpl,
)


class FakeBank:
    class Settings(Struct):
        pass

    api = 1

    def __init__(self, settings: Settings | None = None) -> None:
        self.balances: dict[tuple[str, str], int] = {("c1", "main"): 1813, ("c1", "savings"): 25_000_000}
        self.holds: dict[str, tuple[Order, FundsState]] = {}
        self.script = Script()
        self.clock = FakeClock()
        self.hold_lives = timedelta(days=7)
        self.refuse_capture = False

    async def open(self, context: Any) -> None: ...

    async def close(self) -> None: ...

    @hookimpl
    async def list_accounts(self, customer: str) -> tuple[Account, ...]:
        return tuple(Account(n, n, a, "ALL") for (owner, n), a in self.balances.items() if owner == customer)

    @hookimpl
    async def hold_funds(self, order: Order) -> HoldReply:
        fault = self.script.before()
        reply = self._hold(order)
        self.script.after(fault)
        return reply

    def _hold(self, order: Order) -> HoldReply:
        _, state = self.holds.get(order.id, (order, FundsState.NONE))
        if state is FundsState.RELEASED:
            return Refusal("released", Text("", ""))
        place = (order.customer, order.account)
        if state is FundsState.NONE:
            if place not in self.balances:
                return Refusal("unknown_account", Text("", ""))
            if self.balances[place] < order.to_hold:
                return Refusal("insufficient_funds", Text("", ""), self.balances[place])
            self.balances[place] -= order.to_hold
            self.holds[order.id] = (order, FundsState.HELD)
        return Hold(order.id, order.to_hold, order.currency, self.clock.now() + self.hold_lives)

    @hookimpl
    async def capture_funds(self, order: Order) -> CaptureReply:
        fault = self.script.before()
        if self.refuse_capture:
            return Refusal("refused", Text("", ""))
        assert self.holds[order.id][1] in (FundsState.HELD, FundsState.CAPTURED)
        self.holds[order.id] = (order, FundsState.CAPTURED)
        self.script.after(fault)
        return Captured(order.id, order.to_hold)

    @hookimpl
    async def release_funds(self, order: Order) -> Released:
        fault = self.script.before()
        _, state = self.holds.get(order.id, (order, FundsState.NONE))
        assert state is not FundsState.CAPTURED
        if state is FundsState.HELD:
            self.balances[(order.customer, order.account)] += order.to_hold
        self.holds[order.id] = (order, FundsState.RELEASED)
        self.script.after(fault)
        return Released(order.id)

    @hookimpl
    async def funds_status(self, order: Order) -> FundsStatus:
        _, state = self.holds.get(order.id, (order, FundsState.NONE))
        return FundsStatus(order.id, state, 0 if state is FundsState.NONE else order.to_hold)

    @hookimpl
    async def check_books(self) -> tuple[str, ...]:
        return ()
