"""How often a biller may be called: its limit as slots in time. One call begins in each, whichever process took it.

Slots follow each other so far apart that a third of the limit is spare. The spare is a call's right to begin before its
slot: payments may use all of it, whoever waits half, the sweep none. So the sweep gets what payments leave.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from faturat.billers import CallLimit
from faturat.health.types import Lane

BATCH = timedelta(seconds=0.25)
"""Slots for about so long are taken at once, so that many calls cost one round trip."""
AHEAD = {Lane.PAYMENT: timedelta(seconds=2), Lane.CUSTOMER: timedelta(seconds=1), Lane.BACKGROUND: timedelta()}
"""How long a call may wait for its slot. Whoever waits less is turned away first, so a payment still gets in."""


class Pace(Struct, frozen=True):
    """A limit, as slots. A slot not used before the next one begins is lost, so none are saved up for a rush."""

    interval: timedelta
    burst: int
    """How many slots ahead of its own a payment may begin."""
    batch: int
    """How many slots a process takes at once."""

    def early(self, lane: Lane) -> timedelta:
        """How long before its slot a call may begin."""
        share = {Lane.PAYMENT: self.burst, Lane.CUSTOMER: self.burst // 2, Lane.BACKGROUND: 0}
        return self.interval * share[lane]

    def latest(self, lane: Lane, now: datetime) -> datetime:
        """The last slot that is worth taking now."""
        return now + AHEAD[lane] + self.early(lane)


def pace_of(limit: CallLimit) -> Pace:
    """The slots of a limit: in no time of limit.per do more than limit.calls calls begin.

    A window of that length meets per / interval slots, `burst` more that are used early, and one that is used late.
    """
    spare = limit.calls // 3
    interval = -(-limit.per // (limit.calls - spare))  # rounded up
    return Pace(interval, max(spare - 1, 0), max(1, BATCH // interval))


def lowered(limit: CallLimit | None, per_minute: int | None) -> CallLimit | None:
    """A plugin's limit, or the bank's where that is lower; over the same time, so that no rush exceeds the plugin's."""
    if per_minute is None:
        return limit
    minute = timedelta(minutes=1)
    if limit is None:
        return CallLimit(per_minute, minute)
    calls = min(limit.calls, int(per_minute * limit.per / minute))
    return CallLimit(calls, limit.per) if calls else CallLimit(1, minute / per_minute)
