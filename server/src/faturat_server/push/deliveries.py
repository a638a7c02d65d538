"""The delivery log: what was sent to each device and channel lately, and what became of it; no address, no content."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from faturat_server.push.tables import DeliveryRow

MOST = 50
"""How many are kept of each device or channel."""
KEPT = timedelta(days=30)
TEST = "test"
"""The event of a test message."""


class Failure(StrEnum):
    """Why a message was not delivered; each has its words in pages/delivery_words.py."""

    NOT_TAKEN = "not_taken"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    INSECURE = "insecure"
    PRIVATE = "private"
    NOT_OFFERED = "not_offered"
    GONE = "gone"


class LoggedDelivery(Struct, frozen=True):
    """One notice, or test, on its way to one device or channel: when it was last tried, and how often."""

    event: str
    at: datetime
    failure: Failure | None
    tries: int


# one row for each notice and target; what was delivered once stays so. Locked rows are another process's to delete.
RECORD = """
WITH aged AS (
    SELECT target, notice FROM push_delivery WHERE at < {} LIMIT 100 FOR UPDATE SKIP LOCKED
), surplus AS (
    SELECT target, notice FROM push_delivery WHERE target = {} AND notice <> {}
    ORDER BY at DESC OFFSET {} FOR UPDATE SKIP LOCKED
), forgotten AS (
    DELETE FROM push_delivery
    WHERE (target, notice) IN (SELECT target, notice FROM aged UNION SELECT target, notice FROM surplus)
)
INSERT INTO push_delivery AS kept (target, notice, event, at, failure) VALUES ({}, {}, {}, {}, {})
ON CONFLICT (target, notice) DO UPDATE SET at = excluded.at, failure = excluded.failure, tries = kept.tries + 1
WHERE kept.failure IS NOT NULL
"""
NEWEST = "SELECT event, at, failure, tries FROM push_delivery WHERE target = {} ORDER BY at DESC, notice DESC LIMIT {}"


async def log_delivery(target: str, notice: str, event: str, failure: Failure | None, now: datetime) -> None:
    """Note what became of one try; `notice` is the message's id."""
    which = (target, notice)
    await DeliveryRow.raw(RECORD, now - KEPT, *which, MOST - 1, *which, event, now, failure and failure.value)


async def deliveries_to(target: str) -> list[LoggedDelivery]:
    """The newest first, at most MOST; whose target it is, is the caller's to know."""
    rows = await DeliveryRow.raw(NEWEST, target, MOST)
    return [
        LoggedDelivery(row["event"], row["at"], row["failure"] and Failure(row["failure"]), row["tries"])
        for row in rows
    ]


async def last_test(target: str) -> LoggedDelivery | None:
    """What became of the newest test; whose target it is, is the caller's to know."""
    return next((each for each in await deliveries_to(target) if each.event == TEST), None)
