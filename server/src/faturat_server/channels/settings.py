"""The channels observer's settings."""

import re

from msgspec import Struct

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """`ntfy` are the ntfy servers that customers may choose from, reached over https: a name, with `:port` if not 443.

    `local_webhooks` lets webhooks go to 127.0.0.1 too, with or without TLS: for trying them out, not for a bank.
    """

    ntfy: tuple[str, ...] = ()
    local_webhooks: bool = False

    def __post_init__(self) -> None:
        for number, host in enumerate(self.ntfy, start=1):
            if not _HOST.fullmatch(host):
                raise ValueError(f"ntfy: number {number} is no host, like ntfy.bank.example")
