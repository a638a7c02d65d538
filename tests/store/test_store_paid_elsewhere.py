"""What becomes of an invoice, and of a payment for it, that was paid elsewhere, or here; through the engine."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fakes.biller import ABLE, FakeBiller, make_invoice
from fakes.faults import Fault, Script
from fakes.file_biller import BY_FILES, FileBiller
from fakes.world import World
from msgspec.structs import replace

from faturat import (
    FaturatError,
    Invoice,
    InvoiceState,
    KnownInvoice,
    Notice,
    Order,
    Outcome,
    Payment,
    PaymentState,
    PayRange,
    Reference,
    Rejected,
    Rejection,
    hookimpl,
    verify,
)
from faturat.clock import new_id
from faturat.payments.chain import new_event, order_evidence
from faturat.payments.types import IdempotencyKey, Plan
from faturat.store.port import Store

PRICE = 170_740
CODE = {"code": "AB12"}
DAY = timedelta(days=1)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
KINDS: dict[str, Callable[[], FakeBiller]] = {
    "live": FakeBiller,
    "not_live": lambda: FakeBiller(capabilities=replace(ABLE, live_quote=False)),
    "files": lambda: swapping(FileBiller()),
}


def heard(world: World) -> list[Notice]:
    """What is told of invoices, not of payments."""
    return [notice for notice in world.listener.heard if not notice.event.startswith("payment_")]


def swapping(biller: FileBiller) -> FileBiller:
    biller.capabilities = replace(BY_FILES, exchange_every=MINUTE)
    return biller


@pytest.fixture
def world(store: Store) -> World:
    return World(store=store)


async def world_of(kind: str, store: Store) -> World:
    world = World(store=store, biller=KINDS[kind]())
    await says(world, make_invoice())
    return world


async def says(world: World, *invoices: Invoice) -> None:
    """From now on the company asks for these, and has said so in a file where it works by files."""
    world.biller.invoices["AB12"] = list(invoices)
    if isinstance(world.biller, FileBiller):
        world.biller.offer(f"OPEN-{world.clock.now():%d%H%M%S}", world.biller.register("AB12", *invoices))
        world.clock.advance(MINUTE)
        assert await world.faturat.exchange.run() == 1


async def register(world: World, customer: str = "c1") -> str:
    return (await world.faturat.contracts.register(customer, "fake", None, CODE, "Home")).contract.id


async def row_of(world: World, contract: str) -> KnownInvoice:
    (row,) = [row for row in await world.faturat.invoices.of("c1") if row.contract == contract]
    return row


async def later(world: World, by: timedelta = 16 * MINUTE) -> None:
    world.clock.advance(by)
    while await world.faturat.run_due():
        pass


async def sweep(world: World) -> None:
    """Only the sweep: no payment is gone on with."""
    world.clock.advance(15 * MINUTE)
    assert await world.faturat.invoices.sweep() >= 1


async def quoted(world: World, customer: str = "c1") -> KnownInvoice:
    return (await world.faturat.invoices.look_up(customer, "fake", None, CODE)).quotes[0]


async def pay(world: World, row: KnownInvoice, key: str = "k1") -> Payment:
    return await world.faturat.payments.pay("c1", row.id, "savings", row.invoice.total, key)


async def waits(world: World, row: KnownInvoice, state: PaymentState) -> Payment:
    """A payment that has asked for no money yet, of the customer c1; due in a day where it is scheduled."""
    now = world.clock.now()
    due_at = now + (DAY if state is PaymentState.SCHEDULED else 35 * SECOND)
    order = Order(
        id=new_id("pay", now),
        customer="c1",
        account="savings",
        biller="fake",
        reference=row.reference,
        invoice_key=row.invoice.invoice_key,
        amount=row.invoice.total,
        currency="ALL",
        part=row.invoice.part,
        created_at=now,
    )
    event = new_event(order.id, 1, now, "", state, "", evidence=order_evidence(order, row.invoice.total))
    payment = Payment(
        order=order,
        invoice=row.id,
        state=state,
        version=1,
        state_since=now,
        due_at=due_at,
        expires_at=due_at + 10 * MINUTE,
        quoted_total=row.invoice.total,
        chain_head=event.hash,
    )
    key = IdempotencyKey(customer="c1", key=order.id, body_hash="")
    assert await world.store.commit(Plan(payment=payment, expected=0, event=event, key=key))
    return payment


async def stopped(world: World, payment: Payment, reason: str) -> None:
    """The payment ended so, and the bank was never asked for anything."""
    ended = await world.faturat.payments.get("c1", payment.id)
    assert (ended.state, ended.reason) == (PaymentState.CANCELLED, reason)
    assert world.bank.holds == {}
    assert world.biller.pay_calls == []
    assert (await verify(world.faturat)).faults == ()


async def test_an_invoice_that_vanishes_says_when_and_comes_back_as_a_later_version(world: World) -> None:
    contract = await register(world)
    world.biller.invoices["AB12"] = []
    await later(world)
    gone = await row_of(world, contract)
    assert (gone.state, gone.version, gone.read_at) == (InvoiceState.WITHDRAWN, 2, world.clock.now())
    learnt = gone.read_at
    await later(world)
    assert (await row_of(world, contract)).read_at == learnt, "the day on which it was learnt stays"
    world.biller.invoices["AB12"] = [make_invoice()]
    await later(world)
    back = await row_of(world, contract)
    assert (back.state, back.version, back.id) == (InvoiceState.OPEN, 3, gone.id)
    assert world.listener.heard == [], "it was missing from some answers: its customer was told nothing"
    assert (await pay(world, back)).state is PaymentState.PAID


async def test_an_invoice_that_comes_back_after_a_day_is_told_once(world: World) -> None:
    contract = await register(world)
    world.biller.invoices["AB12"] = []
    await later(world)
    await later(world, DAY)
    world.biller.invoices["AB12"] = [make_invoice()]
    await later(world)
    await later(world)
    (notice,) = world.listener.heard
    assert (notice.subject, notice.version) == ((await row_of(world, contract)).id, 3)


async def test_an_invoice_that_turns_paid_is_shown_with_what_the_company_says(world: World) -> None:
    contract = await register(world)
    world.biller.invoices["AB12"] = [make_invoice(total=PRICE - 1, paid_by_order="another-channel-1")]
    await later(world)
    row = await row_of(world, contract)
    assert (row.state, row.invoice.total, row.read_at) == (
        InvoiceState.PAID_ELSEWHERE,
        PRICE - 1,
        world.clock.now(),
    )
    with pytest.raises(FaturatError) as caught:
        await pay(world, row)
    assert caught.value.code == "invoice_not_open"


@pytest.mark.parametrize(
    ("state", "now_listed", "reason"),
    [
        (PaymentState.SCHEDULED, [], "invoice_gone"),
        (PaymentState.CONFIRMING, [], "invoice_gone"),
        (PaymentState.CREATED, [make_invoice(paid_by_order="another-channel-1")], "already_paid"),
        (PaymentState.SCHEDULED, [make_invoice(total=PRICE - 50_000)], "amount_changed"),
        (PaymentState.CREATED, [make_invoice(total=PRICE - 50_000, part=2)], "amount_changed"),
    ],
)
async def test_a_sweep_stops_what_waits_for_an_invoice_that_no_longer_stands(
    world: World, state: PaymentState, now_listed: list[Invoice], reason: str
) -> None:
    payment = await waits(world, await row_of(world, await register(world)), state)
    world.biller.invoices["AB12"] = now_listed
    await sweep(world)
    await stopped(world, payment, reason)


async def test_a_sweep_stops_nothing_that_still_stands(world: World) -> None:
    world.biller.invoices["AB12"].append(make_invoice("F2"))
    contract = await register(world)
    rows = await world.faturat.invoices.of("c1", contract=contract)
    row, other = sorted(rows, key=lambda each: each.invoice.number)
    payment = await waits(world, row, PaymentState.SCHEDULED)
    world.biller.invoices["AB12"] = [make_invoice()]
    await sweep(world)
    assert (await world.faturat.payments.get("c1", payment.id)).state is PaymentState.SCHEDULED
    assert (await world.faturat.invoices.get("c1", other.id)).state is InvoiceState.WITHDRAWN


@pytest.mark.parametrize(
    ("start", "state"),
    [("contract", PaymentState.SCHEDULED), ("contract", PaymentState.CREATED), ("quote", PaymentState.CREATED)],
)
@pytest.mark.parametrize("kind", KINDS)
async def test_what_no_sweep_has_told_is_learnt_before_any_hold_when_the_payment_is_due(
    store: Store, kind: str, start: str, state: PaymentState
) -> None:
    """Where the company is not asked each time, the reading is older than a quarter of an hour."""
    world = await world_of(kind, store)
    row = await row_of(world, await register(world)) if start == "contract" else await quoted(world)
    world.clock.advance(16 * MINUTE)
    payment = await waits(world, row, state)
    await says(world)
    world.clock.advance(DAY if state is PaymentState.SCHEDULED else MINUTE)
    assert await world.faturat.payments.recover() == 1
    await stopped(world, payment, "invoice_gone")


@pytest.mark.parametrize(
    ("now_listed", "reason"), [([], "invoice_gone"), ([make_invoice(total=PRICE - 50_000)], "amount_changed")]
)
@pytest.mark.parametrize("kind", KINDS)
async def test_the_newest_reading_counts_whoever_it_was_for(
    store: Store, kind: str, now_listed: list[Invoice], reason: str
) -> None:
    """A quote is minutes old, and the sweep of another customer's contract has learnt that it no longer stands."""
    world = await world_of(kind, store)
    await register(world, "c2")
    world.clock.advance(10 * MINUTE)
    quote = await quoted(world)
    await says(world, *now_listed)
    world.clock.advance(5 * MINUTE)
    assert await world.faturat.invoices.sweep() == 1
    await stopped(world, await pay(world, quote), reason)


