"""Cases, deeds and payments by state, on both stores."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace
from store_rows import NOW, SECOND, created, moved

from faturat.audit import AuditAction, AuditEntry
from faturat.exchange.types import OutgoingFile, Swap
from faturat.operators.cases import Adjustment, AdjustmentKind, Case, CaseSource
from faturat.payments.types import Payment, PaymentState
from faturat.store.port import Store
from faturat.store.port_operators import CarriedBy, StateCount

NOTHING = Adjustment(kind=AdjustmentKind.NONE, amount=0, booking="")


def deed(number: int, subject: str = "pay_1", action: AuditAction = AuditAction.ASKED) -> AuditEntry:
    return AuditEntry(
        id=f"aud_{number}", at=NOW, operator="op", action=action, subject=subject, reason="Arsye “ë”", evidence="f. 1"
    )


def case(number: int, payment: str = "pay_1", said: str = "rejected=not_accepted") -> Case:
    return Case(id=f"cas_{number}", payment=payment, source=CaseSource.COMPANY, state="paid", said=said, opened_at=NOW)


async def begin(store: Store, payment_id: str, *states: PaymentState) -> Payment:
    plan = created(payment_id, invoice_key=payment_id)
    assert await store.commit(plan)
    for state in states:
        plan = moved(plan.payment, state)
        assert await store.commit(plan)
    return plan.payment


async def test_a_deed_is_stored_with_the_move_that_it_caused_or_not_at_all(store: Store) -> None:
    payment = await begin(store, "pay_1", PaymentState.HOLDING)
    plan = replace(moved(payment, PaymentState.HELD), audit=deed(1))
    assert await store.commit(plan)
    assert not await store.commit(replace(plan, audit=deed(2))), "the row has moved"
    assert await store.audit(subject="pay_1") == [deed(1)]


async def test_deeds_are_listed_newest_first(store: Store) -> None:
    await begin(store, "pay_1")
    await begin(store, "pay_2")
    for entry in (deed(1), deed(2, "pay_2"), deed(3)):
        await store.add_audit(entry)
    assert await store.audit() == [deed(3), deed(2, "pay_2"), deed(1)]
    assert await store.audit(subject="pay_1", limit=1) == [deed(3)]
    assert await store.audit(before="aud_3") == [deed(2, "pay_2"), deed(1)]


async def test_the_same_said_twice_is_one_case(store: Store) -> None:
    await begin(store, "pay_1")
    await begin(store, "pay_2")
    at_once = await asyncio.gather(*(store.open_case(case(number)) for number in range(1, 6)))
    assert sorted(at_once) == [False] * 4 + [True]
    assert not await store.open_case(case(7), deed(1)), "nothing is stored with it"
    assert await store.audit() == []
    assert await store.open_case(case(8, said="settled receipt=R2"), deed(2))
    assert await store.open_case(case(9, "pay_2"))
    assert await store.audit() == [deed(2)]
    assert [row.id for row in await store.cases()][:2] == ["cas_9", "cas_8"]
    assert [row.payment for row in await store.cases(payment="pay_2")] == ["pay_2"]
    assert [row.id for row in await store.cases(before="cas_9", limit=1)] == ["cas_8"]


async def test_a_case_is_closed_once(store: Store) -> None:
    await begin(store, "pay_1")
    await store.open_case(case(1))
    assert await store.case("cas_1") == case(1)
    assert await store.case("cas_2") is None
    refund = replace(NOTHING, kind=AdjustmentKind.REFUND, amount=170_740, booking="GL-77")
    closed = replace(case(1), closed_at=NOW + SECOND, adjustment=refund)
    at_once = await asyncio.gather(*(store.close_case(closed, deed(n)) for n in range(1, 6)))
    assert sorted(at_once) == [False] * 4 + [True]
    assert await store.case("cas_1") == closed
    assert len(await store.audit()) == 1
    assert await store.cases(open_only=True) == []
    assert not await store.close_case(replace(closed, id="cas_2"), deed(9))


async def test_payments_are_found_by_state_and_age(store: Store) -> None:
    paying = PaymentState.HOLDING, PaymentState.HELD, PaymentState.SUBMITTING
    unknown = await begin(store, "pay_1", *paying, PaymentState.UNKNOWN)
    pending = await begin(store, "pay_2", *paying, PaymentState.PENDING)
    await begin(store, "pay_3")
    both = [PaymentState.UNKNOWN, PaymentState.PENDING]
    assert await store.payments_in(both) == [unknown, pending]
    assert await store.payments_in(both, after="pay_1") == [pending]
    assert await store.payments_in(both, limit=1) == [unknown]
    assert await store.payments_in(both, biller="another") == []
    assert await store.payments_in(both, since=unknown.state_since) == [unknown, pending]
    assert await store.payments_in(both, since=unknown.state_since - timedelta(seconds=1)) == []
    assert [row.id for row in await store.payments_in([PaymentState.CREATED])] == ["pay_3"]
    counted = await store.count_payments([*both, PaymentState.HELD])
    assert counted == {row.state: StateCount(1, row.state_since) for row in (unknown, pending)}
    older = await begin(store, "pay_0", *paying, PaymentState.UNKNOWN, PaymentState.UNKNOWN)
    since = min(unknown.state_since, older.state_since)
    assert (await store.count_payments(both))[PaymentState.UNKNOWN] == StateCount(2, since)


@pytest.mark.parametrize("sent", [True, False])
async def test_the_file_of_an_order_is_found(store: Store, sent: bool) -> None:
    paying = PaymentState.HOLDING, PaymentState.HELD, PaymentState.SUBMITTING, PaymentState.PENDING
    payment = await begin(store, "pay_1", *paying)
    assert await store.carried_by("pay_1") is None
    biller = payment.order.biller
    fence = await store.claim_exchange(biller, NOW, NOW + SECOND)
    assert fence is not None
    file = OutgoingFile("orders.csv", b"1", ("pay_1",))
    assert await store.commit_swap(Swap(biller=biller, fence=fence, at=NOW, files=(file,)))
    if sent:
        await store.files_sent(biller, ["orders.csv"], NOW + SECOND)
    assert await store.carried_by("pay_1") == CarriedBy("orders.csv", NOW + SECOND if sent else None)
