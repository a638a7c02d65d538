"""The way of one notice to a device and to a channel of each kind, all side by side."""

from crash_kit import Bench
from crash_receivers import KINDS, KNOWN, receivers_of, subscribe
from crash_starts import NEW_INVOICE
from crash_sweep import SWEEP, delivered
from crash_ways import Way

from faturat import verify

NOTICES = """
SELECT notice.id FROM notice JOIN invoice ON invoice.id = notice.subject
WHERE notice.event = 'invoice_new' AND invoice.invoice_key = $1
"""
LOGGED = "SELECT target, failure FROM push_delivery WHERE notice = $1"
SENT = """
SELECT device AS target FROM push_sent WHERE notice = $1 UNION ALL SELECT channel FROM channel_sent WHERE notice = $1
"""


async def told(bench: Bench) -> str:
    """Over where nothing is owed; how often each kind had it."""
    heard = receivers_of(bench)
    return ", ".join(f"{kind} {len(heard.got(kind))}" for kind in KINDS) if await delivered(bench) else ""


async def check(bench: Bench, _: str) -> None:
    """It came to each, at most once more for each server that was killed, and the same each time.

    Of the new invoice, whatever else its company may have issued meanwhile.
    """
    heard, (notice,) = receivers_of(bench), await bench.rows(NOTICES, NEW_INVOICE)
    for kind in KINDS:
        got = [each for each in heard.got(kind) if NEW_INVOICE in each or each == notice["id"]]
        assert 1 <= len(got) <= bench.servers, f"{kind}: {got}"
        assert len(set(got)) == 1, f"{kind}: {got}"
        assert NEW_INVOICE in got[0] or (kind in KNOWN and got[0] == notice["id"]), f"{kind}: {got}"
    logged = {row["target"]: row["failure"] for row in await bench.rows(LOGGED, notice["id"])}
    assert logged == dict.fromkeys(KINDS), "one line of the log for each, of its success"
    assert sorted(row["target"] for row in await bench.rows(SENT, notice["id"])) == sorted(KINDS)
    async with bench.opened(bench.ahead) as faturat:
        assert (await verify(faturat)).faults == ()


DELIVERY = Way(
    name="delivery",
    start="told customer",
    begin=subscribe,
    over=told,
    check=check,
    ahead=SWEEP.ahead,
    step=SWEEP.step,
)


def of_deliveries(points: list[str]) -> list[str]:
    """Those inside the two observers; what lies around them is the sweep's."""
    return [point for point in points if " send by " in point or (" by " in point and " commit of " in point)]
