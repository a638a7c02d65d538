"""Files swapped with billers: turns, files, orders and registers, on the memory store and on PostgreSQL."""

import asyncio

from msgspec.structs import replace
from store_rows import NOW, SECOND, created, invoice, moved

from faturat import ExchangeFile, OutgoingFile, Payment, PaymentState, Reference, RegisterEntry
from faturat.exchange.types import Swap
from faturat.store.port import Store

HOUR = 3600 * SECOND
FIRST, SECOND_ONE = Reference("contract", {"code": "1"}), Reference("contract", {"code": "2"})


async def turn(store: Store, at: int = 0) -> int:
    fence = await store.claim_exchange("oshee", NOW + at * HOUR, NOW + (at + 1) * HOUR)
    assert fence is not None
    return fence


async def pending(
    store: Store, payment_id: str, state: PaymentState = PaymentState.PENDING, **changes: object
) -> Payment:
    plan = created(payment_id, **({"invoice_key": payment_id} | changes))
    assert await store.commit(plan)
    plan = moved(plan.payment, state, hold_expires_at=NOW + HOUR)
    assert await store.commit(plan)
    return plan.payment


def swap(fence: int, **changes: object) -> Swap:
    return Swap(**({"biller": "oshee", "fence": fence, "at": NOW} | changes))


def entry(reference: Reference = FIRST, after: int = 0, **changes: object) -> RegisterEntry:
    usual = {"reference": reference, "subscriber": "Test Test", "as_of": NOW + after * SECOND, "invoices": (invoice(),)}
    return RegisterEntry(**(usual | changes))


async def test_one_turn_at_a_time_and_each_above_the_last(store: Store) -> None:
    assert await turn(store) == 1
    assert await store.claim_exchange("oshee", NOW + HOUR - SECOND, NOW + 2 * HOUR) is None
    assert await store.claim_exchange("water", NOW, NOW + HOUR) == 1
    assert await turn(store, 1) == 2
    assert not await store.hold_exchange("oshee", 1, NOW)
    assert await store.hold_exchange("oshee", 2, NOW + SECOND)
    assert await store.claim_exchange("oshee", NOW, NOW + HOUR) is None
    assert await store.claim_exchange("oshee", NOW + SECOND, NOW + HOUR) == 3


async def test_of_many_that_claim_at_once_one_has_the_turn(store: Store) -> None:
    for number in (1, 2):
        at = NOW + number * HOUR
        fences = await asyncio.gather(*(store.claim_exchange("oshee", at, at + HOUR) for _ in range(10)))
        assert sorted(fence for fence in fences if fence is not None) == [number]


async def test_files_that_were_taken_in_are_known(store: Store) -> None:
    assert await store.known_files("oshee") == set()
    taken = (ExchangeFile("b", b"two"), ExchangeFile("a", b"one"))
    assert await store.commit_swap(swap(await turn(store), taken=taken))
    assert await store.known_files("oshee") == {"a", "b"}
    assert await store.known_files("water") == set()
    assert await store.commit_swap(swap(1, taken=(ExchangeFile("a", b"two"),))), "again, and with another content"
    assert await store.known_files("oshee") == {"a", "b"}


