"""What a customer paid: the same list from both stores."""

from typing import Any

from store_rows import NOW, SECOND, contract, created, known, moved

from faturat.payments.types import PaymentFilter, PaymentState
from faturat.store.port import Store


async def test_payments_are_listed_newest_first_a_page_at_a_time(store: Store) -> None:
    for n in range(4):
        await store.commit(created(f"pay_{n}", invoice_key=str(n)))
    await store.commit(created("pay_9", customer="c2"))
    assert [row.id for row in await store.payments("c1", limit=3)] == ["pay_3", "pay_2", "pay_1"]
    assert [row.id for row in await store.payments("c1", before="pay_1")] == ["pay_0"]


async def test_payments_of_a_time_at_a_company_in_some_states(store: Store) -> None:
    for n in range(4):
        biller = "ukt" if n == 2 else "oshee"
        await store.commit(created(f"pay_{n}", invoice_key=str(n), biller=biller, created_at=NOW + n * SECOND))
    first = await store.payment("pay_1")
    assert first is not None
    await store.commit(moved(first, PaymentState.HOLDING))
    await store.commit(created("pay_9", invoice_key="9", customer="c2", created_at=NOW + SECOND))

    async def listed(before: str = "", limit: int = 100, **chosen: Any) -> list[str]:
        return [row.id for row in await store.payments("c1", before, limit, PaymentFilter(**chosen))]

    assert await listed(since=NOW + SECOND) == ["pay_3", "pay_2", "pay_1"]
    assert await listed(until=NOW + 2 * SECOND) == ["pay_1", "pay_0"]
    assert await listed(since=NOW + SECOND, until=NOW + 3 * SECOND, limit=1) == ["pay_2"]
    assert await listed(biller="ukt") == ["pay_2"]
    assert await listed(states=(PaymentState.HOLDING, PaymentState.PAID)) == ["pay_1"]
    assert await listed(states=(PaymentState.CREATED,), biller="oshee", before="pay_3") == ["pay_0"]


async def test_a_customers_payments_by_id(store: Store) -> None:
    for n in range(3):
        await store.commit(created(f"pay_{n}", invoice_key=str(n)))
    await store.commit(created("pay_9", invoice_key="9", customer="c2"))
    found = await store.customer_payments("c1", ["pay_2", "pay_9", "pay_0", "pay_0", "gone"])
    assert [row.id for row in found] == ["pay_0", "pay_2"]
    assert await store.customer_payments("c1", []) == []


async def test_a_customers_invoices_by_id(store: Store) -> None:
    mine, theirs = contract("con_1"), contract("con_2", customer="c2")
    await store.add_contract(mine, [known("inv_2", mine), known("inv_1", mine, "other")])
    await store.add_contract(theirs, [known("inv_3", theirs)])
    await store.add_quotes([known("quo_1"), known("quo_2")])
    found = await store.customer_invoices("c1", ["quo_1", "inv_3", "inv_1", "inv_1", "gone"])
    assert [row.id for row in found] == ["inv_1", "quo_1"]
    assert await store.customer_invoices("c1", []) == []
