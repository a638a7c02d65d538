"""One payment is scheduled for an invoice, on both stores."""

import pytest
from msgspec.structs import replace
from store_rows import created, moved

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
