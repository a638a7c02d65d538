"""A biller's health, as it is kept and as it is shown."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Lane(StrEnum):
    """For whom a biller is called; where it is called too often, the later of these wait for the earlier."""

    PAYMENT = "payment"
    CUSTOMER = "customer"
    """Somebody waits: a look-up, a registration, a refresh."""
    BACKGROUND = "background"
    """Nobody waits: the sweep, and questions about earlier payments."""


class Sign(StrEnum):
    """What a call to a biller tells of its health."""

    ANSWERED = "answered"
    """An answer in words, also a no."""
    SILENT = "silent"
    """A time-out, a refused or lost connection, a 5xx."""
    UNCLEAR = "unclear"
    """Something came that cannot be read, or the plugin failed: neither."""


class Circuit(Struct, frozen=True, kw_only=True):
    """What all processes know of one biller; `version` rises with every change, 0: nothing is stored.

    Closed without `open_until`; open before it; half-open from it on: then one call at a time may try, which has until
    `probe_until` to come back.
    """

    biller: str
    version: int = 0
    failures: int = 0
    """Calls in a row that brought no answer."""
    failing_since: datetime | None = None
    """When the first of them failed."""
    failed_at: datetime | None = None
    """When the last of them failed."""
    opened: int = 0
    """How often it opened since the last answer."""
    open_until: datetime | None = None
    probe_until: datetime | None = None

    @property
    def closed(self) -> bool:
        return self.open_until is None


class HealthState(StrEnum):
    OK = "ok"
    DISTURBED = "disturbed"
    """Some calls in a row brought no answer; it is still called."""
    DOWN = "down"
    """It is not called, but for a try now and then."""


class Health(Struct, frozen=True):
    """A biller's health as somebody sees it; `since` is the first call without an answer, None where all is well."""

    state: HealthState
    since: datetime | None = None
