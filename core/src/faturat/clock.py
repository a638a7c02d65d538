"""The one source of time, so that tests and simulation can set it; and the companies' days."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TIRANE = ZoneInfo("Europe/Tirane")
"""The companies' time zone: their days begin at its midnight."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def new_id(prefix: str, now: datetime) -> str:
    """A new id that nobody can guess and that sorts by the time it was made: `pay_0194f...`."""
    return f"{prefix}_{int(now.timestamp() * 1000):011x}{secrets.token_hex(10)}"


def company_day(moment: datetime) -> date:
    """The companies' day in which an aware moment lies."""
    return moment.astimezone(TIRANE).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a companies' day, and that of the day after, in UTC; 23 to 25 hours apart."""
    midnights = (datetime.combine(each, time(), TIRANE) for each in (day, day + timedelta(days=1)))
    begin, end = (midnight.astimezone(UTC) for midnight in midnights)
    return begin, end
