"""A real server process is killed at every point of a swap of files: one file carries the order, settled once."""

from crash_exchange import HEAR, SEND
from crash_ways import Trials, at_once


async def test_killed_at_every_point_of_sending_an_order(trials: Trials) -> None:
    points = await trials.points(SEND)
    assert {"after claim_exchange", "before exchange", "after commit_swap", "before send_files"} <= set(points)
    await at_once(trials.killed(SEND, point) for point in points)


async def test_killed_at_every_point_of_hearing_of_an_order(trials: Trials) -> None:
    points = await trials.points(HEAR)
    assert {"after collect_files", "after exchange", "before commit of settled", "after commit_swap"} <= set(points)
    await at_once(trials.killed(HEAR, point) for point in points)
