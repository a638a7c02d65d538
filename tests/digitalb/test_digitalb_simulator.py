"""The simulator: it remembers, it is driven from outside, and it stops at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from digitalb_kit import ONE, PAID, TWO, HandClock, order, reference

from faturat.payments.types import Rejected, Rejection, Settled, Unknown
from faturat.plugins.simulators import installed_simulators
from faturat_digitalb import signature
from faturat_digitalb.plugin import Digitalb
from faturat_digitalb.simulator import Simulator

OpenPlugin = Callable[..., Awaitable[Digitalb]]


def test_it_is_installed() -> None:
    assert installed_simulators()["digitalb"] is Simulator


async def test_a_restart_keeps_books_and_seed(tmp_path: Path, clock: HandClock, open_plugin: OpenPlugin) -> None:
    first = Simulator(tmp_path, clock)
    first.demo_seed()
    plugin = await open_plugin(**await first.start())
    assert isinstance(await plugin.pay_invoice(order()), Settled)
    asked = tuple(reference(each) for each in (ONE, TWO, PAID))
    before = await plugin.fetch_invoices(asked)
    bookings = first.books.bookings()
    await first.stop()

    clock.move(3 * 86_400)
    second = Simulator(tmp_path, clock)
    second.demo_seed()
    plugin = await open_plugin(**await second.start())
    assert await plugin.fetch_invoices(asked) == before
    assert second.books.bookings() == bookings
    assert await plugin.pay_invoice(order("pay_2")) == Rejected(Rejection.ALREADY_PAID)
    await second.stop()


async def shown(simulator: Simulator, name: str) -> None:
    """Until a fault has been shown."""
    while fault := simulator.take(name):
        simulator.fault(name, seconds=fault.seconds)
        await asyncio.sleep(0)


async def test_stop_ends_hanging_requests_at_once(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**simulator.address)
    simulator.fault("slow", seconds=3600)
    finding = asyncio.create_task(plugin.find_contract(reference(ONE)))
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


async def test_a_signed_request_that_it_cannot_read_is_refused(simulator: Simulator, clock: HandClock) -> None:
    date = signature.write_date(clock.now())
    signed = signature.sign(simulator.address["secret"], "POST", "/billing/payment", date, "n1", body=b"<a/>")
    headers = {
        signature.KEY: simulator.address["key_id"],
        signature.DATE: date,
        signature.NONCE: "n1",
        signature.SIGNATURE: signed,
    }
    url = simulator.address["url"] + "/payment"
    async with aiohttp.ClientSession() as session, session.post(url, data=b"<a/>", headers=headers) as response:
        assert response.status == 400
        body = await response.read()
        assert b'code="BAD_REQUEST"' in body
        signature.check_reply(simulator.address["secret"], 400, response.headers, body, "n1")


async def control(simulator: Simulator, path: str, body: object) -> tuple[int, str]:
    root = simulator.address["url"].removesuffix("/billing")
    async with aiohttp.ClientSession() as session, session.post(f"{root}/_control/{path}", json=body) as response:
        return response.status, await response.text()


async def test_contracts_and_instalments_from_outside(simulator: Simulator, plugin: Digitalb) -> None:
    contract = {"reference": "1000004", "subscriber": "Test Test"}
    invoice = {"key": "7", "contract": "1000004", "number": "7", "issued_on": "2018-12-31", "amount": 12_34}
    assert (await control(simulator, "contracts", contract))[0] == 201
    assert (await control(simulator, "invoices", invoice))[0] == 201
    (read,) = (await plugin.fetch_invoices((reference("1000004"),)))[reference("1000004")]
    assert (read.number, read.total) == ("7", 12_34)
    assert read.payable.choices[0].label.en == "Prepaid instalment for 01.2019"


@pytest.mark.parametrize("fault", ["timeout_after_debit", *Simulator.own_faults])
async def test_faults_from_outside(simulator: Simulator, plugin: Digitalb, fault: str) -> None:
    await plugin.find_contract(reference(ONE))
    assert (await control(simulator, "faults", {"name": fault}))[0] == 204
    assert isinstance(await plugin.pay_invoice(order()), Unknown)


async def test_a_fault_that_nobody_has_names_those_there_are(simulator: Simulator) -> None:
    status, message = await control(simulator, "faults", {"name": "rain"})
    assert status == 400
    assert "timeout_after_debit" in message
    assert "replayed_reply" in message


async def test_the_readme_lists_the_magic_references(simulator: Simulator) -> None:
    root = simulator.address["url"].removesuffix("/billing")
    async with aiohttp.ClientSession() as session, session.get(f"{root}/_control/cases") as response:
        cases = await response.json()
    readme = (Path(__file__).parents[2] / "plugins" / "digitalb" / "README.md").read_text("utf-8")
    for case, told in cases.items():
        assert f"| `{case}` | `{told['reference']['values']['contract_number']}` |" in readme
