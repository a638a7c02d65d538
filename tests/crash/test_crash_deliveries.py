"""A real server process is killed inside the delivery of a notice to each kind of receiver: none is lost."""

import pytest
from crash_deliveries import DELIVERY, of_deliveries
from crash_receivers import KINDS
from crash_ways import Trials, at_once


def recorded(kind: str) -> str:
    return "push_sent" if kind == "push" else "channel_sent"


def points_of(kind: str) -> list[str]:
    """In this order. After each there is nothing done before the next point, but after the last."""
    commits = [f"commit of {table} by {kind}" for table in ("push_delivery", recorded(kind))]
    names = [f"send by {kind}", *commits]
    return [f"{when} {name}" for name in names for when in ("before", "after")]


async def test_killed_at_every_point_of_a_delivery(trials: Trials) -> None:
    points = of_deliveries(await trials.points(DELIVERY))
    key = "commit of access_secret by push"
    assert sorted(points) == sorted([f"before {key}", f"after {key}", *(p for kind in KINDS for p in points_of(kind))])
    tried = [point for point in points if point.startswith("before ") or "_sent by" in point]
    ends = dict(zip(tried, await at_once(trials.killed(DELIVERY, point) for point in tried), strict=True))
    for kind in KINDS:
        before, *between, after = (ends.get(point) for point in points_of(kind) if point in ends)
        for end, times in ((before, 1), *((each, 2) for each in between), (after, 1)):
            assert f"{kind} {times}" in str(end).split(", "), f"{kind}: {end}"


@pytest.mark.soak
async def test_killed_a_second_time_at_every_point_of_a_delivery(trials: Trials) -> None:
    first = of_deliveries(await trials.points(DELIVERY))
    second = await at_once(trials.points(DELIVERY, point) for point in first)
    pairs = [(point, again) for point, found in zip(first, second, strict=True) for again in of_deliveries(found)]
    assert len(pairs) > len(first)
    await at_once(trials.killed(DELIVERY, *pair) for pair in pairs)
    print(f"{len(first)} points, {len(pairs)} pairs")
