"""Autopay on both stores: its row moves by one version at a time, and so does what it schedules."""

import asyncio

import pytest
from msgspec.structs import replace
from store_rows import NOW, SECOND, contract, created

from faturat.autopay.types import Autopay, Terms
from faturat.payments.types import IdempotencyKey, PaymentState, Plan
from faturat.store.port import KeyTaken, Store

TERMS = Terms(account="a", most_per_invoice=200_000, most_per_month=10**12, days_before=3)
SEEN = (("K1", 170740), ('ë"', 1))
FIRST = Autopay(contract="con_1", customer="c1", terms=TERMS, version=1, changed_at=NOW, due_at=NOW, seen=SEEN)


async def begin(store: Store) -> None:
    await store.add_contract(contract(), [])
    assert await store.save_autopay(FIRST)


def plan(payment_id: str, invoice: str, version: int, key: str = "") -> Plan:
    made = created(payment_id, invoice_key=invoice, key=IdempotencyKey(customer="c1", key=key or invoice, body_hash=""))
    payment = replace(made.payment, state=PaymentState.SCHEDULED, invoice=invoice, autopay="con_1")
    return replace(made, payment=payment, event=replace(made.event, after="scheduled"), autopay_version=version)


async def test_a_change_is_stored_one_version_above_or_not_at_all(store: Store) -> None:
    await begin(store)
    assert await store.autopay("con_1") == FIRST
    assert await store.autopay("con_2") is None
    assert not await store.save_autopay(replace(FIRST, changed_at=NOW + SECOND))
    assert not await store.save_autopay(replace(FIRST, version=3))
    stopped = replace(FIRST, version=2, due_at=None, terms=replace(TERMS, days_before=0), changed_at=NOW + SECOND)
    assert await store.save_autopay(stopped)
    assert await store.autopay("con_1") == stopped
    assert await store.claim_autopays(NOW + SECOND, NOW + 2 * SECOND, 10) == []


async def test_one_that_is_due_is_claimed_once(store: Store) -> None:
    await begin(store)
    assert await store.claim_autopays(NOW - SECOND, NOW, 10) == []
    until = NOW + 60 * SECOND
    assert await store.claim_autopays(NOW, until, 10) == [replace(FIRST, due_at=until)]
    assert await store.claim_autopays(NOW, until, 10) == []
    assert len(await store.claim_autopays(until, until + SECOND, 10)) == 1


async def test_what_it_schedules_is_stored_at_the_version_that_was_read(store: Store) -> None:
    await begin(store)
    assert not await store.commit(plan("pay_1", "inv_1", 2))
    assert await store.payment("pay_1") is None
    assert await store.payment_by_key("c1", "inv_1") is None
    first = plan("pay_1", "inv_1", 1)
    assert await store.commit(first)
    assert await store.payment("pay_1") == first.payment
    assert not await store.commit(plan("pay_2", "inv_2", 1)), "it was planned without knowing of the first"
    assert await store.commit(plan("pay_2", "inv_2", 2))
    with pytest.raises(KeyTaken):
        await store.commit(plan("pay_3", "inv_3", 3, key="inv_1"))
    assert await store.autopay("con_1") == replace(FIRST, version=3), "what was refused leaves the version"
    assert [payment.id for payment in await store.autopay_payments("con_1", 10)] == ["pay_2", "pay_1"]
    assert [payment.id for payment in await store.autopay_payments("con_1", 1)] == ["pay_2"]
    assert await store.autopay_payments("con_2", 10) == []
    assert await store.save_autopay(replace(FIRST, version=4, due_at=None))
    assert not await store.commit(plan("pay_4", "inv_4", 4)), "it is stopped"


async def test_of_many_at_once_one_is_stored(store: Store) -> None:
    await begin(store)
    stored = await asyncio.gather(*(store.commit(plan(f"pay_{n}", f"inv_{n}", 1)) for n in range(8)))
    assert sum(stored) == 1
    assert len(await store.autopay_payments("con_1", 10)) == 1