async def test_what_the_newest_file_says_counts_before_any_sweep_has_read_it(store: Store) -> None:
    world = await world_of("files", store)
    quote = await quoted(world)
    await says(world)
    await stopped(world, await pay(world, quote), "invoice_gone")


async def test_a_later_reading_that_says_the_same_costs_no_question(store: Store) -> None:
    world = await world_of("not_live", store)
    await register(world, "c2")
    world.clock.advance(10 * MINUTE)
    quote = await quoted(world)
    world.clock.advance(5 * MINUTE)
    assert await world.faturat.invoices.sweep() == 1
    asked = len(world.biller.bulks)
    assert (await pay(world, quote)).state is PaymentState.PAID
    assert len(world.biller.bulks) == asked


class Slow(FakeBiller):
    """Each answer is of the moment of its question, and arrives when its event in `arrive` is set."""

    arrive: list[asyncio.Event]

    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> dict[Reference, Any]:
        answers = await super().fetch_invoices(references)
        if self.arrive:
            await self.arrive.pop(0).wait()
        return answers


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_of_two_readings_that_cross_the_one_asked_later_counts(store: Store, order: tuple[int, int]) -> None:
    world = World(store=store, biller=Slow())
    world.biller.arrive = []
    contract = await world.faturat.contracts.get("c1", await register(world))
    arrive = [asyncio.Event(), asyncio.Event()]
    world.biller.arrive = list(arrive)
    readings = []
    for listed in ([make_invoice()], []):
        world.clock.advance(MINUTE)
        world.biller.invoices["AB12"] = listed
        waiting = len(world.biller.arrive)
        readings.append(asyncio.create_task(world.faturat.invoices.refresh(contract)))
        while len(world.biller.arrive) == waiting:
            await asyncio.sleep(0)
    for each in order:
        arrive[each].set()
        await readings[each]
    assert (await row_of(world, contract.id)).state is InvoiceState.WITHDRAWN


