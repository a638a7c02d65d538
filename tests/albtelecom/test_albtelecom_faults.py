"""Every fault of the company's side: on the wire, in what it publishes, and in what becomes of a payment."""

import asyncio
from pathlib import Path

import pytest
from albtelecom_kit import FIRST, SECOND, HandClock, Host, order

from faturat.errors import BillerError
from faturat.payments.types import Rejected, Rejection, Settled
from faturat.testing.faults import FAULTS
from faturat_albtelecom.plugin import Albtelecom
from faturat_albtelecom.simulator import Simulator


async def refused(host: Host) -> str:
    """Swap, and say why that fails."""
    with pytest.raises(BillerError) as caught:
        await host.swap()
    return caught.value.why


async def acknowledged(host: Host, simulator: Simulator) -> None:
    """The payment of order() is booked once, sent once, and its receipt arrives."""
    await host.swap()
    simulator.process()
    await host.swap()
    assert isinstance(host.outcomes["pay_0194f0000001"], Settled)
    assert list(simulator.arrivals.values()) == [1]
    assert len(simulator.books.bookings()) == 2  # the other one is the seed's


def temporary(simulator: Simulator) -> list[str]:
    return [path.name for path in simulator.outbox.iterdir() if path.name.startswith(".")]


# on the wire


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("timeout_before_debit", "timeout"),
        ("timeout_after_debit", "timeout"),
        ("hang_up_before_debit", "connection_lost"),
        ("hang_up_after_debit", "connection_lost"),
        ("no_room", "sftp_refused"),
    ],
)
async def test_a_file_that_was_not_known_to_be_put_is_sent_again_and_lies_there_once(
    host: Host, simulator: Simulator, fault: str, why: str
) -> None:
    await host.pay(order())
    simulator.fault(fault)
    assert await refused(host) == why
    assert len(host.unsent) == 1
    await acknowledged(host, simulator)


async def test_a_failed_upload_leaves_nothing_behind_where_the_company_still_answers(
    host: Host, simulator: Simulator
) -> None:
    await host.pay(order())
    simulator.fault("no_room")
    await refused(host)
    assert list(simulator.outbox.iterdir()) == []


async def test_a_rename_that_is_called_failed_and_was_done_counts_as_sent(host: Host, simulator: Simulator) -> None:
    await host.pay(order())
    simulator.fault("error_500_after_debit")
    await host.swap()
    assert host.unsent == {}
    assert temporary(simulator) == []
    await acknowledged(host, simulator)


async def test_a_refusal_of_everything(host: Host, simulator: Simulator) -> None:
    simulator.fault("error_500")
    assert await refused(host) == "sftp_refused"
    await host.swap()
    assert FIRST in host.register


async def test_slow_is_an_answer_until_the_time_out(host: Host, simulator: Simulator) -> None:
    simulator.fault("slow", seconds=0.01)
    await host.swap()
    assert FIRST in host.register
    simulator.fault("slow", seconds=3600)
    assert await refused(host) == "timeout"


async def test_nobody_is_there(host: Host, simulator: Simulator) -> None:
    await host.pay(order())
    simulator.fault("refused_connection")
    assert await refused(host) == "no_connection"
    await simulator.listen()
    await acknowledged(host, simulator)


# what is published


async def test_half_a_file_is_incomplete_and_collected_again(host: Host, simulator: Simulator) -> None:
    simulator.fault("half_written")
    simulator.publish()
    reply = await host.swap()
    assert reply.incomplete == ("OPEN-20180815-002.csv",)
    assert host.known == {"OPEN-20180815-001.csv"}
    simulator.published.finish()
    assert (await host.swap()).incomplete == ()
    assert len(host.known) == 2


async def test_half_an_acknowledgement_settles_nothing_until_it_is_whole(host: Host, simulator: Simulator) -> None:
    await host.pay(order())
    await host.swap()
    simulator.fault("half_written")
    simulator.process()
    assert (await host.swap()).incomplete != ()
    assert host.outcomes == {}
    simulator.published.finish()
    await acknowledged(host, simulator)


async def test_a_register_delivered_twice(host: Host, simulator: Simulator) -> None:
    simulator.fault("delivered_twice")
    simulator.publish()
    await host.swap()
    assert len(host.known) == 3
    assert len(host.owed(SECOND)) == 2


async def test_an_acknowledgement_delivered_twice_is_one_outcome(host: Host, simulator: Simulator) -> None:
    await host.pay(order())
    await host.swap()
    simulator.fault("delivered_twice")
    await acknowledged(host, simulator)
    assert sum(name.startswith("ACK-") for name in host.known) == 2


async def test_an_older_register_after_a_newer_one(host: Host, simulator: Simulator, clock: HandClock) -> None:
    await host.pay(order())
    await host.swap()
    simulator.process()
    clock.move(60)
    simulator.fault("out_of_order")
    simulator.publish()
    (stale,) = simulator.outbox.parent.rglob("OPEN-20180815-003.csv")
    assert b"I;200000001;" in stale.read_bytes()
    reply = await host.swap()
    moments = [entry.as_of for entry in reply.register]
    assert moments == sorted(moments)
    assert len(set(moments)) == 2
    assert host.owed(FIRST) == ()


