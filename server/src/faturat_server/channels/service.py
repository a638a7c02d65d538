"""A customer's channels: tried, told what they hear of, removed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from faturat import FaturatError
from faturat.clock import Clock, new_id
from faturat.notices.types import NoticeEvent
from faturat.store.postgres import Database
from faturat_server.access.types import User
from faturat_server.channels import outgoing
from faturat_server.channels.message import test_message
from faturat_server.channels.sending import send
from faturat_server.channels.settings import Settings
from faturat_server.channels.tables import ChannelChoiceRow, ChannelRow
from faturat_server.channels.types import Channel, ChannelDetails, GoneChannel, Kind, Target
from faturat_server.push.deliveries import TEST, Failure, deliveries_to, log_delivery

BETWEEN_TESTS = timedelta(seconds=10)
BETWEEN_SMS_TESTS = timedelta(minutes=1)
"""The bank pays for each."""

CHOOSE = """
INSERT INTO channel_choice (channel, event, wanted)
SELECT channel.id, chosen.event, chosen.wanted FROM channel, unnest($3::text[], $4::boolean[]) AS chosen (event, wanted)
WHERE channel.id = $1 AND channel.customer = $2
ON CONFLICT (channel, event) DO UPDATE SET wanted = excluded.wanted
RETURNING channel
"""
TAKE_TEST = """
UPDATE channel SET tested_at = $3 WHERE id = $1 AND customer = $2 AND (tested_at IS NULL OR tested_at <= $4)
RETURNING id
"""


class ChannelService:
    """`settings` are those of the channels observer, or None where it is not loaded. Needs schema.TABLES bound."""

    def __init__(self, database: Database, clock: Clock, settings: Settings | None) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    async def of(self, customer: str) -> tuple[Channel, ...]:
        rows = await ChannelRow.select().where(ChannelRow.customer == customer).order_by(ChannelRow.id)
        return tuple(map(_channel, rows))

    async def gone_lately(self, customer: str) -> list[GoneChannel]:
        """Those that were removed in the last day because their receivers want no more."""
        return await outgoing.gone_lately(customer, self._clock.now())

    async def details(self, customer: str, channel: str) -> ChannelDetails:
        """Raises FaturatError unknown_channel."""
        found = await self._get(customer, channel)
        rows = await ChannelChoiceRow.select().where(ChannelChoiceRow.channel == channel)
        chosen = {row["event"]: row["wanted"] for row in rows}
        events = {event: chosen.get(event.value, True) for event in NoticeEvent}
        return ChannelDetails(found, events, await deliveries_to(channel))

    async def choose(self, customer: str, channel: str, events: Mapping[NoticeEvent, bool]) -> None:
        """Say which events a channel hears of; what is not named stays. Raises FaturatError unknown_channel."""
        named = [event.value for event in events]
        if not await self._database.fetch(CHOOSE, channel, customer, named, list(events.values())):
            raise FaturatError("unknown_channel", field="channel")

    async def remove(self, customer: str, channel: str) -> None:
        """Raises FaturatError unknown_channel."""
        which = (ChannelRow.customer == customer) & (ChannelRow.id == channel)
        if not await ChannelRow.delete().where(which).returning(ChannelRow.id):
            raise FaturatError("unknown_channel", field="channel")

    async def test(self, user: User, channel: str) -> Failure | None:
        """Send a channel a message that it is reached, now; None where it was delivered. One that is gone is removed.

        Raises FaturatError channels_not_offered, unknown_channel, tested_just_now.
        """
        if (settings := self._settings) is None:
            raise FaturatError("channels_not_offered")
        now, found = self._clock.now(), await self._get(user.customer, channel)
        since = now - (BETWEEN_SMS_TESTS if found.kind is Kind.SMS else BETWEEN_TESTS)
        if not await self._database.fetch(TAKE_TEST, channel, user.customer, now, since):
            raise FaturatError("tested_just_now")
        target = Target(channel, found.kind, found.address, found.secret, user.language)
        message = test_message(new_id("test", now), user.language, now)
        failure = await send(settings, target, message, now)
        await log_delivery(channel, message.id, TEST, failure, now)
        if failure is Failure.GONE:
            await outgoing.forget(channel, now)
        return failure

    async def _get(self, customer: str, channel: str) -> Channel:
        which = (ChannelRow.customer == customer) & (ChannelRow.id == channel)
        row = await ChannelRow.select().where(which).first()
        if row is None:
            raise FaturatError("unknown_channel", field="channel")
        return _channel(row)


def _channel(row: Mapping[str, Any]) -> Channel:
    return Channel(row["id"], Kind(row["kind"]), row["address"], row["secret"], row["created_at"])
