"""The simulator: it remembers, it is driven from outside, it asks who is there, and it stops at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from ukt_kit import CURRENT, OVERDUE, HandClock, order, reference, sample

from faturat.billers import Reference
from faturat.errors import UnknownReference
from faturat.payments.types import Rejected, Rejection, Settled, Unknown
from faturat.plugins.simulators import installed_simulators
from faturat.references import read_reference
from faturat.testing.cases import Case
from faturat_ukt import wire
from faturat_ukt.plugin import Ukt
from faturat_ukt.simulator import LOGIN, Simulator

OpenPlugin = Callable[..., Awaitable[Ukt]]
README = (Path(__file__).parents[2] / "plugins" / "ukt" / "README.md").read_text("utf-8")


def test_it_is_installed() -> None:
    assert installed_simulators()["ukt"] is Simulator


def test_seeding_twice_changes_nothing(simulator: Simulator, clock: HandClock) -> None:
    before = (simulator.books.open_invoices(CURRENT), simulator.books.open_invoices(OVERDUE))
    clock.move(60)
    simulator.demo_seed()
    assert (simulator.books.open_invoices(CURRENT), simulator.books.open_invoices(OVERDUE)) == before


def test_the_readme_lists_every_case(simulator: Simulator) -> None:
    for case in Case:
        number = simulator.case_reference(case).values["contract_number"]
        assert f"| `{number}` | {case} |" in README
        assert f"`{CURRENT}`" in README
        assert f"`{OVERDUE}`" in README


async def test_every_magic_reference_is_taken_without_a_warning(simulator: Simulator, plugin: Ukt) -> None:
    for case in Case:
        typed = simulator.case_reference(case)
        read = read_reference(plugin.describe_biller(), None, typed.values, register=True)
        assert (read.reference, read.warnings) == (typed, ())


async def test_a_restart_keeps_books_and_seed(
    tmp_path: Path, simulator: Simulator, clock: HandClock, plugin: Ukt, open_plugin: OpenPlugin
) -> None:
    settled = await plugin.pay_invoice(order())
    assert isinstance(settled, Settled)
    await simulator.stop()

    clock.move(3 * 86_400)
    again = Simulator(tmp_path / "ukt", clock)
    again.demo_seed()
    plugin = await open_plugin(**await again.start())
    assert await plugin.pay_invoice(order()) == settled
    assert await plugin.pay_invoice(order("pay_2")) == Rejected(Rejection.ALREADY_PAID)
    (later,) = (await plugin.fetch_invoices((reference(CURRENT),)))[reference(CURRENT)]
    assert (later.number, later.issued_on.isoformat()) == ("U-000000002", "2018-08-15")
    await again.stop()


async def shown(simulator: Simulator, name: str) -> None:
    """Until a fault has been shown."""
    while fault := simulator.take(name):
        simulator.fault(name, seconds=fault.seconds)
        await asyncio.sleep(0)


async def test_stop_ends_hanging_requests_at_once(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**simulator.address)
    simulator.fault("slow", seconds=3600)
    finding = asyncio.create_task(plugin.find_contract(reference(CURRENT)))
    await shown(simulator, "slow")
    simulator.fault("timeout_after_debit")
    paying = asyncio.create_task(plugin.pay_invoice(order()))
    await shown(simulator, "timeout_after_debit")
    started = time.monotonic()
    await simulator.stop()
    assert time.monotonic() - started < 2
    assert await paying == Unknown("connection_lost")
    await asyncio.wait({finding})
    assert finding.exception() is None


async def ask(simulator: Simulator, method: str, path: str, **more: object) -> tuple[int, object]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, simulator.address["url"] + path, **more) as response,
    ):
        return response.status, await response.json()


async def test_nobody_gets_anything_without_a_token(simulator: Simulator) -> None:
    form = {"grant_type": "client_credentials"}
    for login in ("", "Basic", wire.login("bank", "guessed"), wire.login("else", LOGIN[1])):
        headers = {"Authorization": login}
        assert (await ask(simulator, "POST", "/oauth/token", headers=headers, data=form))[0] == 401
    headers, other = {"Authorization": wire.login(*LOGIN)}, {"grant_type": "password"}
    assert (await ask(simulator, "POST", "/oauth/token", headers=headers, data=other))[0] == 400
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer guessed"}):
        for method, path in (
            ("GET", f"/v1/contracts/{CURRENT}"),
            ("GET", f"/v1/contracts/{CURRENT}/invoices"),
            ("POST", "/v1/payments"),
        ):
            body = {"data": sample("pay_request")} if method == "POST" else {}
            key = {"Idempotency-Key": "one"}
            assert (await ask(simulator, method, path, headers=headers | key, **body))[0] == 401
    assert simulator.books.bookings() == ()


async def test_requests_that_it_cannot_read(simulator: Simulator) -> None:
    form = {"grant_type": "client_credentials"}
    who = {"Authorization": wire.login(*LOGIN)}
    _, token = await ask(simulator, "POST", "/oauth/token", headers=who, data=form)
    headers = {"Authorization": f"Bearer {token['access_token']}"}

    async def refused(method: str, path: str, **more: object) -> tuple[int, str]:
        status, said = await ask(simulator, method, path, **more)
        return status, said["error"]

    keyed = headers | {"Idempotency-Key": "one"}
    assert await refused("POST", "/v1/payments", headers=keyed, data=b"{") == (400, "bad_json")
    asked = sample("pay_request")
    assert await refused("POST", "/v1/payments", headers=headers, data=asked) == (400, "key_required")
    for page in ("0", "2", "x", "-1", ""):
        path = f"/v1/contracts/{CURRENT}/invoices?page={page}"
        assert await refused("GET", path, headers=headers) == (404, "unknown_page")


async def control(simulator: Simulator, path: str, body: object) -> tuple[int, str]:
    url = f"{simulator.address['url']}/_control/{path}"
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status, await response.text()


async def test_driven_from_outside(simulator: Simulator, plugin: Ukt) -> None:
    contract = {"reference": "1000009", "subscriber": "Test Test"}
    invoice = {"key": "U-7", "contract": "1000009", "number": "U-7", "issued_on": "2018-08-01", "amount": 12_34}
    assert (await control(simulator, "contracts", contract))[0] == 201
    assert (await control(simulator, "invoices", invoice))[0] == 201
    (read,) = (await plugin.fetch_invoices((reference("1000009"),)))[reference("1000009")]
    assert (read.number, read.total) == ("U-7", 12_34)
    assert (await control(simulator, "faults", {"name": "timeout_after_debit"}))[0] == 204
    asked = order(number="1000009", invoice_key="U-7", amount=12_34)
    assert await plugin.pay_invoice(asked) == Unknown("timeout")
    _, (booking,) = await ask(simulator, "GET", "/_control/bookings")
    assert (booking["order_id"], booking["amount"]) == (asked.id, 12_34)
    _, cases = await ask(simulator, "GET", "/_control/cases")
    unknown = Reference(**cases[Case.UNKNOWN]["reference"])
    with pytest.raises(UnknownReference):
        await plugin.find_contract(unknown)
