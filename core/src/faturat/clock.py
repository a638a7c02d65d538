"""The one source of time, so that tests and simulation can set it; and the companies' days."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
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


def seconds_until(moment: datetime, now: datetime) -> int:
    """Whole seconds to wait for a moment, one at least."""
    return max(1, ceil((moment - now).total_seconds()))


def time_in_albania(moment: datetime, now: datetime) -> str:
    """A moment as somebody in Albania says it now: `10:40`, with the date in front where that is another day's."""
    local = moment.astimezone(TIRANE)
    return f"{local:%H:%M}" if local.date() == now.astimezone(TIRANE).date() else f"{local:%d.%m.%Y %H:%M}"


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
