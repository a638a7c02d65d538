"""A real server process is killed at every point of a registration: it is stored whole, or not at all."""

from crash_kit import Bench
from crash_ways import Trials, Way, at_once

BODY = {"biller": "oshee", "reference": {"customer_code": "TR0.B0000000000000"}, "name": "Vila"}


async def registering(bench: Bench) -> str:
    status, _ = await bench.post("contracts", BODY)
    assert status in (None, 201, 409)
    return str(status or "")


async def check(bench: Bench, _: str) -> None:
    async with bench.opened() as faturat:
        (contract,) = [row for row in await faturat.contracts.of("demo") if row.name == "Vila"]
        open_now = await faturat.invoices.of("demo", contract=contract.id)
        assert {row.invoice.number for row in open_now} == {"000000003", "000000004"}
        assert await faturat.notices("demo") == [], "what was there at registration sends none"


REGISTRATION = Way(name="registration", start="one contract", over=registering, check=check)


async def test_killed_at_every_point_of_a_registration(trials: Trials) -> None:
    points = await trials.points(REGISTRATION)
    assert points[-2:] == ["before add_contract", "after add_contract"]
    assert "before fetch_invoices" in points
    statuses = dict(zip(points, await at_once(trials.killed(REGISTRATION, each) for each in points), strict=True))
    assert statuses.pop("after add_contract") == "409", "it was stored whole, before the answer was lost"
    assert set(statuses.values()) == {"201"}, "nothing was stored, and it can be registered again"
