"""The simulator: its prices by the day, its certificates, what it remembers, and how it is driven from outside."""

import asyncio
import stat
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from gjobat_kit import FRESH, OVERDUE, SHEET, HandClock, fine, gate, order, vehicle

from faturat import PluginChoice, load_plugins, open_faturat, verify
from faturat.errors import FaturatError
from faturat.payments.types import Rejected, Rejection, Settled, Unknown
from faturat.plugins.simulators import installed_simulators
from faturat.store.memory import MemoryStore
from faturat.testing.cases import MEANINGS, Case
from faturat_gjobat.plugin import Gjobat
from faturat_gjobat.settings import Settings
from faturat_gjobat.simulator import Simulator

OpenPlugin = Callable[..., Awaitable[Gjobat]]


def test_it_is_installed() -> None:
    assert installed_simulators()["gjobat"] is Simulator


async def price(plugin: Gjobat, number: str) -> tuple[int, int, int, str]:
    (invoice,) = (await plugin.fetch_invoices((fine(number),)))[fine(number)]
    return invoice.penalty, invoice.discount, invoice.total, str(invoice.due_on)


async def test_a_fine_becomes_dearer_by_the_day(plugin: Gjobat, clock: HandClock) -> None:
    """000000101 of 5000.00 was registered on 2026-11-11."""
    half, whole = (0, 2500_00, 2500_00, "2026-11-26"), (0, 0, 5000_00, "2026-12-11")
    said = {}
    for age in (5, 15, 16, 30, 31, 32, 59, 60, 61, 400):
        clock.moment = datetime(2026, 11, 11, 12, tzinfo=UTC)
        clock.move(days=age)
        said[age] = await price(plugin, "000000101")
    assert said == {
        5: half,
        15: half,
        16: whole,
        30: whole,
        31: (100_00, 0, 5100_00, "2026-12-11"),
        32: (200_00, 0, 5200_00, "2026-12-11"),
        59: (2900_00, 0, 7900_00, "2026-12-11"),
        60: (3000_00, 0, 8000_00, "2026-12-11"),
        61: (3000_00, 0, 8000_00, "2026-12-11"),
        400: (3000_00, 0, 8000_00, "2026-12-11"),
    }


async def test_the_day_is_that_of_tirana(plugin: Gjobat, clock: HandClock) -> None:
    clock.moment = datetime(2026, 11, 26, 22, 59, tzinfo=UTC)
    assert (await price(plugin, "000000101"))[2] == 2500_00
    clock.move(minutes=1)  # midnight in winter
    assert (await price(plugin, "000000101"))[2] == 5000_00
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.AMOUNT_CHANGED)
    assert isinstance(await plugin.pay_invoice(order("pay_0194f0000002", amount=5000_00)), Settled)
    assert (await plugin.fetch_invoices((FRESH,)))[FRESH][-1].number == "000000102"


async def test_a_fine_paid_with_its_penalty_is_gone(plugin: Gjobat) -> None:
    late = order(reference=OVERDUE, invoice_key="000000201", amount=2600_00)
    assert isinstance(await plugin.pay_invoice(late), Settled)
    assert [invoice.number for invoice in (await plugin.fetch_invoices((OVERDUE,)))[OVERDUE]] == ["000000202"]


async def test_a_restart_keeps_books_and_settings(tmp_path: Path, clock: HandClock, open_plugin: OpenPlugin) -> None:
    first = Simulator(tmp_path, clock)
    first.demo_seed()
    address = await first.start()
    plugin = await open_plugin(**address)
    settled = await plugin.pay_invoice(order())
    assert isinstance(settled, Settled)
    await first.stop()

    clock.move(days=3)
    second = Simulator(tmp_path, clock)
    second.demo_seed()
    port = int(address["url"].rpartition(":")[2])
    assert await second.start(port) == address
    assert await plugin.payment_status(order()) == settled
    assert await plugin.pay_invoice(order("pay_2")) == Rejected(Rejection.ALREADY_PAID)
    (later,) = (await plugin.fetch_invoices((FRESH,)))[FRESH]
    assert (later.number, later.issued_on.isoformat()) == ("000000102", "2026-11-16")
    await second.stop()


def test_seeding_twice_changes_nothing(data: Path, clock: HandClock) -> None:
    simulator = Simulator(data, clock)
    clock.move(days=1)

    def everything() -> list[object]:
        contracts = [FRESH, OVERDUE, SHEET, *map(simulator.case_reference, Case)]
        return [simulator.books.open_invoices(simulator.contract_of(each)) for each in contracts]

    seeded = everything()
    assert sum(map(len, seeded)) > 200
    simulator.demo_seed()
    assert everything() == seeded


def test_the_files_are_their_owners_alone(tmp_path: Path, clock: HandClock) -> None:
    Simulator(tmp_path, clock).tls()
    folder = tmp_path / "tls"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(("ca.pem", "server.pem", "client.pem", "client.key"), 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in tmp_path.iterdir()} == {"books.sqlite", "tls"}
    assert (folder / "ca.pem").read_bytes().count(b"BEGIN") == 1, "the CA's key is not kept"


