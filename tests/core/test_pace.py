"""A biller's limit of calls: kept in every time of its length, by several processes together, payments first."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from fakes.biller import FakeBiller
from fakes.clock import FakeClock
from hypothesis import given, settings
from hypothesis import strategies as st

from faturat import CallLimit
from faturat.errors import NotAsked
from faturat.gate.guard import Guard
from faturat.health.pace import lowered, pace_of
from faturat.health.service import HealthService
from faturat.health.types import Lane
from faturat.store.memory import MemoryStore

LASTING = timedelta(seconds=10)
LIMITS = st.builds(
    CallLimit, st.integers(1, 400), st.sampled_from([1, 10, 60]).map(lambda seconds: timedelta(seconds=seconds))
)


class Processes:
    """Some guards of one biller on one store. Whoever waits for a slot begins then; the clock stands meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, limit: CallLimit, count: int = 2) -> None:
        self.clock = FakeClock()
        store, biller = MemoryStore(), FakeBiller().describe_biller()
        self.guards = [Guard(biller, HealthService(store, self.clock), store, self.clock, limit) for _ in range(count)]
        self.waited = 0.0
        monkeypatch.setattr("faturat.gate.guard.asyncio.sleep", self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waited = seconds

    async def begin(self, process: int, lane: Lane) -> datetime | None:
        """When a call begins that is asked for now; None where it is turned away."""
        self.waited = 0.0
        try:
            await self.guards[process].admit(lane, LASTING)
        except NotAsked as error:
            assert (error.why, error.code) == ("rate_limited", "biller_busy")
            assert error.until > self.clock.now()
            return None
        return self.clock.now() + timedelta(seconds=max(self.waited, 0))

    async def many(self, lane: Lane, most: int = 1000) -> int:
        """How many calls may begin now or soon, of all that want to at this moment."""
        for number in range(most):
            if await self.begin(number % len(self.guards), lane) is None:
                return number
        return most


CALLS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(list(Lane)), st.sampled_from([0, 0, 0, 1, 7, 60, 250, 1000, 5000])),
    min_size=1,
    max_size=400,
)


@settings(deadline=None, max_examples=150)
@given(LIMITS, CALLS)
async def test_no_time_of_its_length_sees_more_calls_than_the_limit(
    limit: CallLimit, calls: list[tuple[int, Lane, int]]
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        processes = Processes(monkeypatch, limit, 3)
        begun = []
        for process, lane, later in calls:
            processes.clock.advance(timedelta(milliseconds=later))
            if (at := await processes.begin(process, lane)) is not None:
                begun.append(at)
    begun.sort()
    for first, at in enumerate(begun):
        assert sum(at <= other < at + limit.per for other in begun[first:]) <= limit.calls


async def test_a_payment_gets_in_where_look_ups_and_the_sweep_take_all_they_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    processes = Processes(monkeypatch, CallLimit(60))
    for _ in range(120):
        while await processes.begin(0, Lane.BACKGROUND):
            pass
        while await processes.begin(1, Lane.CUSTOMER):
            pass
        assert await processes.begin(0, Lane.PAYMENT) is not None
        processes.clock.advance(timedelta(seconds=3))


async def test_a_third_is_kept_from_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    processes = Processes(monkeypatch, CallLimit(60))
    assert await processes.many(Lane.BACKGROUND) == 1
    assert await processes.many(Lane.CUSTOMER) == 9
    assert await processes.many(Lane.PAYMENT) == 11


async def test_slots_that_were_taken_and_not_used_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    processes = Processes(monkeypatch, CallLimit(30, timedelta(seconds=1)), 3)
    for process in range(3):
        assert await processes.begin(process, Lane.PAYMENT)
    processes.clock.advance(timedelta(seconds=10))
    begun = [await processes.begin(number % 3, Lane.PAYMENT) for number in range(200)]
    soon = processes.clock.now() + timedelta(seconds=1)
    assert 20 <= sum(at is not None and at < soon for at in begun) <= 30


async def test_many_calls_cost_few_round_trips(monkeypatch: pytest.MonkeyPatch) -> None:
    processes = Processes(monkeypatch, CallLimit(6000), 1)
    trips = []
    take_slots = MemoryStore.take_slots

    async def counted(self: MemoryStore, *asked: Any) -> datetime:
        trips.append(1)
        return await take_slots(self, *asked)

    monkeypatch.setattr(MemoryStore, "take_slots", counted)
    for _ in range(100):
        assert await processes.begin(0, Lane.CUSTOMER) is not None
    assert len(trips) <= 7


@pytest.mark.parametrize(
    ("declared", "wanted", "kept"),
    [
        (None, None, None),
        (None, 600, CallLimit(600)),
        (CallLimit(5, timedelta(seconds=1)), None, CallLimit(5, timedelta(seconds=1))),
        (CallLimit(5, timedelta(seconds=1)), 600, CallLimit(5, timedelta(seconds=1))),
        (CallLimit(5, timedelta(seconds=1)), 200, CallLimit(3, timedelta(seconds=1))),
        (CallLimit(5, timedelta(seconds=1)), 20, CallLimit(1, timedelta(seconds=3))),
    ],
)
def test_a_bank_may_lower_a_limit_and_not_raise_it(
    declared: CallLimit | None, wanted: int | None, kept: CallLimit | None
) -> None:
    assert lowered(declared, wanted) == kept


def test_slots_are_wide_enough() -> None:
    for calls in range(1, 1000):
        pace = pace_of(CallLimit(calls, timedelta(seconds=1)))
        assert timedelta(seconds=1) / pace.interval + pace.burst <= calls
        assert pace.batch >= 1
