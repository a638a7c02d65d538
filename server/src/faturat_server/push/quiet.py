"""Quiet hours: when a customer's devices are left alone, by the clocks in Albania. Pure."""

import re
from datetime import UTC, datetime, time, timedelta

from msgspec import Struct

from faturat import FaturatError
from faturat.clock import TIRANE

_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class QuietHours(Struct, frozen=True):
    """From `begins` to `ends` each day, perhaps over midnight; there are none where both are the same."""

    begins: time = time(22)
    ends: time = time(7)

    def until(self, now: datetime) -> datetime | None:
        """When they end, in UTC, where it is so now. A clock that is set back shows an hour twice: both count."""
        local = now.astimezone(TIRANE)
        clock = local.time().replace(tzinfo=None)
        over_midnight = self.begins > self.ends
        inside = clock >= self.begins or clock < self.ends if over_midnight else self.begins <= clock < self.ends
        if not inside:
            return None
        days = (local.date() + timedelta(days=number) for number in range(2))
        ends = (datetime.combine(day, self.ends, TIRANE).replace(fold=fold) for day in days for fold in (0, 1))
        return min(moment for each in ends if (moment := each.astimezone(UTC)) > now)


def read_hour(field: str, typed: str) -> time:
    """A time of day as a form or a program writes it; raises FaturatError bad_hour."""
    read = _HOUR.fullmatch(typed.strip())
    if read is None:
        raise FaturatError("bad_hour", field=field, value=typed[:20])
    return time(int(read[1]), int(read[2]))
