"""The plugin in a whole engine on the memory store: a lost answer is found in the history, or a person is called."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from digitalb_kit import ONE, PAID, TWO, HandClock

from faturat import Faturat, FaturatError, InvoiceState, Payment, PaymentState, PluginChoice, load_plugins, verify
from faturat.engine import open_faturat
from faturat.store.memory import MemoryStore
from faturat_digitalb.simulator import Simulator

START = 25_000_000
PRICE = 1200_00


@dataclass
class Bank:
    """A bank with the plugin loaded as a host loads it, and the company beside it; both on one clock."""

    faturat: Faturat
    company: Simulator
    clock: HandClock

    async def pay(self, number: str = ONE, amount: int = PRICE, key: str = "k1") -> Payment:
        """Look a contract up and pay its first instalment."""
        found = await self.faturat.invoices.look_up("c1", "digitalb", None, {"contract_number": number})
        return await self.faturat.payments.pay("c1", found.quotes[0].id, "savings", amount, key)

    async def register(self, number: str = ONE) -> str:
        registered = await self.faturat.contracts.register(
            "c1", "digitalb", None, {"contract_number": number}, f"TV {number}"
        )
        return registered.contract.id

    async def states(self, contract: str) -> dict[str, InvoiceState]:
        """What the customer's list says of each instalment."""
        return {row.invoice.number: row.state for row in await self.faturat.invoices.of("c1", contract=contract)}

    async def wait(self, seconds: int) -> None:
        """Let time pass, and the worker do what is due then."""
        self.clock.move(seconds)
        while await self.faturat.run_due():
            pass

    async def wait_a_day(self) -> None:
        for _ in range(52):
            await self.wait(1800)

    async def now(self, payment: Payment) -> Payment:
        return await self.faturat.payments.get("c1", payment.id)

    async def path(self, payment: Payment) -> list[str]:
        """The states that a payment went through, each named once."""
        return list(dict.fromkeys(each.after for each in await self.faturat.payments.events("c1", payment.id)))

    async def available(self) -> int:
        return (await self.faturat.accounts("c1"))[0].available

    def booked(self) -> list[str]:
        """The orders that the company booked, without what the seed paid at a counter."""
        return [each.order_id for each in self.company.books.bookings() if each.order_id != "counter-1"]


@pytest.fixture
async def bank(simulator: Simulator, clock: HandClock) -> AsyncIterator[Bank]:
    plugins = load_plugins(
        PluginChoice(
            billers={"digitalb": simulator.address | {"timeout": 0.3}},
            bank={"memory": {"accounts": {"c1": {"savings": START}}}},
        )
    )
    async with open_faturat(plugins, MemoryStore(), clock=clock) as faturat:
        yield Bank(faturat, simulator, clock)
        assert (await verify(faturat)).faults == ()


async def test_register_see_and_pay(bank: Bank) -> None:
    contract = await bank.register()
    (row,) = await bank.faturat.invoices.of("c1", contract=contract)
    paid = await bank.faturat.payments.pay("c1", row.id, "savings", PRICE, "k1")
    assert (paid.state, paid.receipt.amount) == (PaymentState.PAID, PRICE)
    assert (bank.booked(), await bank.available()) == ([paid.id], START - PRICE)
    for _ in range(3):
        await bank.wait(1800)
        assert await bank.states(contract) == {"000000001": InvoiceState.PAID}


@pytest.mark.parametrize(
    "fault", ["timeout_after_debit", "hang_up_after_debit", "error_500_after_debit", "settles_late"]
)
async def test_a_lost_answer_to_a_booked_payment_ends_paid_once(bank: Bank, fault: str) -> None:
    contract = await bank.register()
    (row,) = await bank.faturat.invoices.of("c1", contract=contract)
    bank.company.fault(fault)
    payment = await bank.faturat.payments.pay("c1", row.id, "savings", PRICE, "k1")
    assert payment.state is PaymentState.UNKNOWN
    bank.company.fault("rejects_payment")  # waits for a second payment, which must not come
    with pytest.raises(FaturatError) as caught:
        await bank.faturat.payments.pay("c1", row.id, "savings", PRICE, "k2")
    assert caught.value.code == "already_paying"

    await bank.faturat.invoices.refresh(await bank.faturat.contracts.get("c1", contract))
    assert await bank.states(contract) == {"000000001": InvoiceState.PAYING}, (
        "its history says paid, our payment not yet"
    )
    for seconds in (2, 5, 15, 60):
        await bank.wait(seconds)
    paid = await bank.now(payment)
    assert (paid.state, paid.receipt.amount, paid.receipt.number) == (PaymentState.PAID, PRICE, "000000001")
    assert (bank.booked(), await bank.available()) == ([payment.id], START - PRICE)
    assert "rejected" not in await bank.path(payment)

    await bank.wait_a_day()
    assert await bank.states(contract) == {"000000001": InvoiceState.PAID}
    with pytest.raises(FaturatError) as caught:
        await bank.faturat.payments.pay("c1", row.id, "savings", PRICE, "k3")
    assert caught.value.code == "invoice_not_open"
    assert bank.booked() == [payment.id]
    assert bank.company.take("rejects_payment") is not None


