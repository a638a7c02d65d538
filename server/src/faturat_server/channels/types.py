"""What a channel is, and what is sent to it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from faturat import Language
from faturat.notices.types import NoticeEvent
from faturat_server.push.deliveries import LoggedDelivery


class Kind(StrEnum):
    WEBHOOK = "webhook"
    NTFY = "ntfy"
    MAIL = "mail"
    SMS = "sms"
    TELEGRAM = "telegram"

    @property
    def is_heard(self) -> bool:
        """Whether it rings or shows on a phone, and so is left alone in quiet hours."""
        return self in (Kind.NTFY, Kind.SMS, Kind.TELEGRAM)


class Channel(Struct, frozen=True):
    """An address of a customer's own, checked. It is shown to them alone and never logged, and so is the secret."""

    id: str
    kind: Kind
    address: str
    secret: str
    created_at: datetime


class GoneChannel(Struct, frozen=True):
    """A channel that was removed because its receiver wants no more."""

    id: str
    kind: Kind
    address: str
    at: datetime


class ChannelDetails(Struct, frozen=True):
    """A channel, what it hears of, and what was sent to it lately."""

    channel: Channel
    events: Mapping[NoticeEvent, bool]
    deliveries: list[LoggedDelivery]


class Target(Struct, frozen=True):
    """A channel that a message is still to reach, in the language of who added it."""

    channel: str
    kind: Kind
    address: str
    secret: str
    language: Language
