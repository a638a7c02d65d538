"""One payment is scheduled for an invoice, on both stores."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from store_rows import NOW, contract, created, known, moved

from faturat.payments.types import PaymentState, Plan
from faturat.store.port import Occupied, Store


def scheduled(payment_id: str, invoice: str) -> Plan:
    plan = created(payment_id, invoice_key=invoice)
    payment = replace(plan.payment, state=PaymentState.SCHEDULED, invoice=invoice)
    return replace(plan, payment=payment, event=replace(plan.event, after="scheduled"))


async def test_one_payment_is_scheduled_for_an_invoice(store: Store) -> None:
    first = scheduled("pay_1", "inv_1")
    assert await store.commit(first)
    with pytest.raises(Occupied):
        await store.commit(scheduled("pay_2", "inv_1"))
    assert await store.payment("pay_2") is None
    assert await store.commit(scheduled("pay_3", "inv_2"))
    assert await store.commit(moved(first.payment, PaymentState.CANCELLED))
    assert await store.commit(scheduled("pay_2", "inv_1"))


async def test_no_payment_waits_for_no_invoice(store: Store) -> None:
    """A contract that is removed may have none."""
    assert await store.commit(scheduled("pay_1", "inv_1"))
    [waiting] = await store.waiting_payments("c1", ["inv_1", "inv_2"])
    assert (waiting.id, await store.waiting_payments("c1", [])) == ("pay_1", [])


async def test_nobody_is_reminded_of_an_invoice_whose_payment_is_scheduled(store: Store) -> None:
    mine = contract()
    row = known("inv_1", mine)
    await store.add_contract(mine, [row])
    plan = scheduled("pay_1", "inv_1")
    assert await store.commit(plan)
    days = [date(2018, 8, 31)]
    assert await store.invoices_due(days, NOW + timedelta(days=1), 10) == []
    assert await store.commit(moved(plan.payment, PaymentState.CANCELLED))
    assert await store.invoices_due(days, NOW + timedelta(days=1), 10) == [(row, mine.name)]
