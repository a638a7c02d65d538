"""The simulator: it remembers, it is driven from outside, and it stops at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from lxml import etree
from oshee_kit import GUIDE, HandClock, order, reference

from faturat.errors import BillerError
from faturat.payments.types import Rejected, Rejection, Settled, Unknown
from faturat.plugins.simulators import installed_simulators
from faturat_oshee.plugin import Oshee
from faturat_oshee.simulator import Simulator

OpenPlugin = Callable[..., Awaitable[Oshee]]


def test_it_is_installed() -> None:
    assert installed_simulators()["oshee"] is Simulator


async def test_a_restart_keeps_books_and_seed(tmp_path: Path, clock: HandClock, open_plugin: OpenPlugin) -> None:
    first = Simulator(tmp_path, clock)
    first.demo_seed()
    plugin = await open_plugin(**await first.start())
    settled = await plugin.pay_invoice(order())
    assert isinstance(settled, Settled)
    await first.stop()

    clock.move(3 * 86_400)
    second = Simulator(tmp_path, clock)
    second.demo_seed()
    plugin = await open_plugin(**await second.start())
    assert await plugin.payment_status(order()) == settled
    assert await plugin.pay_invoice(order("pay_2")) == Rejected(Rejection.ALREADY_PAID)
    (later,) = (await plugin.fetch_invoices((reference(GUIDE),)))[reference(GUIDE)]
    assert (later.number, later.issued_on.isoformat()) == ("000000002", "2018-08-15")
    await second.stop()


async def shown(simulator: Simulator, name: str) -> None:
    """Until a fault has been shown."""
    while fault := simulator.take(name):
        simulator.fault(name, seconds=fault.seconds)
        await asyncio.sleep(0)


async def test_stop_ends_hanging_requests_at_once(tmp_path: Path, clock: HandClock, open_plugin: OpenPlugin) -> None:
    simulator = Simulator(tmp_path, clock)
    simulator.demo_seed()
    plugin = await open_plugin(**await simulator.start())
    simulator.fault("slow", seconds=3600)
    finding = asyncio.create_task(plugin.find_contract(reference(GUIDE)))
    await shown(simulator, "slow")
    simulator.fault("timeout_after_debit")
    paying = asyncio.create_task(plugin.pay_invoice(order()))
    await shown(simulator, "timeout_after_debit")
    started = time.monotonic()
    await simulator.stop()
    assert time.monotonic() - started < 0.5
    assert await paying == Unknown("connection_lost")
    await asyncio.wait({finding})
    assert finding.exception() is None


async def test_wsdl_says_where_the_service_is(simulator: Simulator) -> None:
    url = simulator.address["url"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url + "?wsdl") as response:
            definitions = etree.fromstring(await response.read())
        async with session.get(url) as response:
            assert response.status == 404
    (address,) = definitions.iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert address.get("location") == url


async def test_a_request_that_it_cannot_read_is_a_fault(simulator: Simulator) -> None:
    async with aiohttp.ClientSession() as session, session.post(simulator.address["url"], data=b"<a/>") as response:
        assert response.status == 500
        assert b"not_soap" in await response.read()


async def control(simulator: Simulator, path: str, body: object) -> tuple[int, str]:
    root = simulator.address["url"].removesuffix("/billing")
    async with aiohttp.ClientSession() as session, session.post(f"{root}/_control/{path}", json=body) as response:
        return response.status, await response.text()


async def test_contracts_and_invoices_from_outside(simulator: Simulator, plugin: Oshee) -> None:
    contract = {"reference": "TR0.D0000000000000", "subscriber": "Test Test"}
    invoice = {
        "key": "7",
        "contract": contract["reference"],
        "number": "7",
        "issued_on": "2018-08-01",
        "amount": 12_34,
    }
    status, message = await control(simulator, "invoices", invoice)
    assert (status, message.split(":")[0]) == (409, "contract")
    assert (await control(simulator, "contracts", contract))[0] == 201
    assert (await control(simulator, "contracts", contract))[0] == 409
    assert (await control(simulator, "invoices", invoice))[0] == 201
    assert (await control(simulator, "invoices", invoice))[0] == 409
    assert (await control(simulator, "invoices", invoice | {"key": 8}))[0] == 400
    assert (await control(simulator, "invoices", invoice | {"colour": "red"}))[0] == 400
    asked = reference(contract["reference"])
    (read,) = (await plugin.fetch_invoices((asked,)))[asked]
    assert (read.number, read.total) == ("7", 12_34)


async def test_bookings_from_outside(simulator: Simulator, plugin: Oshee) -> None:
    await plugin.pay_invoice(order())
    url = simulator.address["url"].replace("/billing", "/_control/bookings")
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        (booking,) = await response.json()
    assert booking == {
        "order_id": "pay_0194f0000001",
        "invoice_key": "000000001",
        "part": 1,
        "amount": 1707_40,
        "receipt": "R000000001",
        "settled_at": "2018-08-15T08:30:00Z",
    }


async def test_faults_from_outside(simulator: Simulator, plugin: Oshee) -> None:
    assert (await control(simulator, "faults", {"name": "timeout_after_debit"}))[0] == 204
    assert await plugin.pay_invoice(order()) == Unknown("timeout")
    status, message = await control(simulator, "faults", {"name": "rain"})
    assert status == 400
    assert "timeout_after_debit" in message


async def test_a_port_closed_from_outside_opens_again(simulator: Simulator, plugin: Oshee) -> None:
    status, message = await control(simulator, "faults", {"name": "refused_connection"})
    assert (status, message.split(":")[0]) == (400, "seconds")
    assert (await control(simulator, "faults", {"name": "refused_connection", "seconds": 0.05}))[0] == 204
    with pytest.raises(BillerError):
        await plugin.find_contract(reference(GUIDE))
    async with asyncio.timeout(5):
        while True:
            try:
                assert (await plugin.find_contract(reference(GUIDE))).name == "Test Test"
                return
            except BillerError as error:
                assert error.why == "no_connection"
