"""The ways of an order at a company that swaps files: sent by one exchange, and its answer heard by another."""

from datetime import timedelta

from crash_kit import Bench
from crash_starts import EVERY, LATER
from crash_ways import Way

SENT = "SELECT FROM exchange_outgoing WHERE sent_at IS NOT NULL"
STATE = "SELECT state FROM payment"
TURN = "SELECT due_at FROM exchange_turn"
CARRIED = "SELECT name FROM exchange_order"
ONCE = ("paid", 1, True)


async def turn_is_over(bench: Bench) -> bool:
    """Whether this server has swapped files, so that the next turn is far off."""
    (turn,) = await bench.rows(TURN)
    return bool(turn["due_at"] > bench.now + EVERY - timedelta(minutes=5))


async def sent(bench: Bench) -> str:
    return "sent" if await turn_is_over(bench) and await bench.rows(SENT) else ""


async def heard(bench: Bench) -> str:
    (payment,) = await bench.rows(STATE)
    return str(payment["state"]) if payment["state"] == "paid" and await turn_is_over(bench) else ""


async def carried_by_one_file(bench: Bench, _: str) -> None:
    """One file lies at the company, and the order in it is booked, heard of and settled once."""
    (carried,) = await bench.rows(CARRIED)
    assert [file.name for file in bench.company.outbox.glob("PAY-*")] == [carried["name"]]
    bench.company.process()
    async with bench.opened(bench.ahead + LATER) as faturat:
        assert await faturat.exchange.run() == 1
        (payment,) = await faturat.payments.of("demo")
    await bench.check(ONCE, state=payment.state)


async def settled_once(bench: Bench, state: str) -> None:
    assert len(await bench.rows("SELECT FROM payment_event WHERE after = 'settled'")) == 1
    bench.company.process()
    assert len(list(bench.company.outbox.glob("PAY-*"))) == 1
    await bench.check(ONCE, state=state)


SEND = Way(name="send an order", start="order queued", over=sent, check=carried_by_one_file, ahead=LATER, step=LATER)
HEAR = Way(name="hear of an order", start="answer ready", over=heard, check=settled_once, ahead=2 * LATER, step=LATER)
