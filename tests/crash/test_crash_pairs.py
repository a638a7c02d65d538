"""Killed twice: at each point of a way, and then at each point of the recovery that follows."""

import pytest
from crash_exchange import HEAR, SEND
from crash_payments import WAYS
from crash_sweep import SWEEP
from crash_ways import Trials, Way, at_once

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("way", [*WAYS, SWEEP, SEND, HEAR], ids=lambda way: way.name)
async def test_killed_a_second_time_at_every_point_of_recovery(trials: Trials, way: Way) -> None:
    first = await trials.points(way)
    second = await at_once(trials.points(way, point) for point in first)
    pairs = [(point, again) for point, following in zip(first, second, strict=True) for again in following]
    assert len(pairs) > len(first)
    missed = len(trials.missed)
    await at_once(trials.killed(way, *pair) for pair in pairs)
    missed = len(trials.missed) - missed
    assert missed <= len(pairs) / 10, "what follows a kill is hardly ever another thing"
    print(f"{way.name}: {len(first)} points, {len(pairs)} pairs, {missed} of them over before the second kill")