@pytest.mark.parametrize("kind", ["live", "not_live"])
async def test_what_we_paid_stays_paid_for_everybody_while_the_companys_list_lags(store: Store, kind: str) -> None:
    world = await world_of(kind, store)
    contract = await register(world)
    await register(world, "c2")
    assert (await pay(world, await row_of(world, contract))).state is PaymentState.PAID
    await says(world, make_invoice())
    await later(world)
    await register(world, "c3")
    for customer in ("c1", "c2", "c3"):
        (row,) = await world.faturat.invoices.of(customer)
        assert row.state is InvoiceState.PAID, customer
        quote = await quoted(world, customer)
        assert quote.state is InvoiceState.PAID
        assert await world.faturat.invoices.listed_after_payment([row, quote]) == frozenset()
    with pytest.raises(FaturatError) as caught:
        await pay(world, await quoted(world), "k2")
    assert caught.value.code == "invoice_not_open"
    assert heard(world) == [], "it is not new"
    await says(world)
    await later(world)
    assert (await row_of(world, contract)).state is InvoiceState.PAID, "it left the list because we paid it"


async def test_only_the_remainder_that_the_company_quotes_is_payable_again(world: World) -> None:
    payable = PayRange(100, PRICE)
    world.biller.invoices["AB12"] = [make_invoice(payable=payable)]
    contract = await register(world)
    paid = await world.faturat.payments.pay("c1", (await row_of(world, contract)).id, "savings", 100_000, "k1")
    assert paid.state is PaymentState.PAID
    world.biller.invoices["AB12"] = [make_invoice(payable=payable)]
    await later(world)
    assert (await row_of(world, contract)).state is InvoiceState.PAID
    world.biller.invoices["AB12"] = [make_invoice(total=PRICE - 100_000, part=2)]
    await later(world)
    rest = await row_of(world, contract)
    assert (rest.state, rest.invoice.total) == (InvoiceState.OPEN, PRICE - 100_000)
    assert (await pay(world, rest, "k2")).state is PaymentState.PAID
    world.biller.invoices["AB12"] = [make_invoice(payable=payable)]
    await later(world)
    row = await row_of(world, contract)
    assert (row.state, row.invoice.part) == (InvoiceState.PAID, 2)
    assert world.bank.balances["c1", "savings"] == 25_000_000 - PRICE
    assert heard(world) == []
    assert (await verify(world.faturat)).faults == ()


