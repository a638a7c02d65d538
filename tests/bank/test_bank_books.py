"""check_books names each fault that is planted in the tables."""

import pytest

from faturat_server.bank.tables import BankEntry


@pytest.fixture
async def orders(bank, new_order):
    """One order each that is held, captured and released, by these ids."""
    held, captured, released = (new_order(id=id, fee=7_40) for id in ("pay_held", "pay_captured", "pay_released"))
    for order in (held, captured, released):
        await bank.hold_funds(order)
    await bank.capture_funds(captured)
    await bank.release_funds(released)
    assert await bank.check_books() == ()


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            "UPDATE bank_entry SET amount = amount + 1 WHERE subject = 'pay_held' AND account = 'held:ALL'",
            "The hold posting of pay_held sums to 1, not to zero.",
        ),
        (
            "DELETE FROM bank_entry WHERE subject = 'demo-1' AND account = 'equity:ALL'",
            "The opening posting of demo-1 sums to 1813, not to zero.",
        ),
        (
            "UPDATE bank_account SET balance = balance + 1 WHERE id = 'demo-1'",
            "Account demo-1 has the balance 1814; its entries sum to 1813.",
        ),
        (
            "DELETE FROM bank_account WHERE id = 'demo-1'",
            "Account demo-1 has no row; its entries sum to 1813.",
        ),
        (
            "INSERT INTO bank_account (id, customer, name, position, currency, balance)"
            " VALUES ('gift', 'demo', 'x', 9, 'ALL', 5)",
            "Account gift has the balance 5; its entries sum to 0.",
        ),
        (
            "UPDATE bank_account SET balance = -1 WHERE id = 'demo-1'",
            "Account demo-1 is overdrawn: its balance is -1.",
        ),
        (
            "UPDATE bank_hold SET state = 'captured' WHERE order_id = 'pay_held'",
            "Order pay_held has a capture entry of 0 in held:ALL; its hold asks for -171480.",
        ),
        (
            "UPDATE bank_hold SET state = 'held' WHERE order_id = 'pay_captured'",
            "Order pay_captured has a capture entry of 170740 in suspense:oshee:ALL; its hold asks for 0.",
        ),
        (
            "UPDATE bank_hold SET state = 'captured' WHERE order_id = 'pay_released'",
            "Order pay_released has a release entry of 171480 in demo-2; its hold asks for 0.",
        ),
        (
            "UPDATE bank_hold SET amount = 1 WHERE order_id = 'pay_held'",
            "Order pay_held has a hold entry of -171480 in demo-2; its hold asks for -1.",
        ),
        (
            "UPDATE bank_entry SET account = 'suspense:ukt:ALL' WHERE account = 'suspense:oshee:ALL'",
            "Order pay_captured has a capture entry of 170740 in suspense:ukt:ALL; its hold asks for 0.",
        ),
        (
            "DELETE FROM bank_hold WHERE order_id = 'pay_captured'",
            "Order pay_captured has a capture entry of 740 in fee:ALL; its hold asks for 0.",
        ),
    ],
)
async def test_a_planted_fault_is_named(bank, fault, sentence):
    await BankEntry.raw("ALTER TABLE bank_account DROP CONSTRAINT bank_account_not_overdrawn")
    await BankEntry.raw(fault)
    assert sentence in await bank.check_books()
