"""Any sequence of operations on some orders, against a model of a few lines."""

import asyncio
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faturat.bank import Captured, FundsState, Hold, Refusal, Released
from faturat_server.bank.ledger import OrderConflict
from faturat_server.bank.seed import open_account

OPENING = 100
ORDERS = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 10)), min_size=1, max_size=4)
STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["hold", "capture", "release"])), max_size=20)

example_by_example = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Model:
    """One account, and for each order the state and what was held."""

    def __init__(self):
        self.available = OPENING
        self.states = {}

    def step(self, operation, order):
        """The answer that the bank must give: its type, or a refusal's code."""
        state, held = self.states.get(order.id, (FundsState.NONE, 0))
        match operation, state:
            case "hold", FundsState.RELEASED:
                return "released"
            case "hold", FundsState.NONE if order.to_hold > self.available:
                return "insufficient_funds"
            case "hold", FundsState.NONE:
                self.available -= order.to_hold
                self.states[order.id] = FundsState.HELD, order.to_hold
            case "capture", FundsState.HELD:
                self.states[order.id] = FundsState.CAPTURED, held
            case "capture", FundsState.NONE | FundsState.RELEASED:
                return "refused"
            case "release", FundsState.CAPTURED:
                return OrderConflict
            case "release", FundsState.NONE | FundsState.HELD:
                self.available += held
                self.states[order.id] = FundsState.RELEASED, held
        return {"hold": Hold, "capture": Captured, "release": Released}[operation]


async def call(bank, operation, order):
    try:
        return await getattr(bank, f"{operation}_funds")(order)
    except OrderConflict as conflict:
        return conflict


async def account_with(new_order, amounts):
    """A new customer's account and one order for each (amount, fee)."""
    customer = uuid4().hex
    await open_account(customer, customer, "Llogaria kryesore", OPENING)
    return customer, [new_order(customer=customer, account=customer, amount=amount, fee=fee) for amount, fee in amounts]


@example_by_example
@given(amounts=ORDERS, steps=STEPS)
async def test_any_sequence_answers_as_the_model_does(bank, new_order, amounts, steps):
    customer, orders = await account_with(new_order, amounts)
    model = Model()
    for number, operation in steps:
        order = orders[number % len(orders)]
        reply = await call(bank, operation, order)
        assert (reply.code if isinstance(reply, Refusal) else type(reply)) == model.step(operation, order)
        status = await bank.funds_status(order)
        assert (status.state, status.amount) == model.states.get(order.id, (FundsState.NONE, 0))
        assert (await bank.list_accounts(customer))[0].available == model.available
    assert await bank.check_books() == ()


@example_by_example
@given(amounts=ORDERS, steps=STEPS)
async def test_any_operations_at_once_keep_the_books_and_lose_no_money(bank, new_order, amounts, steps):
    customer, orders = await account_with(new_order, amounts)
    await asyncio.gather(*(call(bank, operation, orders[number % len(orders)]) for number, operation in steps))
    statuses = [await bank.funds_status(order) for order in orders]
    gone = sum(status.amount for status in statuses if status.state in (FundsState.HELD, FundsState.CAPTURED))
    assert (await bank.list_accounts(customer))[0].available == OPENING - gone
    assert await bank.check_books() == ()
