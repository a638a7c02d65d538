"""Who hears of what, and where."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from faturat import Language
from faturat.notices.types import NoticeEvent
from faturat_server.push.quiet import QuietHours


class Subscription(Struct, frozen=True):
    """What a browser gave, checked: where its push service takes messages, and the keys to encrypt them (RFC 8291).

    Keys are base64url without padding. Whoever knows all three can send to the browser: never logged, never shown.
    """

    endpoint: str
    p256dh: str
    auth: str

    @property
    def host(self) -> str:
        return host_of(self.endpoint)


class Device(Struct, frozen=True):
    """A browser that notices are sent to, as its customer sees it; `host` is its push service's.

    By `digest` the browser knows itself on a page; nobody learns the endpoint from it. `reached_at` is when its push
    service last took a notice, of those sent lately.
    """

    id: str
    host: str
    digest: str
    created_at: datetime
    reached_at: datetime | None = None


class Target(Struct, frozen=True):
    """A device that a notice is still to reach, in the language of who subscribed it."""

    device: str
    subscription: Subscription
    language: Language


class Notifications(Struct, frozen=True):
    """All that a customer chose. `public_key` is what a browser subscribes with; None where no device is sent to."""

    events: Mapping[NoticeEvent, bool]
    quiet: QuietHours
    devices: tuple[Device, ...]
    public_key: str | None


def host_of(endpoint: str) -> str:
    """The host of an endpoint that was checked, with its port if it has one."""
    return endpoint.split("/", 3)[2]
