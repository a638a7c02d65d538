"""A biller that works by files: its register answers, orders go out once, answers come back, whatever crashes."""

from datetime import timedelta

import msgspec
import pytest
from fakes.biller import make_invoice
from fakes.clock import FakeClock
from fakes.faults import Crash, Fault, Script
from fakes.file_biller import EVERY, Content, FileBiller
from fakes.world import World
from hypothesis import given, settings
from hypothesis import strategies as st

from faturat import (
    ExchangeFile,
    ExchangeReply,
    FaturatError,
    InvoiceState,
    NotSent,
    OutgoingFile,
    Payment,
    PaymentState,
    Pending,
    Receipt,
    Reference,
    Rejected,
    Rejection,
    Settled,
    verify,
)
from faturat.gate.files import check_collected, check_exchange

PRICE = 170_740


@pytest.fixture
def files() -> World:
    """A world whose biller has sent its register."""
    world = World(biller=FileBiller())
    world.biller.offer("OPEN-1", world.biller.register("AB12", make_invoice()))
    return world


async def swap(world: World) -> None:
    world.clock.advance(EVERY)
    assert await world.faturat.exchange.run() == 1


async def queued(world: World) -> Payment:
    await swap(world)
    payment = await world.pay()
    assert payment.state is PaymentState.PENDING
    return payment


async def state(world: World, payment: Payment) -> PaymentState:
    return (await world.faturat.payments.get("c1", payment.id)).state


async def test_the_register_answers_look_up_and_registration(files: World) -> None:
    with pytest.raises(FaturatError, match="biller_unavailable"):
        await files.quote()
    await swap(files)
    registered = await files.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    assert registered.contract.subscriber == "Test Test"
    assert [row.invoice.number for row in await files.faturat.invoices.of("c1")] == ["F1"]
    with pytest.raises(FaturatError, match="unknown_reference"):
        await files.faturat.invoices.look_up("c1", "fake", None, {"code": "ZZ99"})


async def test_a_newer_register_brings_a_new_invoice_and_its_notice(files: World) -> None:
    await swap(files)
    await files.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    files.biller.offer("OPEN-2", files.biller.register("AB12", make_invoice(), make_invoice("F2", 500)))
    await files.settle(4)
    assert [notice.facts.number for notice in files.listener.heard] == ["F2"]
    assert [row.invoice.number for row in await files.faturat.invoices.of("c1")] == ["F1", "F2"]


async def test_an_order_goes_out_once_and_its_answer_settles_it(files: World) -> None:
    payment = await queued(files)
    assert files.biller.received == []
    await swap(files)
    await swap(files)
    [file] = files.biller.received
    assert file.orders == (payment.id,)
    files.biller.offer("ACK-1", Content(outcomes={payment.id: files.biller.settled(payment.order)}))
    assert await state(files, payment) is PaymentState.PENDING
    await swap(files)
    assert await state(files, payment) is PaymentState.PAID
    assert (await verify(files.faturat)).faults == ()


async def test_a_reject_gives_the_money_back(files: World) -> None:
    payment = await queued(files)
    await swap(files)
    files.biller.offer("ACK-1", Content(outcomes={payment.id: Rejected(Rejection.NOT_ACCEPTED)}))
    await swap(files)
    assert await state(files, payment) is PaymentState.FAILED
    assert files.bank.balances["c1", "savings"] == 25_000_000


async def test_no_answer_within_the_longest_time_calls_a_person(files: World) -> None:
    payment = await queued(files)
    await files.settle()
    assert await state(files, payment) is PaymentState.UNDER_REVIEW
    assert len(files.biller.received) == 1
    assert files.biller.pay_calls == [payment.id], "a company that works by files is not asked again"


async def test_a_file_delivered_twice_changes_nothing_and_a_known_one_is_not_read_again(files: World) -> None:
    payment = await queued(files)
    await swap(files)
    answer = Content(outcomes={payment.id: files.biller.settled(payment.order)})
    files.biller.offer("ACK-1", answer)
    files.biller.offer("ACK-2", answer)
    await swap(files)
    files.biller.offer("ACK-3", answer)
    await swap(files)
    await swap(files)
    assert await state(files, payment) is PaymentState.PAID
    assert files.biller.collected[-1] == {"OPEN-1", "ACK-1", "ACK-2", "ACK-3"}


async def test_a_half_written_file_is_read_once_it_is_whole(files: World) -> None:
    payment = await queued(files)
    await swap(files)
    outcomes = {payment.id: files.biller.settled(payment.order)}
    files.biller.offer("ACK-1", Content(outcomes=outcomes, end=False))
    await swap(files)
    assert await state(files, payment) is PaymentState.PENDING
    files.biller.offer("ACK-1", Content(outcomes=outcomes))
    await swap(files)
    assert await state(files, payment) is PaymentState.PAID


