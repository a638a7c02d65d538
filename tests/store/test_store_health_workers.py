"""Several engines on one PostgreSQL agree on what a company's health is, and keep its limit together."""

import asyncio
from datetime import timedelta

import pytest
from fakes.silence import Company, engines
from fakes.world import World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from faturat import EngineSettings, Faturat, FaturatError, HealthState, PaymentState
from faturat.errors import NotAsked
from faturat.health import breaker
from faturat.store.postgres import TABLES, Database, PostgresStore

UNHURRIED = EngineSettings(look_ups_per_hour=100_000)


async def look_up(faturat: Faturat, customer: str = "c1", code: str = "AB12") -> FaturatError | None:
    try:
        await faturat.invoices.look_up(customer, "fake", None, {"code": code})
    except FaturatError as error:
        return error
    return None


async def test_one_engine_opens_the_breaker_of_all_and_one_call_finds_that_it_is_back(database: Database) -> None:
    world = World(biller=Company(), store=PostgresStore(database), settings=UNHURRIED)
    first, second, third = engines(world, 3)
    quote = (await first.invoices.look_up("c1", "fake", None, {"code": "AB12"})).quotes[0].id
    for engine in (second, third):
        assert (await engine.health.of("fake")).state is HealthState.OK
    world.biller.silent = True
    # five in a row, whoever makes them
    for number in range(breaker.FAILURES):
        assert not isinstance(await look_up((first, second)[number % 2]), NotAsked)
    world.clock.advance(timedelta(seconds=1))
    world.biller.calls.clear()
    assert all(isinstance(error, NotAsked) for error in await asyncio.gather(*map(look_up, (first, second, third))))
    payment = await third.payments.pay("c1", quote, "savings", 170_740, "k")
    assert (payment.state, payment.reason) == (PaymentState.CANCELLED, "biller_unavailable")
    assert world.bank.balances["c1", "savings"] == 25_000_000
    assert world.biller.calls == []

    world.clock.advance(breaker.FIRST)
    errors = await asyncio.gather(*(look_up(engine, f"c{n}") for n in range(15) for engine in (first, second, third)))
    assert world.biller.calls == ["find_contract"], "one of many tried"
    assert sum(isinstance(error, NotAsked) for error in errors) == 44
    assert (await world.store.circuits())["fake"].opened == 2

    world.biller.silent = False
    world.clock.advance(2 * breaker.FIRST)
    assert await look_up(second) is None
    world.clock.advance(timedelta(seconds=1))
    for engine in (first, second, third):
        assert (await engine.health.of("fake")).state is HealthState.OK
    payment = await third.payments.pay("c1", quote, "savings", 170_740, "k2")
    assert payment.state is PaymentState.PAID


async def test_engines_fail_at_once_and_no_failure_is_lost(database: Database) -> None:
    world = World(biller=Company(), store=PostgresStore(database), settings=UNHURRIED)
    world.biller.silent = True
    several = engines(world, breaker.FAILURES - 1)
    await asyncio.gather(*(look_up(engine, f"c{n}") for n, engine in enumerate(several)))
    assert (await world.store.circuits())["fake"].failures == breaker.FAILURES - 1


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(per_minute=st.integers(3, 90), seconds=st.lists(st.integers(0, 20), min_size=5, max_size=15))
async def test_two_engines_together_stay_under_a_limit(database: Database, per_minute: int, seconds: list[int]) -> None:
    """The clock stands while they ask as often as they can; a short wait would end in the same second."""
    await database.fetch("TRUNCATE call_slot, circuit")
    limited = replace(UNHURRIED, calls_per_minute={"fake": per_minute})
    world = World(biller=Company(), store=PostgresStore(database), settings=limited)
    both = engines(world, 2)
    begun = []
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("faturat.gate.guard.asyncio.sleep", _at_once)
        for later in seconds:
            world.clock.advance(timedelta(seconds=later))
            world.biller.calls.clear()
            for _ in range(100):
                errors = await asyncio.gather(*(look_up(engine, code="ZZ99") for engine in both))
                if all(isinstance(error, NotAsked) for error in errors):
                    break
            begun += [world.clock.now()] * len(world.biller.calls)
    assert begun, "the first call is always let through"
    for at in begun:
        # whoever waits begins up to a second later
        window = timedelta(seconds=59)
        assert sum(at <= other < at + window for other in begun) <= per_minute


async def _at_once(_seconds: float) -> None:
    """No time passes."""


async def test_look_ups_of_a_customer_are_counted_by_all_engines(database: Database) -> None:
    world = World(store=PostgresStore(database), settings=EngineSettings(look_ups_per_hour=7))
    several = engines(world, 4)
    errors = await asyncio.gather(*(look_up(engine) for engine in several for _ in range(5)))
    assert errors.count(None) == 7
    assert {error.code for error in errors if error is not None} == {"too_many_look_ups"}


async def test_the_tables_stay_small(database: Database) -> None:
    assert {"circuit", "call_slot", "look_up"} <= {table._meta.tablename for table in TABLES}
    world = World(store=PostgresStore(database), settings=UNHURRIED)
    for number in range(5):
        await look_up(world.faturat, f"c{number}")
    world.clock.advance(timedelta(hours=1, seconds=1))
    await world.faturat.invoices.purge_quotes()
    [row] = await database.fetch("SELECT count(*) AS count FROM look_up")
    assert row["count"] == 0
