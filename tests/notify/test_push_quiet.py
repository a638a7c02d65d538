"""Quiet hours: over midnight, when clocks change, and that what comes meanwhile is delivered once, afterwards."""

from datetime import UTC, datetime, time

import pytest

from faturat import FaturatError
from faturat_server.push.quiet import QuietHours, read_hour

NIGHT = QuietHours()
NOON = QuietHours(time(12), time(14, 30))


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (NIGHT, "2026-11-22 20:59", None),  # 21:59 in Albania
        (NIGHT, "2026-11-22 21:00", "2026-11-23 06:00"),
        (NIGHT, "2026-11-23 05:59", "2026-11-23 06:00"),
        (NIGHT, "2026-11-23 06:00", None),
        (NOON, "2026-07-01 09:59", None),
        (NOON, "2026-07-01 10:00", "2026-07-01 12:30"),
        (NOON, "2026-07-01 12:30", None),
        (QuietHours(time(9), time(9)), "2026-07-01 07:00", None),
        (NIGHT, "2026-03-28 22:00", "2026-03-29 05:00"),  # the night that is an hour shorter
        (NIGHT, "2026-10-24 21:00", "2026-10-25 06:00"),  # and the one that is an hour longer
        (QuietHours(time(22), time(2, 30)), "2026-03-29 00:50", "2026-03-29 01:30"),  # an hour that does not exist
        (QuietHours(time(22), time(2, 30)), "2026-10-25 00:10", "2026-10-25 00:30"),  # one that comes twice
        (QuietHours(time(22), time(2, 30)), "2026-10-25 00:40", None),
        (QuietHours(time(22), time(2, 30)), "2026-10-25 01:10", "2026-10-25 01:30"),
    ],
)
def test_until_when_a_device_is_left_alone(hours: QuietHours, now: str, until: str | None) -> None:
    found = hours.until(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (None if until is None else datetime.fromisoformat(until).replace(tzinfo=UTC))


@pytest.mark.parametrize("typed", ["", "24:00", "7:00", "22:60", "22:00:00", "٢٢:٠٠", "x" * 5000])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    assert read_hour("nga", " 07:05 ") == time(7, 5)
    with pytest.raises(FaturatError) as refused:
        read_hour("nga", typed)
    assert (refused.value.code, refused.value.field) == ("bad_hour", "nga")
    assert len(refused.value.message("sq")) < 100