@pytest.mark.parametrize("crash", [Fault.CRASH_BEFORE, Fault.CRASH_AFTER])
@pytest.mark.parametrize("commits", range(6))
async def test_an_answer_outlives_a_crash_at_every_commit_of_its_exchange(
    files: World, crash: Fault, commits: int
) -> None:
    payment = await queued(files)
    await swap(files)
    files.biller.offer("ACK-1", Content(outcomes={payment.id: files.biller.settled(payment.order)}))
    files.store.script = Script([Fault.NONE] * commits + [crash])
    await files.settle(6)
    assert await state(files, payment) is PaymentState.PAID
    assert (await verify(files.faturat)).faults == ()


async def test_a_bad_file_keeps_neither_answers_nor_orders_back(files: World) -> None:
    payment = await queued(files)
    await swap(files)
    files.biller.offer("ACK-0", b"{")
    files.biller.offer("ACK-1", Content(outcomes={payment.id: files.biller.settled(payment.order)}))
    files.biller.offer("OPEN-2", files.biller.register("AB12", make_invoice("F2", 500)))
    await swap(files)
    assert await state(files, payment) is PaymentState.PAID
    second = await files.pay(amount=500, key="k2")
    await swap(files)
    assert [file.orders for file in files.biller.received] == [(payment.id,), (second.id,)]
    assert "ACK-0" not in files.biller.collected[-1]


async def test_files_that_cannot_be_collected_keep_no_order_back(files: World) -> None:
    payment = await queued(files)
    files.biller.offer("ACK-1", Content(outcomes={payment.id: files.biller.settled(payment.order)}))
    files.biller.collecting = Script([Fault.LOST])
    await swap(files)
    assert [file.orders for file in files.biller.received] == [(payment.id,)]
    await swap(files)
    assert await state(files, payment) is PaymentState.PAID


async def test_an_older_register_that_comes_later_changes_nothing(files: World) -> None:
    old = files.biller.register("AB12", make_invoice("F0", 100))
    files.clock.advance(timedelta(minutes=1))
    files.biller.offer("OPEN-1", files.biller.register("AB12", make_invoice()))
    await swap(files)
    files.biller.offer("OPEN-0", old)
    await swap(files)
    found = await files.faturat.invoices.look_up("c1", "fake", None, {"code": "AB12"})
    assert [quote.invoice.number for quote in found.quotes] == ["F1"]


async def test_an_invoice_under_way_is_not_payable_again_until_the_company_quotes_a_remainder(files: World) -> None:
    payment = await queued(files)
    with pytest.raises(FaturatError, match="already_paying"):
        await files.pay(key="k2")
    await swap(files)
    files.biller.offer("ACK-1", Content(outcomes={payment.id: files.biller.settled(payment.order)}))
    await swap(files)
    with pytest.raises(FaturatError, match="invoice_not_open"):
        await files.pay(key="k3")
    files.biller.offer("OPEN-2", files.biller.register("AB12", make_invoice(total=500, part=2)))
    await swap(files)
    found = await files.faturat.invoices.look_up("c1", "fake", None, {"code": "AB12"})
    assert [(quote.invoice.part, quote.state) for quote in found.quotes] == [(2, InvoiceState.OPEN)]


async def test_answers_that_are_not_of_this_biller_or_come_after_the_end_move_nothing(files: World) -> None:
    payment = await queued(files)
    await swap(files)
    files.biller.offer("ACK-1", Content(outcomes={"pay_nobody": Rejected(Rejection.NOT_ACCEPTED)}))
    files.biller.offer("ACK-2", Content(outcomes={payment.id: files.biller.settled(payment.order)}))
    await swap(files)
    files.biller.offer("ACK-3", Content(outcomes={payment.id: Rejected(Rejection.NOT_ACCEPTED)}))
    await swap(files)
    assert await state(files, payment) is PaymentState.PAID
    assert (await verify(files.faturat)).faults == ()


async def test_an_answer_over_another_amount_goes_to_a_person(files: World) -> None:
    payment = await queued(files)
    await swap(files)
    short = Settled(Receipt("R-1", files.clock.now(), payment.order.amount - 1))
    files.biller.offer("ACK-1", Content(outcomes={payment.id: short}))
    await swap(files)
    assert await state(files, payment) is PaymentState.UNDER_REVIEW


async def test_a_worker_that_lost_its_turn_stores_and_sends_nothing(files: World) -> None:
    payment = await queued(files)
    files.clock.advance(EVERY)
    late = files.faturat.exchange
    collect = files.biller.collect_files

    async def slowly(known: frozenset[str]) -> object:
        files.biller.collect_files = collect
        files.restart()  # another process takes the turn once the lease has run out
        files.clock.advance(timedelta(hours=2))
        assert await files.faturat.exchange.run() == 1
        return await collect(known)

    gate = late._gates[0]
    real = gate.collect_files
    gate.collect_files = slowly
    assert await late.run() == 1
    gate.collect_files = real
    assert [file.orders for file in files.biller.received] == [(payment.id,)]


