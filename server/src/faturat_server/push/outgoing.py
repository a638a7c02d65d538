"""Which devices a notice is still to reach, and what became of it there."""

from datetime import datetime, timedelta

from faturat import Notice
from faturat_server.push.tables import DeviceRow, SentRow
from faturat_server.push.types import Subscription, Target

KEPT = timedelta(days=30)
"""How long it is known what was sent; well beyond the days for which the outbox tries."""

# a device hears of what comes after it was subscribed
OWED = """
SELECT device.id, device.endpoint, device.p256dh, device.auth, coalesce(access_user.language, 'sq') AS language
FROM push_device AS device LEFT JOIN access_user ON access_user.username = device.username
WHERE device.customer = {} AND device.created_at <= {}
    AND NOT EXISTS (
        SELECT FROM push_choice AS choice
        WHERE choice.customer = device.customer AND choice.event = {} AND NOT choice.wanted
    )
    AND NOT EXISTS (SELECT FROM push_sent AS sent WHERE sent.notice = {} AND sent.device = device.id)
ORDER BY device.id
"""

# a device that was removed while its message was on the way is not recorded
RECORD = """
WITH forgotten AS (DELETE FROM push_sent WHERE at < {})
INSERT INTO push_sent (notice, device, at) SELECT {}, id, {} FROM push_device WHERE id = {}
ON CONFLICT DO NOTHING
"""


async def owed(notice: Notice) -> list[Target]:
    """The devices of the notice's customer that it has not reached; none where they chose not to hear of its event."""
    rows = await DeviceRow.raw(OWED, notice.customer, notice.created_at, notice.event.value, notice.id)
    return [
        Target(row["id"], Subscription(row["endpoint"], row["p256dh"], row["auth"]), row["language"]) for row in rows
    ]


async def record_sent(notice: str, device: str, now: datetime) -> None:
    """Remember that a device's push service took a notice."""
    await SentRow.raw(RECORD, now - KEPT, notice, now, device)


async def forget(device: str, endpoint: str) -> None:
    """Remove a device that cannot be sent to any more, unless it has another endpoint meanwhile."""
    await DeviceRow.delete().where(DeviceRow.id == device, DeviceRow.endpoint == endpoint)
