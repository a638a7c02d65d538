"""What the customer's own devices hear of, and which devices those are."""

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from faturat_server.access.types import User
from faturat_server.api import asked, wire
from faturat_server.api.problems import problems
from faturat_server.push.quiet import QuietHours, read_hour
from faturat_server.push.service import NotificationService
from faturat_server.push.types import Device, Notifications

KNOWN_ALREADY = ResponseSpec(wire.Device, generate_examples=False, description="A device that was known, with new keys")


@get("/notifications", summary="Read the choice of notifications", tags=["Notifications"], responses=problems())
async def read_notifications(
    notifications: NamedDependency[NotificationService], user: NamedDependency[User]
) -> wire.Notifications:
    """Of which events the customer's devices hear, the devices, and the key that a browser subscribes with."""
    return write_notifications(await notifications.of(user.customer))


@put(
    "/notifications",
    summary="Choose the notifications",
    tags=["Notifications"],
    responses=problems("unknown_event", "bad_hour"),
)
async def choose_events(
    data: JSONBody[asked.ChosenEvents],
    notifications: NamedDependency[NotificationService],
    user: NamedDependency[User],
) -> wire.Notifications:
    """Choose of which events the devices hear, and when not. The list of notices keeps every notice all the same."""
    asked = data.quiet_hours
    quiet = None if asked is None else QuietHours(read_hour("begins", asked.begins), read_hour("ends", asked.ends))
    await notifications.choose(user.customer, data.events, quiet)
    return write_notifications(await notifications.of(user.customer))


@post(
    "/notifications/push",
    summary="Send notices to a browser",
    tags=["Notifications"],
    responses={200: KNOWN_ALREADY}
    | problems(
        "push_not_offered",
        "too_many_devices",
        "field_too_long",
        "bad_push_endpoint",
        "push_service_not_allowed",
        "bad_push_key",
    ),
)
async def add_device(
    data: JSONBody[asked.NewDevice],
    notifications: NamedDependency[NotificationService],
    user: NamedDependency[User],
) -> Response[wire.Device]:
    """Send the notices that come from now on to a browser, too; up to ten. A browser has one customer: the last."""
    device, new = await notifications.subscribe(user, data.endpoint, data.keys.p256dh, data.keys.auth)
    return Response(write_device(device), status_code=201 if new else 200)


@delete(
    "/notifications/push",
    summary="Send no more notices to a browser",
    tags=["Notifications"],
    responses=problems("unknown_device"),
)
async def remove_device(
    data: JSONBody[asked.OldDevice],
    notifications: NamedDependency[NotificationService],
    user: NamedDependency[User],
) -> None:
    """Send no more notices to a browser."""
    await notifications.unsubscribe(user.customer, data.endpoint)


def write_notifications(found: Notifications) -> wire.Notifications:
    return wire.Notifications(
        events={event.value: wanted for event, wanted in found.events.items()},
        quiet_hours=asked.QuietHours(begins=f"{found.quiet.begins:%H:%M}", ends=f"{found.quiet.ends:%H:%M}"),
        devices=[write_device(device) for device in found.devices],
        public_key=found.public_key,
    )


def write_device(device: Device) -> wire.Device:
    return wire.Device(id=device.id, host=device.host, created_at=device.created_at)