def test_relative_data_makes_absolute_settings(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Simulator(Path("data"), clock).settings("https://127.0.0.1:1")
    assert settings["key"] == str(tmp_path / "data" / "tls" / "client.key")


async def shown(simulator: Simulator, name: str) -> None:
    """Until a fault has been shown."""
    while fault := simulator.take(name):
        simulator.fault(name, seconds=fault.seconds)
        await asyncio.sleep(0)


async def test_stop_ends_hanging_requests_at_once(data: Path, clock: HandClock, open_plugin: OpenPlugin) -> None:
    simulator = Simulator(data, clock)
    plugin = await open_plugin(**await simulator.start())
    simulator.fault("slow", seconds=3600)
    finding = asyncio.create_task(plugin.find_contract(FRESH))
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


async def control(simulator: Simulator, method: str, path: str, body: object = None) -> tuple[int, object]:
    """One request as somebody makes it who has the bank's certificate: its status, and what it says."""
    tls = Settings(**simulator.address).tls()
    url = f"{simulator.address['url']}/_control/{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url, json=body, ssl=tls) as reply:
        return reply.status, await (reply.json() if reply.content_type == "application/json" else reply.text())


async def test_driven_from_outside(simulator: Simulator, plugin: Gjobat) -> None:
    contract = {"reference": "AA789BB TEST0000000000003", "subscriber": "Test Test"}
    fined = {
        "key": "000000401",
        "contract": contract["reference"],
        "number": "000000401",
        "issued_on": "2026-11-15",
        "amount": 1000_00,
    }
    assert (await control(simulator, "POST", "contracts", contract))[0] == 201
    assert (await control(simulator, "POST", "invoices", fined))[0] == 201
    asked = vehicle("AA789BB", "TEST0000000000003")
    (read,) = (await plugin.fetch_invoices((asked,)))[asked]
    assert (read.number, read.total) == ("000000401", 500_00)
    priced = fined | {"key": "000000402", "number": "000000402", "due_on": "2026-11-30", "penalty": 7_50}
    assert (await control(simulator, "POST", "invoices", priced))[0] == 201
    _, read = (await plugin.fetch_invoices((asked,)))[asked]
    assert (read.penalty, read.discount, read.total, str(read.due_on)) == (7_50, 0, 1007_50, "2026-11-30")

    assert (await control(simulator, "POST", "faults", {"name": "timeout_after_debit"}))[0] == 204
    assert await plugin.pay_invoice(order()) == Unknown("timeout")
    _, bookings = await control(simulator, "GET", "bookings")
    assert [(booking["order_id"], booking["amount"]) for booking in bookings] == [("pay_0194f0000001", 2500_00)]


async def test_the_magic_references_are_told_and_stand_in_the_readme(simulator: Simulator) -> None:
    _, cases = await control(simulator, "GET", "cases")
    readme = (Path(__file__).parents[2] / "plugins" / "gjobat" / "README.md").read_text("utf-8")
    assert set(cases) == set(Case)
    for case, said in cases.items():
        numbers = said["reference"]["values"]
        assert f"| `{case}` | `{numbers['plate']}` | `{numbers['chassis']}` | {MEANINGS[Case(case)]} |" in readme


async def test_a_request_that_it_cannot_read_is_answered_400(simulator: Simulator) -> None:
    tls = Settings(**simulator.address).tls()
    async with (
        aiohttp.ClientSession() as session,
        session.post(simulator.address["url"] + "/fines/search", data=b"[]", ssl=tls) as reply,
    ):
        assert (reply.status, await reply.text()) == (400, "bad_message")


async def test_a_fine_by_the_number_of_a_magic_vehicle_behaves_as_it_does(
    simulator: Simulator, plugin: Gjobat, clock: HandClock
) -> None:
    refusing = simulator.case_reference(Case.REJECTS)
    (invoice,) = (await plugin.fetch_invoices((refusing,)))[refusing]
    by_number = fine(invoice.number)
    paying = order(reference=by_number, invoice_key=invoice.number, amount=invoice.total)
    assert await plugin.pay_invoice(paying) == Rejected(Rejection.NOT_ACCEPTED)
    entry = (await gate(plugin, clock).fetch_invoices((by_number,)))[by_number]
    assert not isinstance(entry, FaturatError)
    assert [each.number for each in entry] == [invoice.number]


async def test_a_customer_registers_a_vehicle_and_pays_a_fine_by_its_number(
    simulator: Simulator, clock: HandClock
) -> None:
    accounts = {"c1": {"savings": 1_000_000}}
    choice = PluginChoice(billers={"gjobat": simulator.address}, bank={"memory": {"accounts": accounts}})
    async with open_faturat(load_plugins(choice), MemoryStore(), clock=clock) as faturat:
        numbers = {"plate": "aa-123-bb", "chassis": "TEST 0000 0000 0000 1"}
        registered = await faturat.contracts.register("c1", "gjobat", None, numbers, "Makina")
        (row,) = await faturat.invoices.of("c1", contract=registered.contract.id)
        paid = await faturat.payments.pay("c1", row.id, "savings", row.invoice.total, "one")
        assert (paid.state, paid.order.amount) == ("paid", 2500_00)

        with pytest.raises(FaturatError, match="not_registrable"):
            await faturat.contracts.register("c1", "gjobat", "fine", {"fine": "000000301"}, "Gjoba")
        (quoted,) = (await faturat.invoices.look_up("c1", "gjobat", "fine", {"fine": "000000301"})).quotes
        simulator.fault("unknown_reference")  # somebody else pays it meanwhile, and it leaves the system
        gone = await faturat.payments.pay("c1", quoted.id, "savings", quoted.invoice.total, "two")
        assert (gone.state, gone.reason) == ("cancelled", "invoice_gone")
        paid = await faturat.payments.pay("c1", quoted.id, "savings", quoted.invoice.total, "three")
        assert (paid.state, paid.order.amount) == ("paid", 2000_00)
        assert (await verify(faturat)).faults == ()
    assert [booking.amount for booking in simulator.books.bookings()] == [2500_00, 2000_00]
