"""What a stranger would try against the swap of files: an answer lost, an order held back, money let go too soon."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from exchange_kit import queue, state, swap, world_of
from fakes.biller import make_invoice
from fakes.faults import Fault, Script
from fakes.file_biller import Content, FileBiller
from msgspec.structs import replace

from faturat import (
    BillerError,
    ExchangeFile,
    ExchangeReply,
    Order,
    Outcome,
    OutgoingFile,
    PaymentState,
    Pending,
    RegisterEntry,
    Rejected,
    Rejection,
    hookimpl,
    verify,
)
from faturat.gate.files import check_exchange
from faturat.payments.types import Plan


async def test_an_answer_is_not_lost_to_a_worker_that_asks_at_the_same_moment() -> None:
    world = world_of(FileBiller())
    await swap(world)
    payment = await queue(world)
    await swap(world)
    world.biller.offer("ACK-1", Content(outcomes={payment.id: world.biller.settled(payment.order)}))
    commit = world.store.commit

    async def beaten(plan: Plan) -> bool:
        world.store.commit = commit
        assert await world.faturat.payments.recover() == 1, "the other worker is first"
        return await commit(plan)

    world.store.commit = beaten
    await swap(world)
    assert await state(world, payment) is PaymentState.PAID
    assert (await verify(world.faturat)).faults == ()


async def test_of_files_read_one_by_one_a_later_pending_does_not_hide_what_was_settled() -> None:
    world = world_of(FileBiller())
    await swap(world)
    payment = await queue(world)
    await swap(world)
    world.biller.offer("ACK-0", b"{")
    world.biller.offer("ACK-1", Content(outcomes={payment.id: world.biller.settled(payment.order)}))
    world.biller.offer("RECEIVED-1", Content(outcomes={payment.id: Pending()}))
    await swap(world)
    assert await state(world, payment) is PaymentState.PAID


class Picky(FileBiller):
    """Cannot write an order over 5.00, and is refused a file that carries one which is on its list."""

    unwritable: str = ""
    refused: str = ""

    @hookimpl
    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        if self.unwritable in [order.invoice_key for order in queued_orders]:
            raise UnicodeEncodeError("ascii", "ë", 0, 1, "cannot be written")
        reply = await super().exchange(inbox, ())
        files = (OutgoingFile(f"PAY-{order.id}", b"", (order.id,)) for order in queued_orders)
        return replace(reply, files=tuple(files))

    @hookimpl
    async def send_files(self, files: tuple[OutgoingFile, ...]) -> None:
        for file in files:
            if file.name == self.refused:
                raise BillerError("name_refused")
            await super().send_files((file,))


async def test_an_order_that_cannot_be_written_keeps_neither_answers_nor_other_orders_back() -> None:
    world = world_of(Picky())
    await swap(world)
    first = await queue(world)
    await swap(world)
    world.biller.offer("ACK-1", Content(outcomes={first.id: world.biller.settled(first.order)}))
    invoices = (make_invoice("F2", 500), make_invoice("F3", 600), make_invoice("F4", 700))
    world.biller.offer("OPEN-2", world.biller.register("AB12", *invoices))
    await swap(world)
    assert await state(world, first) is PaymentState.PAID
    orders = [await queue(world, index) for index in range(3)]
    world.biller.unwritable = "F3"
    await swap(world)
    sent = [order for file in world.biller.received for order in file.orders]
    assert sorted(sent) == sorted([first.id, orders[0].id, orders[2].id])
    answers = {orders[0].id: world.biller.settled(orders[0].order)}
    world.biller.offer("ACK-2", Content(outcomes=answers))
    await swap(world)
    assert await state(world, orders[0]) is PaymentState.PAID


async def test_a_file_that_is_refused_keeps_no_other_back() -> None:
    world = world_of(Picky())
    await swap(world)
    payments = [await queue(world, index) for index in range(2)]
    world.biller.refused = f"PAY-{payments[0].id}"
    await swap(world)
    assert [file.orders for file in world.biller.received] == [(payments[1].id,)]
    assert [file.orders for file in await world.store.unsent_files("fake", world.clock.now())] == [(payments[0].id,)]
    world.biller.refused = ""
    await swap(world)
    assert [file.orders for file in world.biller.received] == [(payments[1].id,), (payments[0].id,)]


class NamedAnswers(FileBiller):
    """Answers each payment file with one that says `OK` and no more; its name says which."""

    @hookimpl
    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        answers = [file for file in inbox if file.content == b"OK"]
        reply = await super().exchange(tuple(file for file in inbox if file not in answers), queued_orders)
        outcomes: dict[str, Outcome] = {}
        for file in answers:
            outcomes[file.name.removeprefix("ACK-")] = Rejected(Rejection.NOT_ACCEPTED)
        return replace(reply, outcomes=outcomes)


async def test_a_second_answer_in_the_same_words_is_an_answer_too() -> None:
    world = world_of(NamedAnswers())
    await swap(world)
    for index in range(2):
        payment = await queue(world, index)
        await swap(world)
        world.biller.offer(f"ACK-{payment.id}", b"OK")
        await swap(world)
        assert await state(world, payment) is PaymentState.FAILED


class Deciding(FileBiller):
    """Queues an order only until its cut-off; the first call is slow and says no when all is over."""

    answers: tuple[asyncio.Event, ...] = ()

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        self.pay_calls.append(order.id)
        if len(self.pay_calls) > 1:
            return Pending()
        for event in self.answers:
            await event.wait()
        return Rejected(Rejection.NOT_ACCEPTED)


async def test_a_late_no_to_queueing_lets_no_money_go_of_an_order_that_a_file_carries() -> None:
    world = world_of(Deciding())
    world.biller.answers = (asyncio.Event(),)
    await swap(world)
    quote = (await world.faturat.invoices.look_up("c1", "fake", None, {"code": "AB12"})).quotes[0]
    paying = asyncio.create_task(world.faturat.payments.pay("c1", quote.id, "savings", 170_740, "k"))
    while not world.biller.pay_calls:
        await asyncio.sleep(0)
    for _ in range(2):  # interrupted, then asked
        world.clock.advance(timedelta(minutes=1))
        await world.faturat.payments.recover()
    await swap(world)
    [file] = world.biller.received
    world.biller.answers[0].set()
    payment = await paying
    assert file.orders == (payment.id,)
    assert payment.state is PaymentState.PENDING


async def test_a_register_from_the_future_does_not_keep_later_ones_out() -> None:
    world = world_of(FileBiller())
    [entry] = world.biller.register("AB12", make_invoice("F9", 900)).register
    ahead = replace(entry, as_of=world.clock.now() + timedelta(days=365))
    world.biller.offer("OPEN-2", Content(register=(ahead,)))
    await swap(world)
    world.biller.offer("OPEN-3", world.biller.register("AB12", make_invoice("F3", 300)))
    await swap(world)
    found = await world.faturat.invoices.look_up("c1", "fake", None, {"code": "AB12"})
    assert [quote.invoice.number for quote in found.quotes] == ["F3"]


async def test_an_order_that_may_settle_only_after_its_hold_is_not_sent_any_more() -> None:
    world = world_of(FileBiller())
    world.bank.hold_lives = timedelta(days=5)
    await swap(world)
    payment = await queue(world)
    # the company cannot be reached for two days
    world.biller.collecting, world.biller.sending = Script([Fault.LOST] * 50), Script([Fault.LOST] * 50)
    for _ in range(51):
        await swap(world)
    assert world.biller.received == []
    await world.settle()
    assert await state(world, payment) is PaymentState.UNDER_REVIEW
    assert world.biller.received == []


async def test_a_file_is_not_sent_any_more_once_a_person_looks_at_its_order() -> None:
    world = world_of(FileBiller())
    await swap(world)
    payment = await queue(world)
    world.biller.sending = Script([Fault.LOST] * 100)  # the company takes no file for four days
    for _ in range(100):
        await swap(world)
        await world.faturat.payments.recover()
    assert await state(world, payment) is PaymentState.UNDER_REVIEW
    world.biller.sending = Script()
    await swap(world)
    assert world.biller.received == []


async def test_a_file_that_was_answered_is_not_sent_again() -> None:
    """The company has it, and may have moved it away: only its money is on its way back."""
    world = world_of(FileBiller())
    await swap(world)
    payment = await queue(world)
    world.biller.sending = Script([Fault.SILENT])
    await swap(world)
    world.biller.received.clear()
    world.biller.offer("ACK-1", Content(outcomes={payment.id: Rejected(Rejection.NOT_ACCEPTED)}))
    await swap(world)
    await swap(world)
    assert await state(world, payment) is PaymentState.FAILED
    assert world.biller.received == []


async def test_a_total_that_a_sweep_changes_between_two_reads_is_not_paid_as_it_was() -> None:
    world = world_of(FileBiller())
    await swap(world)
    contract = (await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")).contract
    rows = await world.faturat.invoices.of("c1", contract=contract.id)
    known = next(row for row in rows if row.invoice.number == "F1")
    world.biller.offer("OPEN-2", world.biller.register("AB12", make_invoice(total=180_000)))
    await swap(world)
    read = world.store.contract

    async def after_the_sweep(contract_id: str) -> object:
        assert await world.faturat.invoices.sweep() == 1
        return await read(contract_id)

    world.store.contract = after_the_sweep
    payment = await world.faturat.payments.pay("c1", known.id, "savings", known.invoice.total, "k")
    assert (payment.state, payment.reason) == (PaymentState.CANCELLED, "amount_changed")
    assert payment.reason_amount == 180_000


def test_two_files_of_one_name_in_a_reply_are_refused() -> None:
    biller = FileBiller()
    order = Order(
        id="pay_1",
        customer="c1",
        account="savings",
        biller="fake",
        reference=biller.register().register[0].reference,
        invoice_key="F1",
        amount=1,
        currency="ALL",
        created_at=biller.clock.now(),
    )
    files = (OutgoingFile("P", b"1", ("pay_1",)), OutgoingFile("P", b"2", ("pay_2",)))
    queued = (order, msgspec.structs.replace(order, id="pay_2"))
    with pytest.raises(ValueError, match="no name twice"):
        check_exchange(ExchangeReply(files=files), (), queued, biller.describe_biller(), biller.clock.now())


def test_an_entry_whose_time_cannot_be_reckoned_is_left_out_alone() -> None:
    biller = FileBiller()
    [good] = biller.register("AB12").register
    last = datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-5)))
    bad: RegisterEntry = replace(good, as_of=last)
    reply = check_exchange(
        ExchangeReply(register=(bad, good)), (), (), biller.describe_biller(), datetime(2026, 11, 22, 9, tzinfo=UTC)
    )
    assert reply.register == (good,)
