"""What every store does: one suite, run on the memory store and on PostgreSQL."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from store_rows import NOW, SECOND, contract, created, delivery, invoice, known, moved, notice, ranged

from faturat.autopay.types import Autopay, Terms
from faturat.billers import Reference
from faturat.invoices.types import InvoiceState
from faturat.payments.states import OCCUPYING, TRANSITIONS
from faturat.payments.types import IdempotencyKey, Payment, PaymentState, Receipt
from faturat.store.port import Duplicate, KeyTaken, Occupied, Reading, Store

LATER = NOW + 60 * SECOND
KEY = IdempotencyKey(customer="c1", key="k-1", body_hash="b-1")

shared_store = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


async def begin(store: Store, payment_id: str = "pay_1", **changes: object) -> Payment:
    plan = created(payment_id, **changes)
    assert await store.commit(plan)
    return plan.payment


async def advance(
    store: Store, payment: Payment, state: PaymentState, becomes: InvoiceState | None = None, **changes: object
) -> Payment:
    plan = moved(payment, state, becomes, **changes)
    assert await store.commit(plan)
    return plan.payment


async def state_of(store: Store, invoice_id: str) -> tuple[InvoiceState, int]:
    row = await store.invoice(invoice_id)
    assert row is not None
    return row.state, row.version


# contracts


async def test_a_contract_comes_back_as_it_was_stored_with_its_invoices(store: Store) -> None:
    mine = contract(checked_at=NOW, failures=3)
    rows = [known("inv_1", mine, "a"), known("inv_2", mine, invoice=ranged("b", part=2))]
    await store.add_contract(mine, rows)
    assert await store.contract("con_1") == mine
    assert await store.known_invoices(["con_1", "con_2"]) == rows
    assert await store.invoice("inv_2") == rows[1]
    assert await store.contract("con_2") is None
    assert await store.invoice("inv_3") is None
    assert await store.known_invoices([]) == []


async def test_a_reference_is_registered_once_by_a_customer_and_leaves_nothing_when_refused(store: Store) -> None:
    mine = contract()
    await store.add_contract(mine, [])
    again = contract("con_2", reference=Reference("contract", dict(reversed(mine.reference.values.items()))))
    with pytest.raises(Duplicate):
        await store.add_contract(again, [known("inv_9", again)])
    assert await store.contract("con_2") is None
    assert await store.invoice("inv_9") is None
    await store.add_contract(replace(again, customer="c2"), [])
    await store.add_contract(replace(again, id="con_3", biller="ukt"), [])
    assert await store.count_contracts("c1") == 2


async def test_the_same_registration_at_once_is_stored_once(store: Store) -> None:
    same = contract().reference
    tries = [store.add_contract(contract(f"con_{n}", reference=same), []) for n in range(12)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert Counter(type(outcome) for outcome in outcomes) == {type(None): 1, Duplicate: 11}
    assert await store.count_contracts("c1") == 1


async def test_contracts_are_listed_by_id_a_page_at_a_time(store: Store) -> None:
    for n in (3, 1, 2):
        await store.add_contract(contract(f"con_{n}"), [])
    await store.add_contract(contract("con_0", customer="c2"), [])
    assert [row.id for row in await store.contracts("c1")] == ["con_1", "con_2", "con_3"]
    assert [row.id for row in await store.contracts("c1", limit=2)] == ["con_1", "con_2"]
    assert [row.id for row in await store.contracts("c1", after="con_2")] == ["con_3"]


async def test_a_removed_contract_is_gone_and_may_be_registered_again(store: Store) -> None:
    mine = contract()
    states = [InvoiceState.OPEN, InvoiceState.PAID, InvoiceState.PAYING, InvoiceState.WITHDRAWN]
    await store.add_contract(mine, [known(f"inv_{s}", mine, s.value, state=s) for s in states])
    assert await store.remove_contract("con_1", NOW)
    assert not await store.remove_contract("con_1", NOW)
    assert not await store.rename_contract("con_1", "x")
    assert await store.contract("con_1") is None
    assert await store.contracts("c1") == []
    assert await store.count_contracts("c1") == 0
    assert await store.claim_contracts(LATER, LATER + SECOND, 10) == []
    assert {row.state for row in await store.invoices("c1")} == {InvoiceState.PAID, InvoiceState.PAYING}
    assert not await store.commit_reading(Reading(contract=replace(mine, version=2)))
    await store.add_contract(replace(mine, id="con_2"), [])
    assert await store.count_contracts("c1") == 1


async def test_a_removed_contract_is_restored_unless_it_was_registered_again(store: Store) -> None:
    mine = contract(checked_at=NOW)
    await store.add_contract(mine, [known("inv_1", mine), known("inv_2", mine, "paid", state=InvoiceState.PAID)])
    assert await store.removed_contract("con_1") is None
    assert not await store.restore_contract("con_1", LATER)
    await store.remove_contract("con_1", NOW)
    assert await store.removed_contract("con_1") == (mine, NOW)
    assert await store.restore_contract("con_1", LATER)
    assert await store.contracts("c1") == [replace(mine, version=2, checked_at=None, due_at=LATER)]
    assert [row.id for row in await store.invoices("c1")] == ["inv_2"], "what is unpaid is read again"
    assert not await store.commit_reading(Reading(contract=replace(mine, version=2))), "it was asked before the removal"
    await store.remove_contract("con_1", NOW)
    await store.add_contract(replace(mine, id="con_2"), [])
    with pytest.raises(Duplicate):
        await store.restore_contract("con_1", LATER)
    assert [row.id for row in await store.contracts("c1")] == ["con_2"]


async def test_what_a_payment_was_of_is_kept_without_its_contract(store: Store) -> None:
    """Its receipt says what it was; no list has it."""
    mine = contract()
    await store.add_contract(mine, [known("inv_1", mine), known("inv_2", mine, "never")])
    assert await store.commit(created())
    assert [row.state for row in await store.invoices("c1")] == [InvoiceState.OPEN] * 2
    await store.remove_contract("con_1", NOW)
    assert await store.invoices("c1") == []
    assert await store.invoice("inv_2") is None
    assert await store.invoice("inv_1") == replace(known("inv_1", mine), contract=None)
    assert await store.purge_quotes(NOW + 3600 * SECOND) == 0
    assert await store.restore_contract("con_1", NOW)
    assert await store.invoices("c1") == [], "what is unpaid is read again"


async def test_autopay_is_looked_at_as_soon_as_its_contract_is_taken_back(store: Store) -> None:
    for n, due in ((1, LATER), (2, None)):
        await store.add_contract(contract(f"con_{n}"), [])
        terms = Terms(account="a", most_per_invoice=1, most_per_month=1, days_before=0)
        made = Autopay(contract=f"con_{n}", customer="c1", terms=terms, version=1, changed_at=NOW, due_at=due)
        assert await store.save_autopay(made)
        await store.remove_contract(f"con_{n}", NOW)
        await store.restore_contract(f"con_{n}", NOW + SECOND)
    found = [await store.autopay(f"con_{n}") for n in (1, 2)]
    assert [None if each is None else each.due_at for each in found] == [NOW + SECOND, None]


async def test_the_contracts_that_a_customer_removed_since_a_moment(store: Store) -> None:
    mine = [contract(f"con_{n}") for n in range(4)]
    for each in [*mine, contract("con_9", customer="c2")]:
        await store.add_contract(each, [])
    for number, when in ((2, NOW), (1, LATER), (0, NOW - SECOND)):
        await store.remove_contract(f"con_{number}", when)
    await store.remove_contract("con_9", NOW)
    assert await store.removed_contracts("c1", NOW) == [(mine[1], LATER), (mine[2], NOW)]
    assert await store.removed_contracts("c1", LATER + SECOND) == []
    await store.restore_contract("con_1", LATER)
    assert await store.removed_contracts("c1", NOW) == [(mine[2], NOW)]


async def test_a_name_given_during_a_reading_stays(store: Store) -> None:
    mine = contract()
    await store.add_contract(mine, [])
    assert await store.rename_contract("con_1", "Zyra")
    assert await store.commit_reading(
        Reading(contract=replace(mine, version=2, checked_at=LATER, due_at=LATER, subscriber="Test T."))
    )
    after = await store.contract("con_1")
    assert after == replace(mine, version=2, checked_at=LATER, due_at=LATER, subscriber="Test T.", name="Zyra")


async def test_claimed_contracts_are_the_longest_due_in_order_of_their_biller(store: Store) -> None:
    for n, biller in enumerate(["ukt", "oshee", "ukt", "oshee", "oshee"]):
        await store.add_contract(contract(f"con_{n}", biller=biller, due_at=NOW + n * SECOND), [])
    claimed = await store.claim_contracts(NOW + 3 * SECOND, LATER, 3)
    assert [(row.biller, row.id) for row in claimed] == [("oshee", "con_1"), ("ukt", "con_0"), ("ukt", "con_2")]
    assert all(row.due_at == LATER and row.version == 1 for row in claimed)
    assert [row.id for row in await store.claim_contracts(NOW + 3 * SECOND, LATER, 3)] == ["con_3"]


# invoices and readings


async def test_invoices_are_listed_without_quotes_by_contract_and_state(store: Store) -> None:
    one, two = contract("con_1"), contract("con_2")
    await store.add_contract(one, [known("inv_1", one, "a"), known("inv_2", one, "b", state=InvoiceState.PAID)])
    await store.add_contract(two, [known("inv_3", two, "c")])
    await store.add_quotes([known("inv_4", key="d"), known("inv_5", key="e")])
    await store.add_quotes([])

    async def ids(**by: object) -> list[str]:
        return [row.id for row in await store.invoices("c1", **by)]

    assert await ids() == ["inv_1", "inv_2", "inv_3"]
    assert await ids(contract="con_1") == ["inv_1", "inv_2"]
    assert await ids(states=[InvoiceState.OPEN]) == ["inv_1", "inv_3"]
    assert await ids(contract="con_1", states=[InvoiceState.PAID, InvoiceState.PAYING]) == ["inv_2"]
    assert await ids(after="inv_1", limit=1) == ["inv_2"]
    assert await store.invoices("c2") == []
    assert await store.invoice("inv_4") == known("inv_4", key="d")


async def test_a_reading_is_stored_whole(store: Store) -> None:
    mine = contract()
    old = known("inv_1", mine, "a")
    await store.add_contract(mine, [old, known("inv_2", mine, "b")])
    changed = replace(old, invoice=invoice("a", total=180000, part=2), version=2, read_at=LATER)
    new = known("inv_3", mine, "c")
    reading = Reading(
        contract=replace(mine, version=2),
        new=(new,),
        changed=(changed,),
        notices=(notice("not_1", "inv_3"), notice("not_2", "inv_1", 2)),
        deliveries=(delivery("del_1", "not_1"), delivery("del_2", "inv_1", hook="invoice_changed", version=2)),
    )
    assert await store.commit_reading(reading)
    assert await store.known_invoices(["con_1"]) == [changed, known("inv_2", mine, "b"), new]
    assert await store.notices("c1") == [reading.notices[1], reading.notices[0]]
    assert await store.notices("c1", before="not_2") == [reading.notices[0]]
    assert await store.notices("c1", limit=1) == [reading.notices[1]]
    assert await store.notice("not_1") == reading.notices[0]
    assert await store.notice("not_9") is None
    assert len(await store.claim_deliveries(NOW, LATER, 10)) == 2


async def test_a_reading_of_a_contract_that_moved_leaves_nothing(store: Store) -> None:
    mine = contract()
    await store.add_contract(mine, [known("inv_1", mine, "a")])
    assert await store.commit_reading(Reading(contract=replace(mine, version=2)))
    late = Reading(
        contract=replace(mine, version=2, failures=9),
        new=(known("inv_2", mine, "b"),),
        changed=(known("inv_1", mine, "a", state=InvoiceState.WITHDRAWN, version=2),),
        notices=(notice("not_1", "inv_2"),),
        deliveries=(delivery("del_1", "not_1"), delivery("del_2", "inv_2")),
    )
    assert not await store.commit_reading(late)
    assert await store.contract("con_1") == replace(mine, version=2)
    assert await store.known_invoices(["con_1"]) == [known("inv_1", mine, "a")]
    assert await store.notices("c1") == []
    assert await store.claim_deliveries(LATER, LATER, 10) == []


async def test_equal_readings_at_once_are_stored_once(store: Store) -> None:
    mine = contract()
    await store.add_contract(mine, [])
    readings = [
        Reading(
            contract=replace(mine, version=2),
            new=(known(f"inv_{n}", mine, "a"),),
            notices=(notice(f"not_{n}", f"inv_{n}"),),
            deliveries=(delivery(f"del_{n}", f"not_{n}"),),
        )
        for n in range(10)
    ]
    assert (await asyncio.gather(*map(store.commit_reading, readings))).count(True) == 1
    assert len(await store.known_invoices(["con_1"])) == 1
    assert len(await store.notices("c1")) == 1
    assert len(await store.claim_deliveries(NOW, LATER, 10)) == 1


async def test_a_payment_that_moved_an_invoice_beats_a_reading(store: Store) -> None:
    mine = contract()
    await store.add_contract(mine, [known("inv_1", mine), known("inv_2", mine, "other")])
    await advance(store, await begin(store), PaymentState.HOLDING, InvoiceState.PAYING)
    reading = Reading(
        contract=replace(mine, version=2),
        changed=(
            known("inv_1", mine, state=InvoiceState.WITHDRAWN, version=2),
            known("inv_2", mine, "other", state=InvoiceState.WITHDRAWN, version=2),
        ),
        notices=(notice("not_1", "inv_1", 2), notice("not_2", "inv_2", 2)),
        deliveries=tuple(delivery(f"del_{s}", s, version=2) for s in ("not_1", "not_2", "inv_1", "inv_2")),
    )
    assert not await store.commit_reading(reading), "it would vouch for an invoice that it does not fit"
    assert await state_of(store, "inv_1") == (InvoiceState.PAYING, 2)
    assert await state_of(store, "inv_2") == (InvoiceState.OPEN, 1)
    assert await store.contract("con_1") == mine
    assert await store.notices("c1") == []
    assert await store.claim_deliveries(NOW, LATER, 10) == []


async def test_a_notice_is_stored_once_for_one_event_of_one_version(store: Store) -> None:
    mine = contract()
    await store.add_contract(mine, [])
    first = Reading(
        contract=replace(mine, version=2),
        new=(known("inv_1", mine), known("inv_1b", mine)),
        notices=(notice("not_1"), notice("not_2"), notice("not_3", customer="c2")),
        deliveries=(delivery("del_1", "not_1"), delivery("del_2", "not_2"), delivery("del_3", "not_1")),
    )
    assert await store.commit_reading(first)
    assert [row.id for row in await store.known_invoices(["con_1"])] == ["inv_1"]
    [told] = await store.notices("c1")
    assert [row.id for row in await store.notices("c2")] == ["not_3"]
    assert [row.subject for row in await store.claim_deliveries(NOW, LATER, 10)] == [told.id]


async def test_quotes_that_nobody_pays_are_purged(store: Store) -> None:
    mine = contract()
    await store.add_contract(mine, [known("inv_0", mine, "a", read_at=NOW - SECOND)])
    old = {"read_at": NOW - SECOND}
    await store.add_quotes([known("inv_1", key="b", **old), known("inv_2", key="c", **old), known("inv_3", key="d")])
    await begin(store)  # from inv_1
    assert await store.purge_quotes(NOW) == 1
    assert [await store.invoice(f"inv_{n}") is None for n in range(4)] == [False, False, True, False]
    assert await store.purge_quotes(NOW) == 0


# payments


async def test_a_payment_comes_back_as_it_was_stored(store: Store) -> None:
    payment = await begin(store, fee=50, part=2)
    assert await store.payment("pay_1") == payment
    plan = moved(
        payment,
        PaymentState.SETTLED,
        due_at=None,
        expires_at=LATER,
        state_since=LATER,
        reason="amount_changed",
        reason_amount=180000,
        hold_expires_at=LATER,
        submitted_at=NOW,
        asked=4,
        receipt=Receipt("R-1", NOW, 170740),
    )
    assert await store.commit(plan)
    assert await store.payment("pay_1") == plan.payment
    assert await store.payment("pay_2") is None
    assert await store.payment_events("pay_1") == [created(fee=50, part=2).event, plan.event]
    assert await store.payment_events("pay_2") == []


async def test_a_plan_for_another_version_is_refused_and_leaves_nothing(store: Store) -> None:
    await store.add_quotes([known("inv_1")])
    payment = await begin(store, key=KEY)
    owed = (delivery("del_1", "pay_1", hook="payment_changed"),)
    assert not await store.commit(created(deliveries=owed))
    assert not await store.commit(created(key=KEY))
    stale = replace(payment, version=7)
    assert not await store.commit(moved(stale, PaymentState.HOLDING, InvoiceState.PAYING, deliveries=owed))
    absent = created("pay_9").payment
    assert not await store.commit(moved(absent, PaymentState.HOLDING, InvoiceState.PAYING, deliveries=owed))
    assert await store.payment("pay_1") == payment
    assert await store.payment("pay_9") is None
    assert len(await store.payment_events("pay_1")) == 1
    assert await state_of(store, "inv_1") == (InvoiceState.OPEN, 1)
    assert await store.claim_deliveries(LATER, LATER, 10) == []


async def test_of_many_equal_commits_one_wins(store: Store) -> None:
    begun = await asyncio.gather(*(store.commit(created(key=KEY)) for _ in range(16)), return_exceptions=True)
    assert begun.count(True) == 1
    assert all(outcome in (True, False) for outcome in begun)
    payment = created().payment
    for state in (PaymentState.HOLDING, PaymentState.HELD, PaymentState.SUBMITTING):
        plan = moved(payment, state)
        assert (await asyncio.gather(*(store.commit(plan) for _ in range(16)))).count(True) == 1
        payment = plan.payment
    assert await store.payment("pay_1") == payment
    assert [event.version for event in await store.payment_events("pay_1")] == [1, 2, 3, 4]


@pytest.mark.parametrize("state", sorted(TRANSITIONS))
async def test_a_payment_occupies_its_invoice_while_live_or_paid(store: Store, state: PaymentState) -> None:
    await store.add_quotes([known("inv_1")])
    first = await advance(store, await begin(store), state)
    second = await begin(store, "pay_2", customer="c2")
    plan = moved(second, PaymentState.HOLDING, InvoiceState.PAYING, deliveries=(delivery(),))
    if state not in OCCUPYING:
        assert await store.commit(plan)
        return
    with pytest.raises(Occupied):
        await store.commit(plan)
    assert await store.payment("pay_2") == second
    assert len(await store.payment_events("pay_2")) == 1
    assert await state_of(store, "inv_1") == (InvoiceState.OPEN, 1)
    assert await store.claim_deliveries(LATER, LATER, 10) == []
    assert await store.occupied("oshee", ["2018-07", "x"]) == {("2018-07", 1): first}


async def test_another_key_or_biller_is_free(store: Store) -> None:
    others: list[dict[str, object]] = [{}, {"invoice_key": "x"}, {"biller": "other"}]
    for n, other in enumerate(others):
        await advance(store, await begin(store, f"pay_{n}", **other), PaymentState.HOLDING)
    found = await store.occupied("oshee", ["2018-07", "x"])
    assert {place: row.id for place, row in found.items()} == {("2018-07", 1): "pay_0", ("x", 1): "pay_1"}
    assert await store.occupied("oshee", []) == {}


async def test_another_part_is_free_once_the_first_is_paid_and_not_while_it_is_live(store: Store) -> None:
    first = await advance(store, await begin(store, "pay_1"), PaymentState.HOLDING)
    second = await begin(store, "pay_2", part=2)
    with pytest.raises(Occupied):
        await advance(store, second, PaymentState.HOLDING)
    await advance(store, first, PaymentState.PAID)
    await advance(store, second, PaymentState.HOLDING)
    found = await store.occupied("oshee", ["2018-07"])
    assert {place: row.id for place, row in found.items()} == {("2018-07", 1): "pay_1", ("2018-07", 2): "pay_2"}


async def test_of_many_payments_of_one_invoice_one_holds(store: Store) -> None:
    payments = [await begin(store, f"pay_{n}", customer=f"c{n}") for n in range(12)]
    plans = [moved(payment, PaymentState.HOLDING) for payment in payments]
    outcomes = await asyncio.gather(*map(store.commit, plans), return_exceptions=True)
    assert Counter(map(repr, outcomes)) == {"True": 1, "Occupied()": 11}


async def test_a_freed_invoice_may_be_paid_again(store: Store) -> None:
    payment = await begin(store)
    for state in (PaymentState.HOLDING, PaymentState.RELEASING, PaymentState.FAILED):
        payment = await advance(store, payment, state)
    await advance(store, await begin(store, "pay_2"), PaymentState.HOLDING)
    assert {row.id for row in (await store.occupied("oshee", ["2018-07"])).values()} == {"pay_2"}


async def test_one_key_one_payment(store: Store) -> None:
    await begin(store, key=KEY)
    with pytest.raises(KeyTaken):
        await store.commit(created("pay_2", key=replace(KEY, body_hash="b-2"), deliveries=(delivery(),)))
    assert await store.payment("pay_2") is None
    assert await store.payment_events("pay_2") == []
    assert await store.claim_deliveries(LATER, LATER, 10) == []
    payment = await advance(store, created().payment, PaymentState.HOLDING)
    assert await store.payment_by_key("c1", "k-1") == (KEY, payment)
    assert await store.payment_by_key("c1", "k-2") is None
    assert await store.payment_by_key("c2", "k-1") is None
    await begin(store, "pay_3", key=replace(KEY, customer="c2"), customer="c2")


async def test_one_key_at_once_makes_one_payment(store: Store) -> None:
    plans = [created(f"pay_{n}", key=KEY, invoice_key=str(n)) for n in range(12)]
    outcomes = await asyncio.gather(*map(store.commit, plans), return_exceptions=True)
    assert Counter(map(repr, outcomes)) == {"True": 1, "KeyTaken()": 11}
    assert len(await store.payments("c1")) == 1


async def test_a_payment_moves_every_row_of_its_invoice_and_no_other(store: Store) -> None:
    ana, beni = contract("con_1"), contract("con_2", customer="c2")
    await store.add_contract(ana, [known("inv_1", ana), known("inv_2", ana, "other")])
    await store.add_contract(beni, [known("inv_3", beni)])
    await store.add_quotes([known("inv_4"), known("inv_5", invoice=invoice(part=2)), known("inv_6", biller="ukt")])
    payment = await advance(store, await begin(store), PaymentState.HOLDING, InvoiceState.PAYING)
    for row in ("inv_1", "inv_3", "inv_4"):
        assert await state_of(store, row) == (InvoiceState.PAYING, 2)
    for row in ("inv_2", "inv_5", "inv_6"):
        assert await state_of(store, row) == (InvoiceState.OPEN, 1)
    payment = await advance(store, payment, PaymentState.HELD, InvoiceState.PAYING)
    payment = await advance(store, payment, PaymentState.SUBMITTING)
    assert await state_of(store, "inv_1") == (InvoiceState.PAYING, 2)  # no change of state, no new version


@pytest.mark.parametrize("before", sorted(InvoiceState))
@pytest.mark.parametrize("becomes", [InvoiceState.OPEN, InvoiceState.PAYING, InvoiceState.PAID])
async def test_only_paid_is_final_for_an_invoice(store: Store, before: InvoiceState, becomes: InvoiceState) -> None:
    await store.add_quotes([known("inv_1", state=before)])
    await advance(store, await begin(store), PaymentState.HOLDING, becomes)
    payable = before in (InvoiceState.OPEN, InvoiceState.PAYING)
    moves = before is not becomes and (payable or becomes is InvoiceState.PAID)
    assert await state_of(store, "inv_1") == ((becomes, 2) if moves else (before, 1))


async def test_due_payments_are_claimed_oldest_first_and_keep_their_version(store: Store) -> None:
    payments = [await begin(store, f"pay_{n}", invoice_key=str(n)) for n in range(4)]
    payments[0] = await advance(store, payments[0], PaymentState.HOLDING, due_at=NOW + 2 * SECOND)
    payments[1] = await advance(store, payments[1], PaymentState.HOLDING, due_at=NOW + SECOND)
    payments[2] = await advance(store, payments[2], PaymentState.HOLDING, due_at=None)
    payments[3] = await advance(store, payments[3], PaymentState.HOLDING, due_at=NOW + 9 * SECOND)
    [claimed] = await store.claim_payments(NOW + 3 * SECOND, LATER, 1)
    assert claimed == replace(payments[1], due_at=LATER)
    assert await store.payment("pay_1") == claimed
    assert [row.id for row in await store.claim_payments(NOW + 3 * SECOND, LATER, 9)] == ["pay_0"]
    # whoever drove it before the claim may go on: a lease only saves work
    assert await store.commit(moved(payments[1], PaymentState.HELD))


async def test_all_payments_are_read_with_their_events(store: Store) -> None:
    for n in range(3):
        payment = await begin(store, f"pay_{n}", invoice_key=str(n))
        for state in (PaymentState.HOLDING, PaymentState.HELD)[:n]:
            payment = await advance(store, payment, state)
    found = [(payment, events) async for payment, events in store.all_payments()]
    assert [payment.id for payment, _ in found] == ["pay_0", "pay_1", "pay_2"]
    for payment, events in found:
        assert [event.version for event in events] == list(range(1, payment.version + 1))
        assert events[-1].hash == payment.chain_head


# claims and the outbox


async def test_no_two_claimers_get_the_same_row(store: Store) -> None:
    for n in range(40):
        await begin(store, f"pay_{n:02}", invoice_key=str(n), deliveries=(delivery(f"del_{n}", f"pay_{n}"),))
        await store.add_contract(contract(f"con_{n:02}"), [])
    for claim in (store.claim_payments, store.claim_contracts, store.claim_deliveries):
        rounds = await asyncio.gather(*(claim(NOW, LATER, 7) for _ in range(12)))
        ids = [row.id for rows in rounds for row in rows]
        assert len(ids) == len(set(ids))
        ids += [row.id for row in await claim(NOW, LATER, 100)]
        assert len(ids) == len(set(ids)) == 40


async def test_a_delivery_is_owed_once(store: Store) -> None:
    owed = delivery("del_1", "pay_1")
    payment = await begin(store, deliveries=(owed, replace(owed, id="del_2")))
    await advance(store, payment, PaymentState.HOLDING, deliveries=(replace(owed, id="del_3"),))
    assert await store.claim_deliveries(NOW, LATER, 10) == [replace(owed, due_at=LATER)]


async def test_a_delivery_is_tried_until_done_or_given_up(store: Store) -> None:
    owed = [delivery(f"del_{n}", f"s{n}", deadline=NOW + n * SECOND) for n in range(3)]
    await begin(store, deliveries=tuple(owed))
    assert [row.id for row in await store.overdue_deliveries(NOW + 9 * SECOND)] == ["del_0", "del_1", "del_2"]
    assert [row.id for row in await store.overdue_deliveries(NOW + SECOND)] == ["del_0"]
    await store.delivery_failed("del_0", LATER)
    await store.delivery_failed("del_1", None)
    await store.delivery_done("del_2", NOW)
    await store.delivery_failed("del_2", NOW)  # another worker, too late
    assert await store.claim_deliveries(NOW, LATER, 10) == []
    [again] = await store.claim_deliveries(LATER, LATER + SECOND, 10)
    assert again == replace(owed[0], due_at=LATER + SECOND, attempts=1)
    assert [row.id for row in await store.overdue_deliveries(LATER)] == ["del_0"]


# whatever the values


texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40)
moments = st.datetimes(
    datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01"), timezones=st.timezones()
)


@shared_store
@given(name=texts, values=st.dictionaries(texts, texts, max_size=4), at=moments, due=moments)
async def test_any_text_and_moment_comes_back(
    store: Store, name: str, values: dict[str, str], at: datetime, due: datetime
) -> None:
    mine = contract(
        f"con_{uuid4()}",
        customer=str(uuid4()),
        name=name,
        subscriber=name,
        reference=Reference("k", values),
        created_at=at,
        due_at=due,
        checked_at=at,
    )
    await store.add_contract(mine, [])
    found = await store.contract(mine.id)
    assert found is not None
    # compared in one zone: in another, the hour that a clock repeats equals nothing
    assert found.due_at.astimezone(UTC) == due.astimezone(UTC)
    assert replace(found, created_at=at, due_at=due, checked_at=at) == mine


# nothing comes back to scheduled, of which an invoice has one: see test_store_scheduled
ANY_STATE = st.sampled_from(sorted(TRANSITIONS.keys() - {PaymentState.SCHEDULED}))


@shared_store
@given(st.lists(st.tuples(st.integers(0, 2), ANY_STATE, st.booleans()), max_size=25))
async def test_any_sequence_of_commits_keeps_one_live_payment(
    store: Store, steps: list[tuple[int, PaymentState, bool]]
) -> None:
    run = str(uuid4())
    payments: dict[str, Payment] = {}
    for number, state, stale in steps:
        payment_id = f"pay_{run}_{number}"
        now = payments.get(payment_id)
        if now is None:
            payments[payment_id] = await begin(store, payment_id, invoice_key=run)
            continue
        plan = moved(replace(now, version=now.version + 1) if stale else now, state)
        if stale:
            assert not await store.commit(plan)
        elif state in OCCUPYING and any(row.state in OCCUPYING and row is not now for row in payments.values()):
            with pytest.raises(Occupied):
                await store.commit(plan)
        else:
            assert await store.commit(plan)
            payments[payment_id] = plan.payment
    for payment_id, payment in payments.items():
        assert await store.payment(payment_id) == payment
        assert len(await store.payment_events(payment_id)) == payment.version
    live = [row for row in payments.values() if row.state in OCCUPYING]
    assert list((await store.occupied("oshee", [run])).values()) == live


async def test_moments_keep_their_microseconds_and_zone(store: Store) -> None:
    east = NOW.astimezone(timezone(timedelta(hours=5, minutes=45)))
    await store.add_contract(contract(due_at=east, created_at=east + timedelta(microseconds=1)), [])
    found = await store.contract("con_1")
    assert found is not None
    assert (found.due_at, found.created_at) == (NOW, NOW + timedelta(microseconds=1))