@pytest.mark.parametrize("fault", ["empty", "garbage"])
async def test_a_register_of_which_nothing_can_be_read(host: Host, simulator: Simulator, fault: str) -> None:
    await host.swap()
    before = dict(host.register)
    simulator.fault(fault)
    simulator.publish()
    assert (await host.swap()).incomplete == ("OPEN-20180815-002.csv",)
    assert host.register == before


@pytest.mark.parametrize("fault", ["not_a_number", "negative", "wrong_currency", "year_one"])
async def test_a_register_with_records_that_cannot_be(
    host: Host, simulator: Simulator, clock: HandClock, fault: str
) -> None:
    """Its trailer is right, so it is taken in; what cannot be read leaves what was known as it is."""
    await host.swap()
    before = {contract: entry for contract, entry in host.register.items() if entry.invoices}
    clock.move(1)
    simulator.fault(fault)
    simulator.publish()
    reply = await host.swap()
    assert reply.incomplete == ()
    assert all(entry.invoices == () for entry in reply.register)  # those without debts have no amount to spoil
    assert {contract: host.register[contract] for contract in before} == before


async def test_a_register_that_lacks_its_second_half_lacks_contracts_but_no_invoices(
    host: Host, simulator: Simulator, clock: HandClock
) -> None:
    await host.swap()
    before = dict(host.register)
    clock.move(1)
    simulator.fault("malformed")
    simulator.publish()
    reply = await host.swap()
    assert 0 < len(reply.register) < len(before)
    for entry in reply.register:
        contract = entry.reference.values["contract"]
        assert entry.invoices == before[contract].invoices


async def test_a_register_that_is_far_too_large(host: Host, simulator: Simulator, clock: HandClock) -> None:
    clock.move(1)
    simulator.fault("oversized")
    simulator.publish()
    await host.swap()
    assert host.register[FIRST].as_of == clock.now()


@pytest.mark.parametrize("fault", ["empty", "garbage", "malformed", "not_a_number", "negative", "wrong_currency"])
async def test_an_acknowledgement_that_cannot_be_read_settles_nothing(
    host: Host, simulator: Simulator, fault: str
) -> None:
    await host.pay(order())
    await host.swap()
    simulator.fault(fault)
    simulator.process()
    await host.swap()
    assert host.outcomes == {}


# what becomes of a payment


@pytest.mark.parametrize("seconds", [0, 45])
async def test_a_late_acknowledgement(host: Host, simulator: Simulator, clock: HandClock, seconds: int) -> None:
    await host.pay(order())
    await host.swap()
    simulator.fault("late_ack", seconds=seconds)
    simulator.process()
    clock.move((seconds or 30) - 1)
    simulator.process()
    await host.swap()
    assert host.outcomes == {}
    clock.move(1)
    await acknowledged(host, simulator)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("unknown_reference", Rejection.UNKNOWN_REFERENCE),
        ("already_paid", Rejection.ALREADY_PAID),
        ("rejects_payment", Rejection.NOT_ACCEPTED),
        ("changed_total", Rejection.AMOUNT_CHANGED),
    ],
)
async def test_a_refused_payment(host: Host, simulator: Simulator, fault: str, reason: Rejection) -> None:
    await host.pay(order())
    await host.swap()
    simulator.fault(fault)
    simulator.process()
    simulator.publish()
    await host.swap()
    assert host.outcomes == {"pay_0194f0000001": Rejected(reason)}
    assert host.owed(FIRST)[0].penalty == (100_00 if fault == "changed_total" else 0)


async def test_a_changed_total_shows_in_the_register(host: Host, simulator: Simulator, clock: HandClock) -> None:
    clock.move(1)
    simulator.fault("changed_total")
    simulator.publish()
    await host.swap()
    (invoice,) = host.owed(FIRST)
    assert (invoice.amount, invoice.penalty, invoice.total) == (1850_00, 100_00, 1950_00)


async def test_a_payment_settled_late(host: Host, simulator: Simulator, clock: HandClock) -> None:
    await host.pay(order())
    await host.swap()
    simulator.fault("settles_late")
    simulator.process()
    await host.swap()
    assert host.outcomes == {}
    clock.move(30)
    await acknowledged(host, simulator)


async def test_two_workers_send_one_file(host: Host, plugin: Albtelecom, simulator: Simulator) -> None:
    await host.pay(order())
    reply = await plugin.exchange((), tuple(host.queued.values()))
    await asyncio.gather(*(plugin.send_files(reply.files) for _ in range(3)))
    assert simulator.arrivals == {reply.files[0].name: 1}
    assert temporary(simulator) == []


def test_every_fault_has_its_test(simulator: Simulator) -> None:
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for fault in {**FAULTS, **simulator.own_faults}.keys() - {"redirect"}:  # which HTTP alone knows
        assert f'"{fault}"' in tests, fault
