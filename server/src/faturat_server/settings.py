"""The server's settings: Faturat's own, and the table [web]."""

from msgspec import Struct

from faturat import Language
from faturat.settings import Settings


class WebSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the server listens and how it keeps sessions."""

    host: str = "127.0.0.1"
    port: int = 8000
    secure_cookies: bool = True
    """False only where the pages are served without TLS, as the demo does on 127.0.0.1."""
    session_hours: int = 12
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of the proxies in front; only their X-Forwarded-For tells who asks. Log-ins are limited per address."""
    language: Language = "sq"
    """For whoever has not chosen one."""

    def __post_init__(self) -> None:
        if not 1 <= self.port <= 65535:
            raise ValueError("port must be from 1 to 65535")
        if not 1 <= self.session_hours <= 24 * 30:
            raise ValueError("session_hours must be from 1 to 720")


class ServerSettings(Settings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    web: WebSettings = WebSettings()