async def test_an_order_whose_process_died_before_it_was_queued_is_queued_later(files: World) -> None:
    await swap(files)
    quote = await files.quote()
    files.biller.script = Script([Fault.CRASH_BEFORE])
    with pytest.raises(Crash):
        await files.faturat.payments.pay("c1", quote, "savings", PRICE, "k1")
    files.restart()
    await files.settle(3)
    [payment] = await files.faturat.payments.of("c1")
    assert payment.state is PaymentState.PENDING
    assert [file.orders for file in files.biller.received] == [(payment.id,)]


FAULTS = st.lists(st.sampled_from(Fault), max_size=8)


@settings(max_examples=60, deadline=None)
@given(pay=FAULTS, collecting=FAULTS, sending=FAULTS, store=FAULTS, accepts=st.booleans())
async def test_whatever_is_lost_or_crashes_an_order_is_sent_once_and_ends(
    pay: list[Fault], collecting: list[Fault], sending: list[Fault], store: list[Fault], accepts: bool
) -> None:
    world = World(biller=FileBiller())
    biller = world.biller
    biller.clock = world.clock
    biller.offer("OPEN-1", biller.register("AB12", make_invoice()))
    await swap(world)
    quote = await world.quote()
    biller.script, biller.collecting, biller.sending = Script(pay), Script(collecting), Script(sending)
    world.store.script = Script([fault for fault in store if fault not in (Fault.LOST, Fault.SILENT)])
    try:
        await world.faturat.payments.pay("c1", quote, "savings", PRICE, "k1")
    except Crash:
        world.restart()
    await world.settle(24)
    for file in biller.received:
        for order_id in file.orders:
            payment = await world.faturat.payments.get("c1", order_id)
            good = biller.settled(payment.order)
            biller.offer("ACK-1", Content(outcomes={order_id: good if accepts else Rejected(Rejection.NOT_ACCEPTED)}))
    await world.settle(240)
    assert (await verify(world.faturat)).faults == ()
    carried = [order for file in biller.received for order in file.orders]
    assert len(carried) == len(set(carried)) <= 1
    for payment in await world.faturat.payments.of("c1"):
        if carried:
            assert payment.state is (PaymentState.PAID if accepts else PaymentState.FAILED)
        else:
            assert payment.state in (PaymentState.EXPIRED, PaymentState.CANCELLED, PaymentState.FAILED)


def test_a_register_is_read_as_a_customer_types_and_what_is_wrong_in_it_is_left_out() -> None:
    biller, now = FileBiller().describe_biller(), FakeClock().now()
    said = [
        FileBiller().register(code, make_invoice(currency=currency)).register[0]
        for code, currency in (("ab 12", "ALL"), ("CD34", "EUR"), ("", "ALL"), ("Ё1", "ALL"))
    ]
    reply = check_exchange(ExchangeReply(register=(*said, None)), (), (), biller, now)
    assert [entry.reference for entry in reply.register] == [Reference("contract", {"code": "AB12"})]


BAD = [
    ExchangeReply(files=(OutgoingFile("PAY-1", b"", ("pay_2",)),)),
    ExchangeReply(files=(OutgoingFile("PAY-1", b"", ()),)),
    ExchangeReply(files=(OutgoingFile("../PAY-1", b"", ("pay_1",)),)),
    ExchangeReply(files=(OutgoingFile("P", b"", ("pay_1",)), OutgoingFile("Q", b"", ("pay_1",)))),
    ExchangeReply(files=(OutgoingFile("P", "text", ("pay_1",)),)),
    ExchangeReply(incomplete=("ACK-1",)),
    ExchangeReply(outcomes={"pay_1": NotSent("no")}),
    ExchangeReply(outcomes={"pay_1": "paid"}),
    ExchangeReply(outcomes={1: Pending()}),
    ExchangeReply(register=7),
    None,
]


@pytest.mark.parametrize("reply", BAD, ids=str)
async def test_a_hostile_reply_is_refused_whole(files: World, reply: object) -> None:
    payment = await queued(files)
    order = msgspec.structs.replace(payment.order, id="pay_1")
    with pytest.raises((ValueError, TypeError)):
        check_exchange(reply, (), (order,), files.biller.describe_biller(), files.clock.now())


@pytest.mark.parametrize("names", [["a", "a"], ["known"], ["a/b"], [""], ["x" * 121]])
def test_hostile_names_of_collected_files_are_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"name|known"):
        check_collected([ExchangeFile(name, b"") for name in names], frozenset({"known"}))
