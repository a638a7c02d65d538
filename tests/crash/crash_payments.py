"""The ways of a payment that a server's death may cut: one for each end, and for what may lie before it."""

from collections.abc import Awaitable, Callable

from crash_kit import Bench, hours
from crash_ways import Way

ENDS = ("paid", "failed", "cancelled", "expired", "declined", "under_review")
BOOKED, RETURNED = ("paid", 1, True), ("failed", 0, False)
EXPIRED = ("expired", 0, False)
TOO_LATE = EXPIRED, RETURNED
DAYS = hours(hours=25)


def paying(*also: str, account: str = "demo-2") -> Callable[[Bench], Awaitable[str]]:
    """A client who sends the same payment again and again; over where it ended, waits to be asked for, or is `also`."""

    async def over(bench: Bench) -> str:
        payment = await bench.pay(account)
        return payment["state"] if payment is not None and payment["state"] in (*ENDS, "unknown", *also) else ""

    return over


def ends(*ways: tuple[str, int, bool]) -> Callable[[Bench, str], Awaitable[None]]:
    """A check: state, bookings at the company, and whether the money is gone or held, as one of these says.

    By the third server, minutes after the second, the time is over in which a payment may begin.
    """

    async def check(bench: Bench, state: str) -> None:
        await bench.check(*ways, *(TOO_LATE if bench.servers > 2 else ()), state=state)

    return check


def fault(name: str, times: int = 1) -> Callable[[Bench], Awaitable[None]]:
    async def begins(bench: Bench) -> None:
        bench.company.fault(name, times)

    return begins


async def listen_again(bench: Bench) -> None:
    await bench.company.listen()


async def answer_again(bench: Bench) -> None:
    bench.company.clear_faults()


START = {"start": "one contract", "over": paying(), "rest": "unknown"}
PAID = Way(name="paid", check=ends(BOOKED, RETURNED), **START)
WAYS = (
    PAID,
    Way(name="refused by the company", begin=fault("rejects_payment"), check=ends(RETURNED), **START),
    Way(
        name="declined by the bank",
        check=ends(("declined", 0, False), ("failed", 0, False)),
        **START | {"over": paying(account="demo-1")},
    ),
    Way(name="cancelled", begin=fault("changed_total"), check=ends(("cancelled", 0, False)), **START),
    Way(
        name="expired",
        first="after commit of created",
        step=hours(minutes=11),
        check=ends(EXPIRED),
        **START,
    ),
    Way(
        name="not sent",
        first="after commit of held",
        meanwhile=fault("refused_connection"),
        mend=listen_again,
        check=ends(RETURNED),
        **START,
    ),
    Way(name="not answered", begin=fault("hang_up_after_debit"), check=ends(BOOKED, RETURNED), **START),
    Way(
        name="asked what became of it",
        begin=fault("hang_up_after_debit"),
        first="after commit of unknown",
        check=ends(BOOKED),
        **START,
    ),
    Way(
        name="not known for a day",
        begin=fault("hang_up_after_debit"),
        first="after commit of unknown",
        meanwhile=fault("error_500", times=1000),
        mend=answer_again,
        step=DAYS,
        check=ends(BOOKED, ("under_review", 1, True)),
        **START,
    ),
    Way(
        name="pending",
        start="register taken",
        over=paying("pending"),
        rest="unknown",
        check=ends(("pending", 0, True)),
    ),
)
