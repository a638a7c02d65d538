"""The plugin against its simulator over real sockets: registers, payments in whole and in part, every case."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from albtelecom_kit import FIRST, NOBODY, SECOND, HandClock, Host, order, reference

from faturat.billers import Reference
from faturat.invoices.types import PayRange
from faturat.payments.types import Pending, Receipt, Rejected, Rejection, Settled
from faturat.plugins.loading import PluginChoice, load_plugins
from faturat.references import read_reference
from faturat.testing.books import CompanyContract, IssuedInvoice
from faturat.testing.cases import Case
from faturat_albtelecom import mapping
from faturat_albtelecom.plugin import Albtelecom
from faturat_albtelecom.simulator import Simulator

OpenPlugin = Callable[..., Awaitable[Albtelecom]]


async def swaps(host: Host, simulator: Simulator) -> None:
    """Send what is queued, let the company process it and publish, and fetch what it says."""
    await host.swap()
    simulator.process()
    simulator.publish()
    await host.swap()


def case(simulator: Simulator, name: Case) -> str:
    return simulator.contract_of(simulator.case_reference(name))


async def pay_case(host: Host, simulator: Simulator, name: Case) -> None:
    """Pay the invoice of a case, and swap until the company has processed it."""
    await host.swap()
    contract = case(simulator, name)
    (invoice,) = host.owed(contract)
    paid = order(contract=contract, invoice_key=invoice.invoice_key, amount=invoice.total)
    assert await host.pay(paid) == Pending()
    await swaps(host, simulator)


def test_the_host_loads_it(simulator: Simulator) -> None:
    choice = PluginChoice(billers={"albtelecom": simulator.address}, bank={"memory": {}})
    biller = load_plugins(choice).billers["albtelecom"].biller
    assert (biller.id, biller.name) == ("albtelecom", "ALBTELECOM")
    able = biller.capabilities
    assert (able.exchange_every, able.settles_later) == (timedelta(seconds=5), timedelta(days=3))
    assert (able.parts, able.live_quote, able.status_inquiry, able.idempotent_pay) == (True, False, False, False)


async def test_length_is_the_banks_to_set(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    for length in (None, 9):
        biller = (await open_plugin(**simulator.address, contract_length=length)).describe_biller()
        assert biller.reference_kinds[0].fields[0].exact_length == length


@pytest.mark.parametrize(
    ("typed", "warned"),
    [
        ("200000001", False),
        ("2000 00001", False),
        ("04 223 1234", True),
        ("04/2231234", True),
        ("+355 4 2231234", True),
        ("00355 69 123 4567", True),
        ("069-123-4567", True),
        ("0412345678901234", False),
    ],
)
def test_a_telephone_number_is_taken_with_a_warning(simulator: Simulator, typed: str, warned: bool) -> None:
    biller = Albtelecom(Albtelecom.Settings(**simulator.address)).describe_biller()
    read = read_reference(biller, None, {"contract": typed}, register=True)
    assert bool(read.warnings) == warned


async def test_the_register(host: Host) -> None:
    reply = await host.swap()
    assert reply.incomplete == ()
    (invoice,) = host.owed(FIRST)
    assert (invoice.number, invoice.total, invoice.part) == ("000000001", 1850_00, 1)
    assert invoice.payable == PayRange(1_00, 1850_00)
    overdue, partly_paid = host.owed(SECOND)
    assert (overdue.amount, overdue.penalty, overdue.total) == (2400_00, 48_00, 2448_00)
    assert (partly_paid.part, partly_paid.amount, partly_paid.payable) == (2, 2120_50, PayRange(1_00, 2120_50))
    assert host.register[FIRST].subscriber == "Test Test"
    assert host.register[FIRST].as_of == datetime(2018, 8, 15, 8, 30, tzinfo=UTC)
    assert NOBODY not in host.register


async def test_what_is_known_is_not_collected_again(host: Host, plugin: Albtelecom) -> None:
    await host.swap()
    assert host.known == {"OPEN-20180815-001.csv"}
    assert await plugin.collect_files(frozenset(host.known)) == ()


async def test_a_new_invoice_appears_within_two_minutes(host: Host, simulator: Simulator, clock: HandClock) -> None:
    for seconds, expected in ((99, ["000000001"]), (1, ["000000001", "000000002"])):
        clock.move(seconds)
        simulator.publish()
        await host.swap()
        assert [invoice.number for invoice in host.owed(FIRST)] == expected


async def test_a_payment_is_queued_sent_once_and_acknowledged(host: Host, simulator: Simulator) -> None:
    assert await host.pay(order()) == Pending()
    reply = await host.swap()
    (sent,) = reply.files
    assert sent.orders == ("pay_0194f0000001",)
    assert host.outcomes == {}
    await swaps(host, simulator)
    receipt = Receipt("R000000002", datetime(2018, 8, 15, 8, 30, tzinfo=UTC), 1850_00)
    assert host.outcomes == {"pay_0194f0000001": Settled(receipt)}
    assert host.owed(FIRST) == ()
    await swaps(host, simulator)
    assert simulator.arrivals == {sent.name: 1}
    assert len(simulator.books.bookings()) == 2  # the other one is the seed's


async def test_an_invoice_is_paid_in_parts(host: Host, simulator: Simulator) -> None:
    for part, amount, left in ((1, 500_00, 1350_00), (2, 1349_50, 50), (3, 50, 0)):
        assert await host.pay(order(f"pay_{part}", part=part, amount=amount)) == Pending()
        await swaps(host, simulator)
        assert host.outcomes[f"pay_{part}"].receipt.amount == amount
        assert [(each.part, each.total, each.payable.minimum) for each in host.owed(FIRST)] == (
            [(part + 1, left, min(left, 1_00))] if left else []
        )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": 1850_01}, Rejection.AMOUNT_CHANGED),
        ({"amount": 99}, Rejection.AMOUNT_CHANGED),
        ({"contract": NOBODY}, Rejection.UNKNOWN_REFERENCE),
        ({"contract": SECOND}, Rejection.NOT_ACCEPTED),
        ({"invoice_key": "000000002"}, Rejection.NOT_ACCEPTED),
        ({"part": 2}, Rejection.NOT_ACCEPTED),
        ({"contract": SECOND, "invoice_key": "000000004", "amount": 1000_00}, Rejection.ALREADY_PAID),
    ],
)
async def test_what_the_company_refuses(
    host: Host, simulator: Simulator, changes: dict[str, object], reason: Rejection
) -> None:
    await host.pay(order(**changes))
    await swaps(host, simulator)
    assert host.outcomes == {"pay_0194f0000001": Rejected(reason)}
    assert len(simulator.books.bookings()) == 1


UNWRITABLE = (
    {"currency": "EUR"},
    {"reference": Reference("phone", {"phone": "042231234"})},
    {"reference": Reference("contract", {})},
    {"reference": reference("2000;00001")},
    {"invoice_key": "1\n2"},
)


@pytest.mark.parametrize("changes", UNWRITABLE)
async def test_an_order_that_no_file_can_carry_is_refused_at_once(host: Host, changes: dict[str, object]) -> None:
    assert await host.pay(order(**changes)) == Rejected(Rejection.NOT_ACCEPTED)
    assert host.queued == {}


@pytest.mark.parametrize("changes", UNWRITABLE)
async def test_one_that_is_queued_all_the_same_does_not_stop_the_others(host: Host, changes: dict[str, object]) -> None:
    host.queued = {"bad": order("bad", **changes), "good": order("good")}
    reply = await host.swap()
    assert [file.orders for file in reply.files] == [("good",)]
    assert reply.outcomes == {"bad": Rejected(Rejection.NOT_ACCEPTED)}


async def test_a_long_queue_goes_in_several_files(
    host: Host, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping, "MAX_ORDERS", 2)
    await host.swap()
    contract = case(simulator, Case.MANY)
    invoices = host.owed(contract)[:5]
    for number, invoice in enumerate(invoices):
        await host.pay(order(f"pay_{number}", contract=contract, invoice_key=invoice.number, amount=invoice.total))
    await swaps(host, simulator)
    assert sorted(simulator.arrivals.values()) == [1, 1, 1]
    assert [type(host.outcomes[f"pay_{number}"]) for number in range(5)] == [Settled] * 5
    assert len(host.owed(contract)) == 7


@pytest.mark.parametrize("name", ["<b>Test</b>; Test", 'Test "Test"', "Çelësi Ëndërr", "Test\x07Test\nTest", "T;" * 90])
async def test_a_name_is_plain_text(host: Host, simulator: Simulator, clock: HandClock, name: str) -> None:
    simulator.books.add_contract(CompanyContract("200000009", name))
    clock.move(1)
    simulator.publish()
    await host.swap()
    assert host.register["200000009"].subscriber == name.replace("\x07", " ").replace("\n", " ")


async def test_seeding_twice_changes_nothing_that_is_visible(simulator: Simulator) -> None:
    simulator.demo_seed()
    simulator.publish()
    first, second = (path.read_bytes() for path in simulator.outbox.parent.rglob("OPEN-*"))
    assert first == second


@pytest.mark.parametrize(
    ("name", "invoices"), [(Case.NO_DEBTS, 0), (Case.ONE, 1), (Case.MANY, 12), (Case.TWO_HUNDRED, 200)]
)
async def test_cases_of_many_and_few(host: Host, simulator: Simulator, name: Case, invoices: int) -> None:
    await host.swap()
    assert len(host.owed(case(simulator, name))) == invoices


async def test_case_unknown_is_in_no_register(host: Host, simulator: Simulator) -> None:
    await host.swap()
    assert case(simulator, Case.UNKNOWN) not in host.register
    await host.pay(order(contract=case(simulator, Case.UNKNOWN)))
    await swaps(host, simulator)
    assert host.outcomes == {"pay_0194f0000001": Rejected(Rejection.UNKNOWN_REFERENCE)}


async def test_case_down_is_listed_so_that_nothing_can_be_read_of_it(host: Host, simulator: Simulator) -> None:
    await host.swap()
    contract = case(simulator, Case.DOWN)
    (register,) = simulator.outbox.parent.rglob("OPEN-*")
    assert f"C;{contract};".encode() in register.read_bytes()
    assert contract not in host.register


async def test_case_slow_hears_of_its_payment_later(host: Host, simulator: Simulator, clock: HandClock) -> None:
    await pay_case(host, simulator, Case.SLOW)
    assert host.outcomes == {}
    clock.move(3)
    await swaps(host, simulator)
    assert isinstance(host.outcomes["pay_0194f0000001"], Settled)


async def test_case_settles_late(host: Host, simulator: Simulator, clock: HandClock) -> None:
    await pay_case(host, simulator, Case.SETTLES_LATE)
    clock.move(29)
    await swaps(host, simulator)
    assert host.outcomes == {}
    assert len(host.owed(case(simulator, Case.SETTLES_LATE))) == 1
    clock.move(1)
    await swaps(host, simulator)
    assert isinstance(host.outcomes["pay_0194f0000001"], Settled)
    assert host.owed(case(simulator, Case.SETTLES_LATE)) == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (Case.ALREADY_PAID, Rejection.ALREADY_PAID),
        (Case.REJECTS, Rejection.NOT_ACCEPTED),
        (Case.CHANGED_TOTAL, Rejection.AMOUNT_CHANGED),
    ],
)
async def test_cases_of_a_refused_payment(host: Host, simulator: Simulator, name: Case, reason: Rejection) -> None:
    await pay_case(host, simulator, name)
    assert host.outcomes == {"pay_0194f0000001": Rejected(reason)}
    (invoice,) = host.owed(case(simulator, name))
    assert invoice.penalty == (100_00 if name is Case.CHANGED_TOTAL else 0)


async def test_an_acknowledgement_may_cover_some_of_the_orders(
    host: Host, simulator: Simulator, clock: HandClock
) -> None:
    simulator.fault("settles_late")
    late = order("pay_1", contract=SECOND, invoice_key="000000003", amount=2448_00)
    for each in (late, order("pay_2")):
        await host.pay(each)
    await swaps(host, simulator)
    assert set(host.outcomes) == {"pay_2"}
    clock.move(30)
    await swaps(host, simulator)
    assert set(host.outcomes) == {"pay_1", "pay_2"}
    acknowledgements = sorted(path.name[-7:] for path in simulator.outbox.parent.rglob("ACK-*"))
    assert acknowledgements == ["001.csv", "002.csv"]


async def test_another_invoice_comes_with_the_next_register(
    host: Host, simulator: Simulator, clock: HandClock, tmp_path: Path
) -> None:
    await host.swap()
    simulator.books.add_invoice(
        IssuedInvoice(key="7", contract=FIRST, number="7", issued_on=clock.now().date(), amount=12_34)
    )
    simulator.publish()
    await host.swap()
    assert [invoice.number for invoice in host.owed(FIRST)] == ["000000001", "7"]
