"""Circuits, slots and look-ups: on the memory store and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from store_rows import NOW, SECOND, contract

from faturat.health.types import Circuit
from faturat.store.port import Store
from faturat.store.postgres import Database, PostgresStore

HOUR = 3600 * SECOND
FAILING = Circuit(biller="oshee", version=1, failures=2, failing_since=NOW, failed_at=NOW + SECOND)
OPEN = replace(FAILING, version=2, failures=5, opened=1, open_until=NOW + 30 * SECOND, probe_until=NOW + 40 * SECOND)


@pytest.fixture
async def twins(store_url: str | None, store: Store) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes' ways to one store."""
    if store_url is None:
        yield store, store
        return
    other = await Database.open(store_url)
    yield store, PostgresStore(other)
    await other.close()


async def test_a_circuit_comes_back_as_it_was_stored(twins: tuple[Store, Store]) -> None:
    here, there = twins
    assert await here.circuits() == {}
    for circuit in (FAILING, OPEN, Circuit(biller="oshee", version=3)):
        assert await here.move_circuit(circuit)
        assert await there.circuits() == {"oshee": circuit}
    assert await there.move_circuit(replace(FAILING, biller="ukt"))
    assert set(await here.circuits()) == {"oshee", "ukt"}


async def test_a_circuit_that_moved_is_left_as_it_is(twins: tuple[Store, Store]) -> None:
    here, there = twins
    assert not await here.move_circuit(OPEN), "there is no first version"
    assert await here.move_circuit(FAILING)
    assert not await there.move_circuit(FAILING)
    assert not await there.move_circuit(replace(OPEN, version=3))
    assert await here.circuits() == {"oshee": FAILING}


async def test_of_equal_moves_at_once_one_is_stored(twins: tuple[Store, Store]) -> None:
    for circuit in (FAILING, OPEN):
        done = await asyncio.gather(*(twins[n % 2].move_circuit(circuit) for n in range(12)))
        assert sum(done) == 1


async def test_slots_follow_each_other_and_none_lies_in_the_past(twins: tuple[Store, Store]) -> None:
    here, there = twins
    assert await here.take_slots("oshee", NOW, NOW, SECOND, 3) == NOW
    assert await there.take_slots("oshee", NOW, NOW + 2 * SECOND, SECOND, 1) == NOW + 3 * SECOND  # not taken
    assert await there.take_slots("oshee", NOW, NOW + 3 * SECOND, SECOND, 1) == NOW + 3 * SECOND
    assert await here.take_slots("oshee", NOW, NOW + 9 * SECOND, SECOND, 1) == NOW + 4 * SECOND
    assert await here.take_slots("ukt", NOW, NOW, SECOND, 1) == NOW
    assert await here.take_slots("oshee", NOW + HOUR, NOW + HOUR, SECOND, 1) == NOW + HOUR


async def test_slots_taken_at_once_are_all_different(twins: tuple[Store, Store]) -> None:
    taken = await asyncio.gather(*(twins[n % 2].take_slots("oshee", NOW, NOW + HOUR, SECOND, 2) for n in range(20)))
    assert sorted(taken) == [NOW + 2 * n * SECOND for n in range(20)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(later=st.lists(st.integers(0, 2000), max_size=30), most=st.integers(1, 5))
async def test_no_hour_sees_more_look_ups_than_it_may(store: Store, later: list[int], most: int) -> None:
    customer, now, counted = uuid4().hex, NOW, []
    for seconds in later:
        now += timedelta(seconds=seconds)
        recent = [at for at in counted if at > now - HOUR]
        next_at = await store.count_look_up(customer, now, most, HOUR)
        assert (next_at is None) is (len(recent) < most)
        if next_at is None:
            counted.append(now)
        else:
            assert next_at == recent[-most] + HOUR > now


async def test_look_ups_at_once_are_all_counted(twins: tuple[Store, Store]) -> None:
    asked = await asyncio.gather(*(twins[n % 2].count_look_up("c1", NOW, 7, HOUR) for n in range(20)))
    assert asked.count(None) == 7
    assert await twins[0].count_look_up("c2", NOW, 7, HOUR) is None


async def test_look_ups_are_forgotten(store: Store) -> None:
    await store.count_look_up("c1", NOW, 1, HOUR)
    await store.count_look_up("c2", NOW + SECOND, 1, HOUR)
    assert await store.purge_look_ups(NOW + SECOND) == 1
    assert await store.count_look_up("c1", NOW, 1, HOUR) is None
    assert await store.count_look_up("c2", NOW + SECOND, 1, HOUR) == NOW + SECOND + HOUR


async def test_contracts_are_put_off_and_nothing_else_of_them_changes(store: Store) -> None:
    rows = [contract(f"con_{n}") for n in range(3)]
    for row in rows:
        await store.add_contract(row, [])
    await store.put_off_contracts(["con_0", "con_2", "con_9"], NOW + HOUR)
    assert await store.contract("con_0") == replace(rows[0], due_at=NOW + HOUR)
    assert [row.id for row in await store.claim_contracts(NOW, NOW + SECOND, 10)] == ["con_1"]
    assert len(await store.claim_contracts(NOW + HOUR, NOW + 2 * HOUR, 10)) == 3
