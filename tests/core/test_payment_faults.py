"""Whatever is lost, repeated or crashes on the way, a payment ends paid once or returned in full."""

from datetime import timedelta

import pytest
from fakes.biller import ABLE, FakeBiller
from fakes.faults import Crash, Fault, Script
from fakes.world import World
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from faturat import Capabilities, FaturatError, PaymentState, verify

CALLS = st.lists(st.sampled_from(Fault), max_size=12)
COMMITS = st.lists(st.sampled_from([Fault.NONE, Fault.CRASH_BEFORE, Fault.CRASH_AFTER]), max_size=12)
ABILITIES = st.sampled_from(
    [
        ABLE,
        replace(ABLE, idempotent_pay=True, status_inquiry=False),
        replace(ABLE, status_inquiry=False, not_found_final_after=None),
        Capabilities(status_inquiry=True, not_found_final_after=timedelta(minutes=5)),
    ]
)
START = 25_000_000
PRICE = 170_740


async def pay_once(world: World, quote: str) -> None:
    try:
        await world.faturat.payments.pay("c1", quote, "savings", PRICE, "key")
    except Crash:
        world.restart()
    except FaturatError:
        return  # refused before anything was stored


@settings(max_examples=100, deadline=None)
@given(able=ABILITIES, bank=CALLS, biller=CALLS, store=COMMITS)
async def test_money_is_never_lost_and_never_paid_twice(
    able: Capabilities, bank: list[Fault], biller: list[Fault], store: list[Fault]
) -> None:
    world = World(biller=FakeBiller(capabilities=able))
    world.biller.clock = world.clock
    quote = await world.quote()
    world.bank.script, world.biller.script, world.store.script = Script(bank), Script(biller), Script(store)
    await pay_once(world, quote)
    await world.settle()
    # a second try by the customer with the same key leads to the same payment
    await pay_once(world, quote)
    await world.settle()

    report = await verify(world.faturat)
    assert report.faults == ()
    payments = await world.faturat.payments.of("c1")
    assert len(payments) <= 1
    booked = len(world.biller.booked)
    assert booked <= 1, "the biller booked one invoice twice"
    balance = world.bank.balances[("c1", "savings")]
    for payment in payments:
        match payment.state:
            case PaymentState.PAID:
                assert (booked, balance) == (1, START - PRICE)
            case PaymentState.UNDER_REVIEW:
                assert balance == START - PRICE, "the money stays held until a person decided"
            case _:
                assert (booked, balance) == (0, START), payment.state
    if not able.idempotent_pay:
        assert len(world.biller.pay_calls) == len(set(world.biller.pay_calls)), "pay was called twice for one order"


async def test_one_fault_at_every_place_in_turn() -> None:
    """Enumerated, so that no single fault is left to chance."""
    seen: set[PaymentState] = set()
    for where in ("bank", "biller", "store"):
        for place in range(8):
            for fault in Fault:
                if where == "store" and fault in (Fault.LOST, Fault.SILENT):
                    continue
                world = World()
                quote = await world.quote()
                getattr(world, where).script = Script([Fault.NONE] * place + [fault])
                await pay_once(world, quote)
                await world.settle()
                assert (await verify(world.faturat)).faults == ()
                for payment in await world.faturat.payments.of("c1"):
                    seen.add(payment.state)
                    returned = world.bank.balances[("c1", "savings")] == START
                    assert returned == (payment.state is not PaymentState.PAID)
                    assert len(world.biller.booked) == (payment.state is PaymentState.PAID)
    assert {PaymentState.PAID, PaymentState.FAILED} <= seen


@pytest.mark.parametrize("able", [replace(ABLE, status_inquiry=False, not_found_final_after=None)])
async def test_without_any_way_to_learn_a_person_decides(able: Capabilities) -> None:
    world = World(biller=FakeBiller(capabilities=able))
    await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.SILENT])
    payment = await world.pay()
    assert payment.state is PaymentState.UNKNOWN
    await world.settle()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.UNDER_REVIEW
    assert len(world.biller.pay_calls) == 1