async def test_a_paid_invoice_that_is_listed_with_another_total_is_shown_so_and_not_payable(world: World) -> None:
    """A correction under the same key, or interest in a list that lags: the company has to say which."""
    contract = await register(world)
    await register(world, "c2")
    await pay(world, await row_of(world, contract))
    world.biller.invoices["AB12"] = [make_invoice(total=PRICE + 5_000)]
    await later(world)
    for customer in ("c1", "c2"):
        (row,) = await world.faturat.invoices.of(customer)
        quote = await quoted(world, customer)
        assert (row.state, row.invoice.total, quote.state) == (InvoiceState.PAID, PRICE + 5_000, InvoiceState.PAID)
        assert await world.faturat.invoices.listed_after_payment([row, quote]) == {row.id, quote.id}
    version = (await row_of(world, contract)).version
    await later(world)
    assert (await row_of(world, contract)).version == version, "the same said again is no change"
    with pytest.raises(FaturatError) as caught:
        await pay(world, await row_of(world, contract), "k2")
    assert caught.value.code == "invoice_not_open"
    assert heard(world) == []


async def test_what_was_read_before_the_payment_is_not_taken_for_a_correction(world: World) -> None:
    """Another customer's row was read before the total rose, and is paid with it all the same."""
    await register(world, "c2")
    world.clock.advance(MINUTE)
    world.biller.invoices["AB12"] = [make_invoice(total=PRICE + 5_000)]
    assert (await pay(world, await quoted(world))).state is PaymentState.PAID
    (row,) = await world.faturat.invoices.of("c2")
    assert (row.state, row.invoice.total) == (InvoiceState.PAID, PRICE)
    assert await world.faturat.invoices.listed_after_payment([row]) == frozenset()


async def test_an_invoice_of_a_removed_contract_whose_payment_came_to_nothing_is_not_listed(world: World) -> None:
    """Nobody reads it any more, so that it would be shown as unpaid for ever."""
    contract = await register(world)
    row = await row_of(world, contract)
    world.biller.script = Script([Fault.NONE, Fault.LOST])
    payment = await pay(world, row)
    assert payment.state is PaymentState.UNKNOWN
    await world.faturat.contracts.remove("c1", contract)
    assert [each.state for each in await world.faturat.invoices.of("c1")] == [InvoiceState.PAYING]
    await later(world)
    assert (await world.faturat.payments.get("c1", payment.id)).state is PaymentState.FAILED
    assert await world.faturat.invoices.of("c1") == []


async def test_an_entry_of_what_we_paid_in_part_is_not_taken_for_a_correction(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice(payable=PayRange(100, PRICE))]
    quote = await quoted(world)
    payment = await world.faturat.payments.pay("c1", quote.id, "savings", 100_000, "k1")
    world.biller.invoices["AB12"] = [make_invoice(total=100_000, paid_by_order=payment.id)]
    world.clock.advance(MINUTE)
    row = await row_of(world, await register(world))
    assert row.state is InvoiceState.PAID
    assert await world.faturat.invoices.listed_after_payment([row]) == frozenset()


class Refusing(FakeBiller):
    """Its list changes between our last question and our order, which it refuses for that."""

    why = Rejection.ALREADY_PAID
    then: tuple[Invoice, ...] = ()

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        self.invoices["AB12"] = list(self.then)
        return Rejected(self.why)


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("why", [Rejection.ALREADY_PAID, Rejection.AMOUNT_CHANGED])
async def test_after_a_refusal_the_customer_sees_at_once_what_the_company_asks_now(
    store: Store, live: bool, why: Rejection
) -> None:
    world = World(store=store, biller=Refusing(capabilities=replace(ABLE, live_quote=live)))
    world.biller.why = why
    contract = await register(world)
    if why is Rejection.AMOUNT_CHANGED:
        world.biller.then = (make_invoice(total=PRICE + 1),)
    payment = await pay(world, await row_of(world, contract))
    assert (payment.state, payment.reason) == (PaymentState.FAILED, why.value)
    assert world.bank.balances["c1", "savings"] == 25_000_000
    row = await row_of(world, contract)
    expected = (InvoiceState.OPEN, PRICE + 1) if world.biller.then else (InvoiceState.WITHDRAWN, PRICE)
    assert (row.state, row.invoice.total) == expected
