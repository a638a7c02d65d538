"""Notices that no reading brings: with a payment's step, and of what has come due; the same in both stores."""

import asyncio
from datetime import date, timedelta

from msgspec.structs import replace
from store_rows import NOW, contract, created, delivery, invoice, known, moved, notice

from faturat.invoices.types import InvoiceState
from faturat.notices.types import Named, NoticeEvent
from faturat.payments.types import PaymentState
from faturat.store.port import Store

DAY = timedelta(days=1)
DUE = date(2018, 8, 31)


async def test_a_payments_notice_is_stored_with_its_step_and_once(store: Store) -> None:
    plan = created("pay_1")
    first = notice("not_1", "pay_1", event=NoticeEvent.PAYMENT_DELAYED)
    told = replace(plan, notices=(first,), deliveries=(delivery("del_1", "not_1"),))
    assert await store.commit(told)
    again = moved(plan.payment, PaymentState.HOLDING)
    twice = replace(
        again,
        notices=(replace(first, id="not_2"), notice("not_3", "pay_1", event=NoticeEvent.PAYMENT_REVIEW)),
        deliveries=tuple(delivery(f"del_{n}", f"not_{n}") for n in (2, 3)),
    )
    assert await store.commit(twice)
    assert not await store.commit(replace(twice, notices=(notice("not_4", "pay_4"),))), "it has moved"
    assert [row.id for row in await store.notices("c1")] == ["not_3", "not_1"]
    owed = await store.claim_deliveries(NOW + DAY, NOW + 2 * DAY, 10)
    assert sorted(row.subject for row in owed) == ["not_1", "not_3"]


async def test_what_is_due_or_gone_and_was_not_told(store: Store) -> None:
    mine, theirs = contract("con_1"), contract("con_2", customer="c2")
    gone = known("inv_4", mine, "d", state=InvoiceState.PAID_ELSEWHERE, version=2)
    rows = [
        known("inv_1", mine, "a"),
        known("inv_2", mine, "b", state=InvoiceState.PAID),
        known("inv_3", mine, "c", invoice=invoice("c", due_on=None)),
        gone,
        known("inv_5", mine, "e", state=InvoiceState.WITHDRAWN),
    ]
    await store.add_contract(mine, rows)
    await store.add_contract(theirs, [known("inv_6", theirs, "a")])
    await store.remove_contract("con_2", NOW)
    days = [DUE - 3 * DAY, DUE - 2 * DAY, DUE]
    assert await store.invoices_due(days, NOW + DAY, 10) == [(rows[0], "Shtëpia")]
    assert await store.invoices_due(days, NOW, 10) == [], "read too late"
    assert await store.invoices_due(days[:2], NOW + DAY, 10) == []
    assert await store.invoices_gone(NOW - DAY, NOW + DAY, 10) == [(gone, "Shtëpia")], "a contract's history is not"
    assert await store.invoices_gone(NOW + DAY, NOW + 2 * DAY, 10) == []

    reminder = notice("not_1", "inv_1", 4, event=NoticeEvent.INVOICE_DUE)
    farewell = notice("not_2", "inv_4", 2, event=NoticeEvent.INVOICE_WITHDRAWN)
    owed = (delivery("del_1", "not_1"), delivery("del_2", "not_2"))
    made = await asyncio.gather(*(store.add_notices([reminder, farewell], owed) for _ in range(5)))
    assert sorted(made) == [0, 0, 0, 0, 2]
    assert await store.add_notices([replace(reminder, id="not_9")], [delivery("del_9", "not_9")]) == 0
    assert len(await store.claim_deliveries(NOW + DAY, NOW + 2 * DAY, 10)) == 2
    assert await store.invoices_due(days, NOW + DAY, 10) == await store.invoices_gone(NOW - DAY, NOW + DAY, 10) == []
    assert len(await store.invoices_due([DUE], NOW + DAY, 10)) == 1, "on another day it is told again"


async def test_what_a_customer_calls_an_invoice(store: Store) -> None:
    mine = contract()
    await store.add_contract(mine, [known("inv_1", mine, state=InvoiceState.PAID)])
    await store.add_quotes([known("quo_1")])
    await store.remove_contract("con_1", NOW)
    assert await store.names_of("inv_1") == Named("Shtëpia", "No 2018-07")
    assert await store.names_of("quo_1") == Named("", "No 2018-07")
    assert await store.names_of("inv_9") == Named("", "")
