"""A clock that moves only when a test moves it."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    def __init__(self) -> None:
        self._now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        assert by >= timedelta()
        self._now += by


def copied(clock: FakeClock) -> FakeClock:
    """Another one, at the same moment."""
    copy = FakeClock()
    copy.advance(clock.now() - copy.now())
    return copy
