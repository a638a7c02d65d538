"""The bank's settings for UKT: where its interface is, who the bank is to it, and how long it may take."""

from urllib.parse import urlsplit

from msgspec import Struct


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of this plugin; a value that cannot work raises ValueError naming the field and the mend."""

    url: str
    """Where the interface begins; `/oauth/token` and `/v1/...` follow it."""
    client_id: str
    client_secret: str
    """From the environment or a file, never from faturat.toml."""
    timeout: float = 10.0
    """Seconds that one request may take."""
    fetch_timeout: float = 8.0
    """Seconds that reading many contracts at once may take: those that are not read by then are errors, the others
    are answered. Less than the host's own deadline, which would cost all of them."""
    contract_length: int | None = None
    """Set it only where the company told the bank the length of its contract numbers: it publishes none."""

    def __post_init__(self) -> None:
        if not _is_address(self.url):
            raise ValueError("url: give the address under which the interface begins, for example https://ukt.example")
        if not self.client_id:
            raise ValueError("client_id: set the one that the company gave the bank")
        if not self.client_secret:
            raise ValueError("client_secret: set the one that the company gave the bank")
        if not 0 < self.timeout <= 120:
            raise ValueError("timeout: set more than 0 and at most 120 seconds")
        if not 0 < self.fetch_timeout <= 120:
            raise ValueError("fetch_timeout: set more than 0 and at most 120 seconds")
        if self.contract_length is not None and not 1 <= self.contract_length <= 64:
            raise ValueError("contract_length: set 1 to 64 characters, or leave it out")

    def __repr__(self) -> str:
        return f"Settings(url={self.url!r}, client_id={self.client_id!r})"  # a secret must not reach a log


def _is_address(url: str) -> bool:
    """Whether paths can be put behind it. User and password do not belong there: they would be shown."""
    try:
        address = urlsplit(url)
        _ = address.port  # raises where it is no port
    except ValueError:
        return False
    if address.scheme not in ("http", "https") or not address.hostname:
        return False
    return not (address.query or address.fragment or address.username or address.password)
