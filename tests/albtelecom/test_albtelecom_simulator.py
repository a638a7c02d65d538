"""The simulator: it works by itself, it remembers, it is driven from outside, and it stops at once."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from albtelecom_kit import FIRST, HandClock, Host, order

from faturat.clock import SystemClock
from faturat.errors import BillerError
from faturat.payments.types import Pending, Settled
from faturat.plugins.simulators import installed_simulators
from faturat_albtelecom import wire
from faturat_albtelecom.plugin import Albtelecom
from faturat_albtelecom.simulator import Simulator

OpenPlugin = Callable[..., Awaitable[Albtelecom]]


def test_it_is_installed() -> None:
    assert installed_simulators()["albtelecom"] is Simulator


async def test_it_works_by_itself(seeded: Path, tmp_path: Path, open_plugin: OpenPlugin) -> None:
    """As in a demo: started before it is seeded, with nobody who tells it what to do."""
    simulator = Simulator(tmp_path, SystemClock(), tick=0.01)
    plugin = await open_plugin(**await simulator.start())
    host = Host(plugin)
    shutil.copy(seeded / "books.sqlite", tmp_path / "books.sqlite")
    simulator.demo_seed()
    async with asyncio.timeout(10):
        while FIRST not in host.register:
            await host.swap()
        (invoice, *_) = host.owed(FIRST)
        assert await host.pay(order(invoice_key=invoice.number, amount=invoice.total)) == Pending()
        while "pay_0194f0000001" not in host.outcomes or invoice.number in {each.number for each in host.owed(FIRST)}:
            await host.swap()
    assert isinstance(host.outcomes["pay_0194f0000001"], Settled)
    assert list(simulator.arrivals.values()) == [1]
    published = len(list(simulator.outbox.parent.rglob("OPEN-*")))
    await simulator.stop()
    assert published <= 4  # it publishes when something changed, not at every tick


async def test_a_restart_keeps_what_was_processed_and_what_is_due(
    simulator: Simulator, host: Host, clock: HandClock, tmp_path: Path, open_plugin: OpenPlugin
) -> None:
    await host.pay(order())
    await host.swap()
    simulator.fault("late_ack")
    simulator.process()
    await simulator.stop()

    clock.move(86_400)
    second = Simulator(tmp_path, clock, tick=None)
    second.demo_seed()
    host.plugin = await open_plugin(**await second.start())
    second.process()
    second.publish()
    await host.swap()
    assert isinstance(host.outcomes["pay_0194f0000001"], Settled)
    assert [invoice.number for invoice in host.owed(FIRST)] == ["000000002"]
    assert len(second.books.bookings()) == 2  # the other one is the seed's
    assert second.door.host_key == simulator.door.host_key
    await second.stop()


async def test_a_file_that_was_processed_is_not_processed_again(simulator: Simulator, host: Host) -> None:
    await host.pay(order())
    await host.swap()
    for _ in range(3):
        simulator.process()
    await host.swap()
    assert sum(name.startswith("ACK-") for name in host.known) == 1


async def test_an_order_in_two_files_is_booked_once(simulator: Simulator) -> None:
    payment = wire.Payment("pay_1", FIRST, "000000001", "1", "1850.00", "ALL")
    for number in (1, 2):
        (simulator.outbox / f"PAY-{number}.csv").write_bytes(wire.build(wire.PAY, "2018-08-15", [payment]))
    simulator.process()
    first, second = (path.read_bytes() for path in simulator.outbox.parent.rglob("ACK-*"))
    assert first == second
    assert len(simulator.books.bookings()) == 2


async def test_a_payment_file_that_is_cut_is_left_until_it_is_whole(simulator: Simulator) -> None:
    payment = wire.Payment("pay_1", FIRST, "000000001", "1", "1850.00", "ALL")
    whole = wire.build(wire.PAY, "2018-08-15", [payment])
    (simulator.outbox / "PAY-1.csv").write_bytes(whole[:-2])
    simulator.process()
    assert len(simulator.books.bookings()) == 1
    (simulator.outbox / "PAY-1.csv").write_bytes(whole)
    simulator.process()
    assert len(simulator.books.bookings()) == 2


async def test_stop_ends_hanging_requests_at_once(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**simulator.address)
    simulator.fault("slow", seconds=3600)
    call = asyncio.create_task(plugin.collect_files(frozenset()))
    async with asyncio.timeout(5):
        while simulator.take("slow"):
            simulator.fault("slow", seconds=3600)
            await asyncio.sleep(0)
    started = time.monotonic()
    await simulator.stop()
    assert time.monotonic() - started < 0.5
    await asyncio.wait({call}, timeout=1)
    assert call.exception().why == "connection_lost"


async def control(simulator: Simulator, path: str, body: object) -> int:
    url = f"{simulator.control}/_control/{path}"
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status


async def test_from_outside(simulator: Simulator, host: Host, clock: HandClock, tmp_path: Path) -> None:
    assert (tmp_path / "control").read_text() == f"{simulator.control}\n"
    contract = {"reference": "200000003", "subscriber": "Test Test"}
    invoice = {"key": "7", "contract": "200000003", "number": "7", "issued_on": "2018-08-01", "amount": 12_34}
    assert await control(simulator, "contracts", contract) == 201
    assert await control(simulator, "invoices", invoice) == 201
    assert await control(simulator, "faults", {"name": "half_written"}) == 204
    assert await control(simulator, "faults", {"name": "rain"}) == 400
    clock.move(1)
    simulator.publish()
    assert (await host.swap()).incomplete == ("OPEN-20180815-002.csv",)
    simulator.published.finish()
    await host.swap()
    assert [each.total for each in host.owed("200000003")] == [12_34]


async def test_a_door_closed_from_outside_opens_again(simulator: Simulator, host: Host) -> None:
    assert await control(simulator, "faults", {"name": "refused_connection", "seconds": 0.05}) == 204
    assert simulator.door.connections == set()
    async with asyncio.timeout(5):
        while FIRST not in host.register:
            try:
                await host.swap()
            except BillerError as error:
                assert error.why == "no_connection"


async def test_its_host_key_is_for_its_own_eyes(simulator: Simulator, tmp_path: Path) -> None:
    assert (tmp_path / "host_key").stat().st_mode & 0o777 == 0o600