@pytest.mark.parametrize("fault", ["timeout_before_debit", "hang_up_before_debit"])
async def test_what_never_shows_in_the_history_goes_to_a_person(bank: Bank, fault: str) -> None:
    contract = await bank.register()
    (row,) = await bank.faturat.invoices.of("c1", contract=contract)
    bank.company.fault(fault)
    payment = await bank.faturat.payments.pay("c1", row.id, "savings", PRICE, "k1")
    assert payment.state is PaymentState.UNKNOWN
    bank.company.fault("rejects_payment")  # waits for a second payment, which must not come
    await bank.wait_a_day()
    assert (await bank.now(payment)).state is PaymentState.UNDER_REVIEW
    way = ["created", "holding", "held", "submitting", "unknown", "under_review"]
    assert await bank.path(payment) == way, "never rejected, never sent a second time"
    assert (bank.booked(), await bank.available()) == ([], START - PRICE)
    assert await bank.states(contract) == {"000000001": InvoiceState.PAYING}
    assert bank.company.take("rejects_payment") is not None


async def test_a_booking_of_another_amount_goes_to_a_person(bank: Bank) -> None:
    bank.company.fault("hang_up_before_debit")
    payment = await bank.pay()
    bank.company.books.book(payment.id, "000000001", 1, PRICE - 1)
    await bank.wait(2)
    assert (await bank.now(payment)).state is PaymentState.UNDER_REVIEW
    evidence = (await bank.faturat.payments.events("c1", payment.id))[-1].evidence
    assert f"receipt_differs={PRICE - 1}" in evidence


async def test_what_others_paid_is_not_to_pay(bank: Bank) -> None:
    contract = await bank.register(TWO)
    assert set((await bank.states(contract)).values()) == {InvoiceState.OPEN}
    bank.company.books.book("another-channel-1", "000000002", 1, 1750_00)
    bank.company.books.book("counter-2", "000000003", 1, 1750_00)
    await bank.wait(1800)
    assert await bank.states(contract) == {
        "000000002": InvoiceState.PAID_ELSEWHERE,
        "000000003": InvoiceState.WITHDRAWN,
    }
    for row in await bank.faturat.invoices.of("c1", contract=contract):
        with pytest.raises(FaturatError) as caught:
            await bank.faturat.payments.pay("c1", row.id, "savings", 1750_00, f"k{row.id}")
        assert caught.value.code == "invoice_not_open"
    assert (await bank.faturat.invoices.look_up("c1", "digitalb", None, {"contract_number": TWO})).quotes == ()


async def test_paid_elsewhere_between_quote_and_payment_moves_no_money(bank: Bank) -> None:
    found = await bank.faturat.invoices.look_up("c1", "digitalb", None, {"contract_number": ONE})
    bank.company.books.book("another-channel-1", "000000001", 1, PRICE)
    payment = await bank.faturat.payments.pay("c1", found.quotes[0].id, "savings", PRICE, "k1")
    assert (payment.state, payment.reason) == (PaymentState.CANCELLED, "already_paid")
    assert await bank.available() == START


async def test_a_history_is_no_news_and_no_debt_to_whoever_registers_later(bank: Bank) -> None:
    await bank.pay(TWO, 1750_00)
    bank.company.books.book("another-channel-1", "000000003", 1, 1750_00)
    contract = await bank.register(TWO)
    await bank.wait(1800)
    assert await bank.states(contract) == {"000000002": InvoiceState.PAID, "000000003": InvoiceState.PAID_ELSEWHERE}
    assert await bank.states(await bank.register(PAID)) == {}
    assert [notice.event for notice in await bank.faturat.notices("c1")] == ["payment_settled"]


async def test_a_clock_that_is_off_stops_payments_before_money_moves(bank: Bank) -> None:
    found = await bank.faturat.invoices.look_up("c1", "digitalb", None, {"contract_number": ONE})
    bank.company.fault("clock_skew")
    payment = await bank.faturat.payments.pay("c1", found.quotes[0].id, "savings", PRICE, "k1")
    assert (payment.state, payment.reason) == (PaymentState.CANCELLED, "biller_unavailable")
    assert (bank.booked(), await bank.available()) == ([], START)
