"""The bank's settings for DIGITALB: where its service is, and the secret that it and the bank share."""

import re
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

LEAST_SECRET = 32
"""Characters; a shorter secret could be guessed from one signed message."""

_PATH = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?", re.ASCII)
"""A path that nothing on the way writes differently: it is signed as it stands."""
_KEY_ID = re.compile(r"[!-~]{1,64}", re.ASCII)


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of this plugin; a value that cannot work raises ValueError naming the field and the mend."""

    url: str
    """Where the service listens; each kind of request has its own path below it."""
    key_id: str
    """The name that the company gave the secret."""
    secret: str
    """Signs what is sent and proves what is answered. From the environment or a file, never from faturat.toml."""
    timeout: float = 20.0
    """Seconds that one request may take."""
    contract_length: int | None = None
    """Set it only where the company told the bank the length of its contract numbers: it publishes none."""

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError("url: give the whole address of the service, for example https://digitalb.example/billing")
        if address.query or address.fragment or not _PATH.fullmatch(address.path):
            raise ValueError("url: end it with its path, of letters, digits, '.', '_' and '-'; the path is signed")
        if not _KEY_ID.fullmatch(self.key_id):
            raise ValueError("key_id: set 1 to 64 plain characters without spaces, as the company gave it")
        if len(self.secret) < LEAST_SECRET:
            raise ValueError(f"secret: set at least {LEAST_SECRET} characters; ask the company for a longer one")
        if not 0 < self.timeout <= 120:
            raise ValueError("timeout: set more than 0 and at most 120 seconds")
        if self.contract_length is not None and not 1 <= self.contract_length <= 64:
            raise ValueError("contract_length: set 1 to 64 characters, or leave it out")

    def __repr__(self) -> str:
        return f"Settings(url={self.url!r}, key_id={self.key_id!r})"  # a secret must not reach a log

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What rich prints instead of the repr; a Struct's own would show every field."""
        return [("url", self.url), ("key_id", self.key_id)]
