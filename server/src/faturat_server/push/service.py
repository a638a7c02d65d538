"""A customer's choice of what their devices hear of, and the devices."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from piccolo.columns.combination import And, Where

from faturat import FaturatError
from faturat.clock import Clock, new_id
from faturat.notices.types import NoticeEvent
from faturat.store.postgres import Database
from faturat_server.access.types import User
from faturat_server.push.deliveries import TEST as TEST_EVENT
from faturat_server.push.deliveries import Failure, LoggedDelivery, deliveries_to, log_delivery
from faturat_server.push.keys import public_half, server_key
from faturat_server.push.message import test_message
from faturat_server.push.outgoing import forget
from faturat_server.push.quiet import QuietHours
from faturat_server.push.settings import Settings
from faturat_server.push.subscriptions import digest_of, is_endpoint, read_subscription
from faturat_server.push.tables import ChoiceRow, DeviceRow, QuietRow
from faturat_server.push.types import Device, Notifications, Subscription, Target, host_of
from faturat_server.push.webpush import Outcome, send

MAX_DEVICES = 10
BETWEEN_TESTS = timedelta(seconds=10)
FAILURES = {Outcome.SENT: None, Outcome.FAILED: Failure.NOT_TAKEN, Outcome.GONE: Failure.GONE}

LOCK_CUSTOMER = "SELECT pg_advisory_xact_lock(hashtextextended('push_device ' || $1, 0))"
DEVICES = """
SELECT id, endpoint, created_at, (SELECT max(at) FROM push_sent WHERE push_sent.device = push_device.id) AS reached_at
FROM push_device WHERE customer = $1 ORDER BY id
"""
TEST = """
WITH found AS (SELECT * FROM push_device WHERE id = $1 AND customer = $2), tested AS (
    UPDATE push_device SET tested_at = $3 FROM found
    WHERE push_device.id = found.id AND (push_device.tested_at IS NULL OR push_device.tested_at <= $4)
    RETURNING 1
)
SELECT endpoint, p256dh, auth, EXISTS (SELECT FROM tested) AS may FROM found
"""
COUNT_OTHERS = "SELECT count(*) FROM push_device WHERE customer = $1 AND endpoint <> $2"
# the same browser, to which its push service gave another endpoint
MOVE = """
UPDATE push_device SET endpoint = $2
WHERE endpoint = $1 AND NOT EXISTS (SELECT FROM push_device WHERE endpoint = $2)
"""
# with another customer it is another device: its id, and since when it hears of notices, are new
KEEP = """
INSERT INTO push_device AS kept (id, customer, username, endpoint, p256dh, auth, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (endpoint) DO UPDATE SET
    id = CASE WHEN kept.customer = excluded.customer THEN kept.id ELSE excluded.id END,
    created_at = CASE WHEN kept.customer = excluded.customer THEN kept.created_at ELSE excluded.created_at END,
    customer = excluded.customer, username = excluded.username, p256dh = excluded.p256dh, auth = excluded.auth
RETURNING id, created_at
"""


class NotificationService:
    """`settings` are those of the push observer, or None where it is not loaded. Needs schema.TABLES bound."""

    def __init__(self, database: Database, clock: Clock, settings: Settings | None) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    async def of(self, customer: str) -> Notifications:
        rows = await ChoiceRow.select().where(ChoiceRow.customer == customer)
        chosen = {row["event"]: row["wanted"] for row in rows}
        return Notifications(
            events={event: chosen.get(event.value, True) for event in NoticeEvent},
            quiet=await quiet_hours(customer),
            devices=await self._devices(customer),
            public_key=None if self._settings is None else public_half(await server_key()),
        )

    async def _devices(self, customer: str) -> tuple[Device, ...]:
        rows = await self._database.fetch(DEVICES, customer)
        return tuple(map(_device, rows))

    async def choose(self, customer: str, events: Mapping[str, bool], quiet: QuietHours | None = None) -> None:
        """Say which events the devices hear of, and when not; what is not named stays as it is.

        Raises FaturatError unknown_event.
        """
        known = [event.value for event in NoticeEvent]
        for event in events:
            if event not in known:
                raise FaturatError("unknown_event", field=event, event=event, known=", ".join(known))
        for event, wanted in events.items():
            row = ChoiceRow(customer=customer, event=event, wanted=wanted)
            await ChoiceRow.insert(row).on_conflict(
                target=(ChoiceRow.customer, ChoiceRow.event), action="DO UPDATE", values=[ChoiceRow.wanted]
            )

        if quiet is not None:
            kept = QuietRow(customer=customer, begins=f"{quiet.begins:%H:%M}", ends=f"{quiet.ends:%H:%M}")
            await QuietRow.insert(kept).on_conflict(
                target=QuietRow.customer, action="DO UPDATE", values=[QuietRow.begins, QuietRow.ends]
            )

    async def subscribe(
        self, user: User, endpoint: str, p256dh: str, auth: str, before: str = ""
    ) -> tuple[Device, bool]:
        """Send notices to a browser from now on; also whether it is new to this customer.

        The same endpoint again gets the new keys, and so does the one that the browser had `before`; from another
        customer it moves here, for it is one browser.
        Raises FaturatError push_not_offered, too_many_devices, and those of read_subscription.
        """
        if self._settings is None:
            raise FaturatError("push_not_offered")
        read = read_subscription(self._settings, endpoint, p256dh, auth)
        now = self._clock.now()
        async with self._database.transaction():
            await self._database.fetch(LOCK_CUSTOMER, user.customer)  # two at once are still counted
            if is_endpoint(before):
                await self._database.fetch(MOVE, before, read.endpoint)
            [others] = await self._database.fetch(COUNT_OTHERS, user.customer, read.endpoint)
            if others["count"] >= MAX_DEVICES:
                raise FaturatError("too_many_devices", limit=MAX_DEVICES)
            made, keys = new_id("dev", now), (read.endpoint, read.p256dh, read.auth)
            [row] = await self._database.fetch(KEEP, made, user.customer, user.username, *keys, now)
        return Device(row["id"], read.host, digest_of(read.endpoint), row["created_at"]), row["id"] == made

    async def deliveries(self, customer: str, device: str) -> tuple[Device, list[LoggedDelivery]]:
        """A device and what was sent to it lately; raises FaturatError unknown_device."""
        found = next((each for each in await self._devices(customer) if each.id == device), None)
        if found is None:
            raise FaturatError("unknown_device", field="device")
        return found, await deliveries_to(device)

    async def unsubscribe(self, customer: str, endpoint: str) -> None:
        """Send no more notices to a browser; raises FaturatError unknown_device."""
        await self._remove((DeviceRow.customer == customer) & (DeviceRow.endpoint == endpoint), "endpoint")

    async def remove(self, customer: str, device: str) -> None:
        """The same, by the device's id; raises FaturatError unknown_device."""
        await self._remove((DeviceRow.customer == customer) & (DeviceRow.id == device), "device")

    async def _remove(self, which: Where | And, field: str) -> None:
        if not await DeviceRow.delete().where(which).returning(DeviceRow.id):
            raise FaturatError("unknown_device", field=field)

    async def test(self, user: User, device: str) -> Outcome:
        """Send a device a message that it is reached, now, whatever the hour; a device that is gone is removed.

        Raises FaturatError push_not_offered, unknown_device, tested_just_now.
        """
        if self._settings is None:
            raise FaturatError("push_not_offered")
        now = self._clock.now()
        found = await self._database.fetch(TEST, device, user.customer, now, now - BETWEEN_TESTS)
        if not found:
            raise FaturatError("unknown_device", field="device")
        row = found[0]
        if not row["may"]:
            raise FaturatError("tested_just_now")
        subscription = Subscription(row["endpoint"], row["p256dh"], row["auth"])
        outcome, message_id = Outcome.GONE, new_id("test", now)
        if self._settings.allows(subscription.host.removesuffix(":443")):
            target = Target(device, subscription, user.language)
            text = test_message(message_id, user.language)
            outcome = await send(target, message_id, text, await server_key(), self._settings.contact)
        await log_delivery(device, message_id, TEST_EVENT, FAILURES[outcome], now)
        if outcome is Outcome.GONE:
            await forget(device, subscription.endpoint)
        return outcome


def _device(row: Mapping[str, Any]) -> Device:
    endpoint = row["endpoint"]
    return Device(row["id"], host_of(endpoint), digest_of(endpoint), row["created_at"], row["reached_at"])


async def quiet_hours(customer: str) -> QuietHours:
    """When a customer's devices are left alone."""
    row = await QuietRow.select().where(QuietRow.customer == customer).first()
    if row is None:
        return QuietHours()
    return QuietHours(time.fromisoformat(row["begins"]), time.fromisoformat(row["ends"]))
