"""The pass that tells of what no change brings: an invoice will be due, or has been gone for a while."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from faturat.billers import Biller
from faturat.clock import TIRANE, Clock, company_day, day_bounds
from faturat.invoices.merge import AWAY
from faturat.invoices.types import KnownInvoice
from faturat.notices import rules
from faturat.notices.outbox import Outbox
from faturat.store.port import Store

BATCH = 500
EVERY = timedelta(minutes=10)
FROM_HOUR = 8
"""Local time: nobody wants to hear at midnight that a day has begun."""
LOST_AFTER = timedelta(days=3)
"""What has been gone for longer is no news any more."""


class ReminderService:
    """Each process looks now and then; that a notice is made once is the store's matter, by its unique key."""

    def __init__(self, store: Store, outbox: Outbox, billers: Mapping[str, Biller], clock: Clock) -> None:
        self._store = store
        self._outbox = outbox
        self._billers = billers
        self._clock = clock
        self._look_at: datetime | None = None

    async def run(self) -> int:
        """One pass; returns how many notices it made. An invoice first read today is told of by that already."""
        now = self._clock.now()
        if (self._look_at is not None and now < self._look_at) or now.astimezone(TIRANE).hour < FROM_HOUR:
            return 0
        today = company_day(now)
        days = [today + timedelta(days=number) for number in sorted(rules.DUE_IN)]
        due = await self._store.invoices_due(days, day_bounds(today)[0], BATCH)
        gone = await self._store.invoices_gone(now - LOST_AFTER, now - AWAY, BATCH)
        made = await self._outbox.say(*(rules.due(row, name, self._name(row), today, now) for row, name in due))
        made += await self._outbox.say(*(rules.withdrawn(row, name, self._name(row), now) for row, name in gone))
        if made == 0:
            self._look_at = now + EVERY
        return made

    def _name(self, row: KnownInvoice) -> str:
        biller = self._billers.get(row.biller)
        return row.biller if biller is None else biller.name
