"""A customer's choice of what their devices hear of, and the devices."""

from collections.abc import Mapping

from faturat import FaturatError
from faturat.clock import Clock, new_id
from faturat.notices.types import NoticeEvent
from faturat.store.postgres import Database
from faturat_server.access.types import User
from faturat_server.push.keys import public_half, server_key
from faturat_server.push.settings import Settings
from faturat_server.push.subscriptions import read_subscription
from faturat_server.push.tables import ChoiceRow, DeviceRow
from faturat_server.push.types import Device, Notifications, host_of

MAX_DEVICES = 10

LOCK_CUSTOMER = "SELECT pg_advisory_xact_lock(hashtextextended('push_device ' || $1, 0))"
COUNT_OTHERS = "SELECT count(*) FROM push_device WHERE customer = $1 AND endpoint <> $2"
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
        devices = await DeviceRow.select().where(DeviceRow.customer == customer).order_by(DeviceRow.id)
        return Notifications(
            events={event: chosen.get(event.value, True) for event in NoticeEvent},
            devices=tuple(Device(row["id"], host_of(row["endpoint"]), row["created_at"]) for row in devices),
            public_key=None if self._settings is None else public_half(await server_key()),
        )

    async def choose(self, customer: str, events: Mapping[str, bool]) -> None:
        """Say which events the devices hear of; one that is not named stays as it is.

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

    async def subscribe(self, user: User, endpoint: str, p256dh: str, auth: str) -> tuple[Device, bool]:
        """Send notices to a browser from now on; also whether it is new to this customer.

        The same endpoint again gets the new keys; from another customer it moves here, for it is one browser.
        Raises FaturatError push_not_offered, too_many_devices, and those of read_subscription.
        """
        if self._settings is None:
            raise FaturatError("push_not_offered")
        read = read_subscription(self._settings, endpoint, p256dh, auth)
        now = self._clock.now()
        async with self._database.transaction():
            await self._database.fetch(LOCK_CUSTOMER, user.customer)  # two at once are still counted
            [others] = await self._database.fetch(COUNT_OTHERS, user.customer, read.endpoint)
            if others["count"] >= MAX_DEVICES:
                raise FaturatError("too_many_devices", limit=MAX_DEVICES)
            made, keys = new_id("dev", now), (read.endpoint, read.p256dh, read.auth)
            [row] = await self._database.fetch(KEEP, made, user.customer, user.username, *keys, now)
        return Device(row["id"], read.host, row["created_at"]), row["id"] == made

    async def unsubscribe(self, customer: str, endpoint: str) -> None:
        """Send no more notices to a browser; raises FaturatError unknown_device."""
        removed = await (
            DeviceRow.delete()
            .where(DeviceRow.customer == customer, DeviceRow.endpoint == endpoint)
            .returning(DeviceRow.id)
        )
        if not removed:
            raise FaturatError("unknown_device", field="endpoint")