async def test_orders_are_queued_until_a_file_carries_them(store: Store) -> None:
    first, second = await pending(store, "pay_1"), await pending(store, "pay_2")
    await pending(store, "pay_3", PaymentState.UNKNOWN)
    await pending(store, "pay_4", biller="water")
    assert await store.queued_orders("oshee", NOW, 10) == [first.order, second.order]
    assert await store.queued_orders("oshee", NOW, 1) == [first.order]
    assert await store.queued_orders("oshee", NOW + HOUR, 9) == [first.order, second.order]
    assert await store.queued_orders("oshee", NOW + HOUR + SECOND, 9) == [], "what is not held long enough"

    file = OutgoingFile("PAY-1", b"pay", ("pay_1",))
    assert await store.commit_swap(swap(await turn(store), files=(file,)))
    assert await store.queued_orders("oshee", NOW, 10) == [second.order]
    assert await store.is_carried("pay_1")
    assert not await store.is_carried("pay_2")
    assert await store.unsent_files("oshee", NOW) == [file]
    assert await store.unsent_files("water", NOW) == []
    both = OutgoingFile("PAY-0", b"", ("pay_2",))
    assert await store.commit_swap(swap(1, files=(both,)))
    assert await store.unsent_files("oshee", NOW) == [both, file]
    assert await store.unsent_files("oshee", NOW + HOUR + SECOND) == [], "what is not held long enough"
    assert await store.commit(moved(second, PaymentState.UNDER_REVIEW))
    assert await store.unsent_files("oshee", NOW) == [file], "a person looks at what the other carries"
    await store.files_sent("oshee", ["PAY-1"], NOW)
    assert await store.unsent_files("oshee", NOW) == []


async def test_a_swap_that_must_not_be_stored_leaves_nothing(store: Store) -> None:
    await pending(store, "pay_1")
    left = await pending(store, "pay_2")
    assert await store.commit(moved(left, PaymentState.UNDER_REVIEW))
    fence = await turn(store)
    taken, register = (ExchangeFile("a", b"one"),), (entry(),)
    ours = OutgoingFile("PAY-1", b"pay", ("pay_1",))
    both = OutgoingFile("PAY-2", b"pay", ("pay_1", "pay_2"))
    elsewhere = swap(fence, taken=taken, register=register, files=(both,))
    assert not await store.commit_swap(elsewhere), "an order that is no longer pending"
    await turn(store, 1)
    assert not await store.commit_swap(swap(fence, taken=taken, register=register, files=(ours,))), "a later turn"
    assert await store.known_files("oshee") == set()
    assert await store.unsent_files("oshee", NOW) == []
    assert not await store.has_register("oshee")
    assert not await store.is_carried("pay_1")

    twice = (ours, replace(ours, name="PAY-3"))
    assert not await store.commit_swap(swap(2, files=twice)), "an order in two files"
    fourth = await pending(store, "pay_4")
    one_name = (ours, replace(ours, content=b"other", orders=(fourth.id,)))
    assert not await store.commit_swap(swap(2, files=one_name)), "two files of one name"
    assert await store.commit(moved(fourth, PaymentState.UNDER_REVIEW))

    assert await store.commit_swap(swap(2, files=(ours,)))
    assert not await store.commit_swap(swap(2, files=(replace(ours, name="PAY-3"),))), "an order that is carried"
    third = await pending(store, "pay_3")
    again = OutgoingFile("PAY-1", b"other", (third.id,))
    assert not await store.commit_swap(swap(2, files=(again,))), "a name that was used"
    assert await store.unsent_files("oshee", NOW) == [ours]
    assert [order.id for order in await store.queued_orders("oshee", NOW, 9)] == ["pay_3"]


async def test_the_newest_entry_of_a_register_counts(store: Store) -> None:
    assert not await store.has_register("oshee")
    fence = await turn(store)
    old, new = entry(after=1), entry(after=2, subscriber="Test", invoices=())
    assert await store.commit_swap(swap(fence, register=(new, old, entry(SECOND_ONE))))
    assert await store.register_entries("oshee", [FIRST]) == [new]
    assert await store.commit_swap(swap(fence, register=(old,)))
    assert await store.register_entries("oshee", [FIRST]) == [new], "an older file came later"
    newest = entry(after=3)
    assert await store.commit_swap(swap(fence, register=(newest,)))
    found = await store.register_entries("oshee", [SECOND_ONE, FIRST, Reference("contract", {"code": "3"})])
    assert sorted(found, key=lambda each: each.as_of) == [entry(SECOND_ONE), newest]
    assert await store.has_register("oshee")
    assert await store.register_entries("water", [FIRST]) == []
