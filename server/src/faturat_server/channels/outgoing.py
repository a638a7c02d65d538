"""Which channels a notice is still to reach, and that it reached one."""

from datetime import datetime, timedelta

from faturat import Notice
from faturat_server.channels.tables import ChannelRow, ChannelSentRow, GoneRow
from faturat_server.channels.types import GoneChannel, Kind, Target

KEPT = timedelta(days=30)
"""How long it is known what was sent; well beyond the days for which the outbox tries."""

GONE_KEPT = timedelta(days=1)
"""For how long a customer is told of a channel that is gone."""

# a channel hears of what comes after it was added
OWED = """
SELECT channel.id, channel.kind, channel.address, channel.secret, coalesce(access_user.language, 'sq') AS language
FROM channel LEFT JOIN access_user ON access_user.username = channel.username
WHERE channel.customer = {} AND channel.created_at <= {}
    AND NOT EXISTS (
        SELECT FROM channel_choice AS choice
        WHERE choice.channel = channel.id AND choice.event = {} AND NOT choice.wanted
    )
    AND NOT EXISTS (SELECT FROM channel_sent AS sent WHERE sent.notice = {} AND sent.channel = channel.id)
ORDER BY channel.id
"""

# a channel that was removed while its message was on the way is not recorded. What else is a day old goes too; rows
# that another process deletes at the moment are left to it, so that no send waits for them.
RECORD = """
WITH aged AS (
    SELECT notice, channel FROM channel_sent WHERE at < {} LIMIT 100 FOR UPDATE SKIP LOCKED
), forgotten AS (
    DELETE FROM channel_sent WHERE (notice, channel) IN (SELECT notice, channel FROM aged)
), gone AS (
    DELETE FROM channel_gone
    WHERE id IN (SELECT id FROM channel_gone WHERE at <= {} LIMIT 100 FOR UPDATE SKIP LOCKED)
), opened AS (
    DELETE FROM channel_opening
    WHERE id IN (SELECT id FROM channel_opening WHERE at <= {} LIMIT 100 FOR UPDATE SKIP LOCKED)
)
INSERT INTO channel_sent (notice, channel, at) SELECT {}, id, {} FROM channel WHERE id = {}
ON CONFLICT DO NOTHING
"""

FORGET = """
WITH removed AS (
    DELETE FROM channel WHERE id = {} RETURNING id, customer, kind, address
)
INSERT INTO channel_gone (id, customer, kind, address, at) SELECT id, customer, kind, address, {} FROM removed
"""
GONE = "SELECT id, kind, address, at FROM channel_gone WHERE customer = {} AND at > {} ORDER BY at DESC, id DESC"


async def owed(notice: Notice) -> list[Target]:
    """The channels of the notice's customer that it has not reached, and that are to hear of its event."""
    rows = await ChannelRow.raw(OWED, notice.customer, notice.created_at, notice.event.value, notice.id)
    return [Target(row["id"], Kind(row["kind"]), row["address"], row["secret"], row["language"]) for row in rows]


async def forget(channel: str, now: datetime) -> None:
    """Remove a channel that is gone; its delivery log stays, and its customer can read of it for a while."""
    await ChannelRow.raw(FORGET, channel, now)


async def gone_lately(customer: str, now: datetime) -> list[GoneChannel]:
    """The channels of a customer that were forgotten, the newest first."""
    rows = await GoneRow.raw(GONE, customer, now - GONE_KEPT)
    return [GoneChannel(row["id"], Kind(row["kind"]), row["address"], row["at"]) for row in rows]


async def record_sent(notice: str, channel: str, now: datetime) -> None:
    """Remember that a channel took a notice."""
    await ChannelSentRow.raw(RECORD, now - KEPT, *2 * [now - GONE_KEPT], notice, now, channel)
