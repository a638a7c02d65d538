"""The network between server and company fails at the call of a payment, or at the question what became of it.

No company is named: each installed one is reached through a proxy, and its books say what is true.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from network_kit import FIRST, Line, issue, line_to
from proxy import Mode

from faturat.plugins.simulators import installed_simulators
from faturat.testing.company import Company

Reached = tuple[str, Company, dict[str, Any]]
"""A company, and the settings by which its plugin reaches it."""
COMPANIES = sorted(installed_simulators())
FAULTS = [mode for mode in Mode if mode is not Mode.THROUGH]
CUTS = 40
"""Into how many parts a conversation is cut."""
AT_ONCE = 8
"""Trials side by side: more would wait for each other, and for longer than a plugin waits."""


@pytest.fixture(params=COMPANIES)
async def reached(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Reached]:
    company = installed_simulators()[request.param](tmp_path)
    assert isinstance(company, Company)
    company.books.durable = False
    company.seed_cases()
    issue(company, range(FIRST, FIRST + CUTS + 1))
    reached_by = await company.start()
    await company.close_day()
    yield request.param, company, reached_by
    await company.stop()


async def at_once(reached: Reached, trial: Any, cases: list[Any], first: int = 0) -> list[Any]:
    """Each case with an engine, a proxy and an invoice of its own, from number `first` on, a few at a time."""
    few = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, case: Any) -> Any:
        async with few, line_to(*reached, seed=number) as line:
            return await trial(line, number, case)

    return await asyncio.gather(*(one(*each) for each in enumerate(cases, FIRST + first)))


async def test_a_fault_at_the_call(reached: Reached) -> None:
    async def trial(line: Line, number: int, mode: Mode) -> str:
        payment = await line.pay(number, mode)
        await line.proxy.heal()
        assert line.proxy.shown, mode
        return await line.end_of(payment)

    ends = dict(zip(FAULTS, await at_once(reached, trial, FAULTS), strict=True))
    assert {ends[Mode.SLICED], ends[Mode.CLOSED_AFTER]} == {"paid"}


@pytest.mark.parametrize("call", [Mode.RESET_AFTER, pytest.param(Mode.LOST, marks=pytest.mark.soak)])
async def test_a_fault_at_the_question(reached: Reached, call: Mode) -> None:
    """After a call that the company booked, or never saw, and whose answer did not come."""

    async def trial(line: Line, number: int, mode: Mode) -> str:
        payment = await line.pay(number, call)
        await line.proxy.heal()
        await line.proxy.show(mode)
        await line.until_asked(payment)
        await line.proxy.heal()
        return await line.end_of(payment)

    ends = await at_once(reached, trial, FAULTS)
    assert call is Mode.LOST or set(ends) == {"paid"}


@pytest.mark.soak
async def test_the_connection_is_cut_at_any_byte(reached: Reached) -> None:
    """From the moment at which money is held until the payment ends, a reset at each of these places."""

    async def whole(line: Line, number: int, _: None) -> int:
        assert await line.end_of(await line.pay(number, Mode.THROUGH)) == "paid"
        return line.proxy.passed

    async def trial(line: Line, number: int, byte: int) -> str:
        payment = await line.pay(number, Mode.THROUGH, cut_at=byte)
        state = await line.end_of(payment)
        assert line.proxy.shown == 1
        return state

    [length] = await at_once(reached, whole, [None])
    places = range(1, length, length // CUTS + 1)
    ends = await at_once(reached, trial, list(places), first=1)
    print(f"{reached[0]}: {length} bytes, cut at {len(places)} of them: {dict(Counter(ends))}")
