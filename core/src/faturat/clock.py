"""The one source of time, so that tests and simulation can set it."""

import secrets
from datetime import UTC, datetime
from typing import Protocol


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
