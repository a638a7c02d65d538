"""The push observer's settings."""

import re

from apprise.utils.parse import is_email
from msgspec import Struct

PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.notify.windows.com",
    "web.push.apple.com",
    "*.push.apple.com",
)
"""Those of the browsers that people have."""

_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """`contact` is the operator's mail address, which push services are told, as they ask (RFC 8292).

    `hosts` are the push services that are sent to, and no other: a name, or `*.name` for all below it; with `:port`
    where that is not 443.
    """

    contact: str
    hosts: tuple[str, ...] = PUSH_SERVICES

    def __post_init__(self) -> None:
        if not is_email(self.contact):
            raise ValueError("contact: write a mail address, like notices@bank.example")
        if not self.hosts:
            raise ValueError("hosts: name at least one push service")
        for number, host in enumerate(self.hosts, start=1):
            if not _HOST.fullmatch(host):
                raise ValueError(f"hosts: number {number} is no host, like push.bank.example or *.push.bank.example")

    def allows(self, host: str) -> bool:
        """Whether a host, with its port where it is not 443, is one of those that are sent to."""
        return any(host.endswith(each[1:]) if each.startswith("*.") else host == each for each in self.hosts)
