"""A whole payment, bank and core included: what is unknown is sent again under its id, and settles once."""

from collections.abc import AsyncIterator

import pytest
from ukt_kit import CURRENT, HandClock

from faturat import Faturat, PluginChoice, load_plugins, open_faturat, verify
from faturat.payments.types import PaymentState
from faturat.store.memory import MemoryStore
from faturat.testing.company import LATE
from faturat_ukt.simulator import Simulator


@pytest.fixture
async def faturat(simulator: Simulator, clock: HandClock) -> AsyncIterator[Faturat]:
    choice = PluginChoice(
        billers={"ukt": {**simulator.address, "timeout": 0.5}}, bank={"memory": {"accounts": {"c1": {"main": 5000_00}}}}
    )
    async with open_faturat(load_plugins(choice), MemoryStore(), clock=clock) as faturat:
        yield faturat


@pytest.mark.parametrize(
    "fault",
    ["settles_late", "timeout_before_debit", "timeout_after_debit", "hang_up_after_debit", "error_500_after_debit"],
)
async def test_a_payment_that_was_not_answered_settles_once(
    faturat: Faturat, simulator: Simulator, clock: HandClock, fault: str
) -> None:
    quote = (await faturat.invoices.look_up("c1", "ukt", None, {"contract_number": CURRENT})).quotes[0]
    simulator.fault(fault)
    payment = await faturat.payments.pay("c1", quote.id, "main", 1862_40, "one")
    assert payment.state is PaymentState.UNKNOWN
    clock.move(LATE.total_seconds() / 2)
    while await faturat.run_due():
        pass
    clock.move(LATE.total_seconds())
    while await faturat.run_due():
        pass
    payment = await faturat.payments.get("c1", payment.id)
    assert (payment.state, payment.receipt.amount) == (PaymentState.PAID, 1862_40)
    assert [booking.order_id for booking in simulator.books.bookings()] == [payment.id]
    assert (await verify(faturat)).faults == ()
    assert [account.available for account in await faturat.accounts("c1")] == [5000_00 - 1862_40]
