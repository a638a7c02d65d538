"""The way of a new invoice: found by the sweep, stored with its notice, delivered."""

from collections import Counter

from crash_kit import SWEEP_EVERY, Bench, hours
from crash_starts import DIARY, NEW_INVOICE
from crash_ways import Way

from faturat import verify
from faturat.invoices.timing import SweepTiming
from faturat.notices.outbox import LEASE

NOTICES = "SELECT id, event FROM notice WHERE subject = $1"
OWED = "SELECT hook, subject, due_at FROM delivery"
INVOICES = "SELECT id, state FROM invoice WHERE invoice_key = $1"
DUE_AT = "SELECT due_at FROM contract"


async def delivered(bench: Bench) -> str:
    """Over where the notice is there and nothing is owed. Whatever was claimed must come due within its lease."""
    owed = await bench.rows(OWED)
    return "delivered" if owed and all(row["due_at"] is None for row in owed) else ""


async def check(bench: Bench, _: str) -> None:
    """Of the new invoice, whatever else its company may have issued meanwhile."""
    (invoice,) = await bench.rows(INVOICES, NEW_INVOICE)
    (notice,) = await bench.rows(NOTICES, invoice["id"])
    assert (invoice["state"], notice["event"]) == ("open", "invoice_new")
    owed = [row["hook"] for row in await bench.rows(OWED) if row["subject"] in (notice["id"], invoice["id"])]
    assert sorted(owed) == ["deliver_notice", "invoice_changed"]
    # a repeat has the same id, so that whoever hears it twice takes it for one
    heard = Counter((bench.folder / DIARY).read_text().splitlines())
    times = [heard[f"notice {notice['id']}"], heard[f"invoice {invoice['id']}"]]
    assert min(times) >= 1
    assert max(times) <= bench.servers, "at most once more for each server that was killed"
    (contract,) = await bench.rows(DUE_AT)
    assert (contract["due_at"] - bench.now).total_seconds() > SWEEP_EVERY / 2, "it was checked, not only claimed"
    async with bench.opened(bench.ahead) as faturat:
        assert (await verify(faturat)).faults == ()
        assert NEW_INVOICE in [shown.facts.number for shown in await faturat.notices("demo")]


SWEEP = Way(
    name="sweep",
    start="due contract",
    over=delivered,
    check=check,
    ahead=hours(seconds=SWEEP_EVERY + 60),
    # no longer than the leases: a contract or a delivery that a killed server had claimed is due again by then
    step=max(hours(seconds=each.total_seconds()) for each in (SweepTiming().lease, LEASE)),
)
