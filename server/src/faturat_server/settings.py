"""The server's settings: Faturat's own, and the table [web]."""

import re

from msgspec import Struct

from faturat import Language
from faturat.settings import Settings

_ADDRESS = re.compile(r"https?://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.ASCII)


class WebSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the server listens and how it keeps sessions."""

    host: str = "127.0.0.1"
    port: int = 8000
    secure_cookies: bool = True
    """False only where the pages are served without TLS, as the demo does on 127.0.0.1."""
    session_hours: int = 12
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of the proxies in front; only their X-Forwarded-For tells who asks. Log-ins are limited per address."""
    public_url: str = ""
    """Where people reach the pages, as https://pay.bank.example; there a receipt's QR code leads. Without it receipts
    have none: what a request calls its host is anybody's word."""
    language: Language = "sq"
    """For whoever has not chosen one."""

    def __post_init__(self) -> None:
        if not 1 <= self.port <= 65535:
            raise ValueError("port must be from 1 to 65535")
        if not 1 <= self.session_hours <= 24 * 30:
            raise ValueError("session_hours must be from 1 to 720")
        if self.public_url and not _ADDRESS.fullmatch(self.public_url):
            raise ValueError(
                "public_url must be scheme and host alone, in small letters, like https://pay.bank.example"
            )


class ServerSettings(Settings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    web: WebSettings = WebSettings()
