"""One invoice that several customers know, and the payments that wait for it: the same in both stores."""

from store_rows import contract, created, known, moved

from faturat.payments.types import PaymentState
from faturat.store.port import Store


async def test_every_row_of_one_invoice_whoever_it_belongs_to(store: Store) -> None:
    mine, theirs = contract("con_1"), contract("con_2", customer="c2")
    await store.add_contract(mine, [known("inv_1", mine), known("inv_2", mine, "other")])
    await store.add_contract(theirs, [known("inv_3", theirs)])
    await store.add_quotes([known("quo_1"), known("quo_2", biller="ukt")])
    assert [row.id for row in await store.same_invoice("oshee", "2018-07")] == ["inv_1", "inv_3", "quo_1"]
    assert await store.same_invoice("oshee", "nobody's") == []


async def test_the_payments_of_some_invoices_that_have_asked_for_no_money_yet(store: Store) -> None:
    for number, key in enumerate(["a", "b", "c"], start=1):
        await store.commit(created(f"pay_{number}", invoice_key=key))
    theirs = created("pay_4", invoice_key="d", customer="c2")
    await store.commit(theirs)
    first = await store.payment("pay_1")
    assert first is not None
    await store.commit(moved(first, PaymentState.HOLDING))
    assert [row.id for row in await store.waiting_payments("c1", ["inv_1"])] == ["pay_2", "pay_3"]
    assert await store.waiting_payments("c1", ["inv_2"]) == []
