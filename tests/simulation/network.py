"""What lies between a process and the bank, the companies and the notifier: requests and replies that go astray.

A request lives outside the process that sent it: it arrives, late or twice, though its sender gave up or died.
"""

import asyncio
from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

import aiohttp
from msgspec.structs import replace

from faturat import (
    BillerError,
    Captured,
    FaturatError,
    Hold,
    NotSent,
    Order,
    Pending,
    Receipt,
    Refusal,
    Rejected,
    Released,
    Settled,
    Text,
)
from faturat.plugins.http import current_attempt
from simulation.loop import Life

if TYPE_CHECKING:
    from simulation.world import World

_REFUSED = aiohttp.ClientConnectorError(
    aiohttp.client_reqrep.ConnectionKey("company", 443, True, True, None, None, None), OSError("refused")
)


async def call(
    world: "World",
    life: Life,
    peer: str,
    hook: str,
    effect: Callable[[], Any],
    *,
    order: Order | None = None,
    may_repeat: bool = True,
    latest_arrival: float = 120.0,
) -> Any:
    """Send one request and wait for its reply, as a plugin would; raises what a plugin would raise."""
    loop, chance = world.loop, world.chance
    attempt = current_attempt.get()
    if attempt is not None:
        attempt.dialled = True
        attempt.connected = not chance("refused", order)
        if not attempt.connected:
            _say(world, life, peer, hook, order, "refused")
            raise copy(_REFUSED)
    future: asyncio.Future[Any] = loop.create_future()
    request, answer = _request_fate(world, attempt is not None, order), _reply_fate(world, order)
    _say(world, life, peer, hook, order, request or answer)

    def arrive(reply_too: bool = True) -> None:
        reply, error = None, None
        try:
            reply = effect()
        except (FaturatError, OSError, ValueError) as raised:
            error = raised
        world.happened(peer, hook, order, error or reply)
        if not reply_too or answer == "lost_reply":
            return
        if answer == "error_after":
            error = world.random.choice(ERRORS)()
        elif answer == "corrupt":
            reply, error = _corrupt(world, hook, order, reply), None
        slow = world.random.random() * 90 if answer == "slow_reply" else world.latency()
        loop.after(slow, _deliver, future, reply, error)

    if request == "lost_request":
        if world.random.random() < 0.5:
            loop.after(world.latency(), _deliver, future, None, world.random.choice(ERRORS)())
    elif request == "error_before":
        loop.after(world.latency(), _deliver, future, None, world.random.choice(ERRORS)())
    elif request == "refused_after":
        loop.after(world.latency(), arrive, False)
        loop.after(world.latency(), _deliver, future, None, copy(_REFUSED))
    elif request == "late_request":
        loop.after(world.random.choice((60.0, latest_arrival)) * world.random.random(), arrive)
    elif hook == "pay" and chance("stall_in_call", order):
        asleep = 20 + 200 * world.random.random()
        on_its_way = world.random.choice((0.05, min(asleep, latest_arrival))) * world.random.random()
        loop.after(on_its_way, arrive)
        world.stall(life, asleep)
    else:
        loop.after(world.latency(), arrive)
    if may_repeat and chance("repeated", order):
        loop.after(latest_arrival * world.random.random() ** 3, arrive, world.random.random() < 0.5)
    return await future


def _request_fate(world: "World", dialled: bool, order: Order | None) -> str:
    for kind in ("lost_request", "error_before", "late_request"):
        if world.chance(kind, order):
            return kind
    return "refused_after" if dialled and world.chance("refused_after", order) else ""


def _reply_fate(world: "World", order: Order | None) -> str:
    for kind in ("lost_reply", "error_after", "slow_reply", "corrupt"):
        if world.chance(kind, order):
            return kind
    return ""


def _deliver(future: asyncio.Future[Any], reply: object, error: BaseException | None) -> None:
    if future.done():
        return
    if isinstance(error, asyncio.CancelledError):
        future.cancel()
    elif error is not None:
        future.set_exception(error)
    else:
        future.set_result(reply)


def _say(world: "World", life: Life, peer: str, hook: str, order: Order | None, fate: str) -> None:
    world.trace(life.name, f"{peer}.{hook}", "" if order is None else order.id, fate)


ERRORS: tuple[Callable[[], BaseException], ...] = (
    ConnectionError,
    ConnectionResetError,
    TimeoutError,
    lambda: BillerError("http_500"),
    lambda: BillerError("Test Test owes 100"),
    lambda: ValueError("not a number"),
    KeyError,
    asyncio.CancelledError,
)


def _corrupt(world: "World", hook: str, order: Order | None, reply: Any) -> Any:
    """A reply that no check may take for an answer, or over an amount that is not the order's."""
    choices: list[Any] = [None, "ok", 42, [], {"state": "settled"}, object(), b"\xff" * 1000, _Hostile()]
    now = world.moment()
    if order is not None and hook in ("pay", "status"):
        for amount in (order.amount + 1, order.amount - 1, 10**15, -order.amount, float(order.amount), "100"):
            choices.append(Settled(Receipt("R1", now, amount)))
        naive = datetime.fromisoformat("2026-11-22")
        choices += [
            Settled(Receipt("R" * 5000, now, order.amount)),
            Settled(Receipt("", now, order.amount)),
            Settled(Receipt("R1", naive, order.amount)),
            Settled(None),
            Rejected("no such reason"),
            Pending,
            *[NotSent("refused_connection")] * 5,  # the one that would do the most harm
        ]
    elif order is not None:
        other = f"{order.id}0"
        choices += [
            Hold(other, order.to_hold, order.currency, now),
            Hold(order.id, order.to_hold - 1, order.currency, now),
            Hold(order.id, order.to_hold, "EUR", now),
            Captured(other, order.to_hold),
            Captured(order.id, order.to_hold + 1),
            Released(other),
        ]
        if hook == "release":  # what the release is for, in the shape of another answer
            choices += [Hold(order.id, order.to_hold, order.currency, now)] * 8
        if hook != "capture":  # there a refusal is taken for one, as it must be
            choices.append(Refusal("x" * 3000, Text("", ""), -5 if hook == "hold" else None))
    elif hook == "fetch" and isinstance(reply, dict):
        choices += _corrupt_invoices(reply)
    return world.random.choice(choices)


def _corrupt_invoices(reply: dict[Any, Any]) -> list[Any]:
    """Incomplete and faulty answers about some references."""
    changed: list[Any] = [{}, {"A1": ()}, dict(list(reply.items())[1:])]
    changed.append({each: BillerError("http_500") for each in reply})
    for reference, invoices in reply.items():
        if not isinstance(invoices, tuple) or not invoices:
            continue
        wrong = [replace(invoices[0], **change) for change in ({"total": 0}, {"currency": "EUR"}, {"part": 0})]
        changed += [reply | {reference: (each, *invoices[1:])} for each in wrong]
        changed += [reply | {reference: (*invoices, invoices[0])}, reply | {reference: list}]
    return changed


class _Hostile:
    """Raises at whatever is asked of it."""

    def __getattr__(self, name: str) -> NoReturn:
        raise ValueError(name)
