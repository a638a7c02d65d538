"""A real server process is killed at every point of a payment's ways and started again: paid once, or returned."""

import pytest
from crash_payments import PAID, WAYS
from crash_ways import Trials, Way, at_once

from faturat.payments.states import TRANSITIONS

NOT_KILLED_HERE = {"scheduled", "confirming"}
"""Scheduled payments are killed in tests/core/test_later.py, at each commit; into confirming nobody brings one."""


@pytest.fixture(scope="module")
async def passed(trials: Trials) -> dict[str, list[str]]:
    """The points of each way, by its name."""
    found = await at_once(trials.points(way) for way in WAYS)
    return {way.name: points for way, points in zip(WAYS, found, strict=True)}


def new_points(points: list[str], known: list[str]) -> list[str]:
    """Those that another way has not, and the point before each: there the company or the bank said something else."""
    pairs = zip(["", *points], points, strict=False)
    fresh = {each for before, point in pairs if point not in known for each in (before, point)}
    return [point for point in points if point in fresh]


async def test_killed_at_every_point_of_a_payment(trials: Trials, passed: dict[str, list[str]]) -> None:
    points = passed[PAID.name]
    assert {"before pay_invoice", "after pay_invoice", "after commit of paid", "before hold_funds"} <= set(points)
    ends = dict(zip(points, await at_once(trials.killed(PAID, point) for point in points), strict=True))
    assert ends["after pay_invoice"] == "paid", "what the company booked is learnt by asking it"
    assert ends["before pay_invoice"] == "failed", "what the company never saw is returned"
    assert ends["before hold_funds"] == "paid", "a hold that may have happened is asked for again"


@pytest.mark.parametrize("way", WAYS[1:], ids=lambda way: way.name)
async def test_killed_at_every_other_point_of_another_way(
    trials: Trials, passed: dict[str, list[str]], way: Way
) -> None:
    """Up to where it parts from the first way it is killed there; what follows a first kill has all its points here."""
    points = passed[way.name]
    tried = points if way.first else new_points(points, passed[PAID.name])
    assert len(tried) > 1
    await at_once(trials.killed(way, point) for point in tried)


async def test_the_ways_come_through_every_state(passed: dict[str, list[str]]) -> None:
    words = {point.split(" of ")[1].split()[0] for points in passed.values() for point in points if " of " in point}
    assert words == set(TRANSITIONS) - NOT_KILLED_HERE
