"""A real server process is killed at every point of a sweep: each new invoice once, one notice, delivered."""

from crash_sweep import SWEEP
from crash_ways import Trials, at_once


async def test_killed_at_every_point_of_a_sweep(trials: Trials) -> None:
    points = await trials.points(SWEEP)
    assert {"after claim_contracts", "before fetch_invoices", "after commit_reading"} <= set(points)
    assert {"after claim_deliveries", "before deliver_notice", "after delivery_done"} <= set(points)
    await at_once(trials.killed(SWEEP, point) for point in points)
