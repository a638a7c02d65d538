"""The bank's side: accounts, holds that end in time, tombstones, and its books."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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
)


@dataclass
class HeldFunds:
    order: Order
    state: FundsState
    expires_at: datetime
    lapsed: bool = False
    """The hold ended by itself, and the money went back."""


@dataclass
class SimulatedBank:
    moment: Callable[[], datetime]
    lives: Callable[[], timedelta]
    refuses_capture: Callable[[], bool]
    accounts: dict[tuple[str, str], int] = field(default_factory=dict)
    funds: dict[str, HeldFunds] = field(default_factory=dict)
    suspense: int = 0
    refused: set[str] = field(default_factory=set)
    """Orders of which it will not capture: the same answer to the same question."""
    down: bool = False
    closed: set[tuple[str, str]] = field(default_factory=set)
    """Accounts that are there no more, until they are opened again."""

    def __post_init__(self) -> None:
        self.all_money = sum(self.accounts.values())

    def open_account(self, customer: str, name: str, minor: int) -> None:
        self.accounts[customer, name] = minor
        self.all_money += minor

    def list_accounts(self, customer: str) -> tuple[Account, ...]:
        self._answering()
        owned = [place for place in self.accounts if place[0] == customer and place not in self.closed]
        return tuple(Account(place[1], place[1], self.accounts[place], "ALL") for place in owned)

    def hold(self, order: Order) -> HoldReply:
        self._answering()
        held = self.funds.get(order.id)
        place = order.customer, order.account
        if held is None:
            if place not in self.accounts or place in self.closed:
                return refusal("unknown_account")
            if self.accounts[place] < order.to_hold:
                return refusal("insufficient_funds", self.accounts[place])
            self.accounts[place] -= order.to_hold
            held = self.funds[order.id] = HeldFunds(order, FundsState.HELD, self.moment() + self.lives())
        elif self.state(order.id) is FundsState.RELEASED:
            return refusal("released")
        return Hold(order.id, order.to_hold, order.currency, held.expires_at)

    def capture(self, order: Order) -> CaptureReply:
        self._answering()
        state = self.state(order.id)
        if order.id in self.refused or (state is FundsState.HELD and self.refuses_capture()):
            self.refused.add(order.id)
            return refusal("refused")
        if state is FundsState.HELD:
            self.funds[order.id].state = FundsState.CAPTURED
            self.suspense += order.to_hold
        elif state is not FundsState.CAPTURED:
            return refusal("refused")
        return Captured(order.id, order.to_hold)

    def release(self, order: Order) -> Released:
        self._answering()
        state = self.state(order.id)
        if state is FundsState.CAPTURED:
            raise ValueError("captured")
        if state is FundsState.HELD:
            self._give_back(self.funds[order.id])
        elif order.id not in self.funds:
            self.funds[order.id] = HeldFunds(order, FundsState.RELEASED, self.moment())
        return Released(order.id)

    def status(self, order: Order) -> FundsStatus:
        self._answering()
        return self.said(order)

    def said(self, order: Order) -> FundsStatus:
        state = self.state(order.id)
        return FundsStatus(order.id, state, 0 if state is FundsState.NONE else order.to_hold)

    def state(self, order_id: str) -> FundsState:
        """What became of an order's money; a hold whose time is over has gone back."""
        held = self.funds.get(order_id)
        if held is None:
            return FundsState.NONE
        if held.state is FundsState.HELD and self.moment() >= held.expires_at:
            held.lapsed = True
            self._give_back(held)
        return held.state

    def list_orders(self, after: str, limit: int) -> tuple[FundsStatus, ...]:
        said = (self.said(self.funds[order_id].order) for order_id in sorted(self.funds) if order_id > after)
        return tuple(status for status in said if status.state in (FundsState.HELD, FundsState.CAPTURED))[:limit]

    def check_books(self) -> tuple[str, ...]:
        held = sum(each.order.to_hold for each in self.funds.values() if each.state is FundsState.HELD)
        total = sum(self.accounts.values()) + held + self.suspense
        faults = [f"{total} where there were {self.all_money}"] if total != self.all_money else []
        return (*faults, *(f"{place} is below zero" for place, minor in self.accounts.items() if minor < 0))

    def _give_back(self, held: HeldFunds) -> None:
        held.state = FundsState.RELEASED
        self.accounts[held.order.customer, held.order.account] += held.order.to_hold

    def _answering(self) -> None:
        if self.down:
            raise ConnectionError


def refusal(code: str, available: int | None = None) -> Refusal:
    return Refusal(code, Text(f"refuzuar: {code}", f"refused: {code}"), available)
