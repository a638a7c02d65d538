"""The Apprise notifier's settings."""

import apprise
from msgspec import Struct

from faturat import Language

MAX_URLS = 10


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """`urls` are the operator's, in Apprise's words; no user ever types one. Without any, notices stay on the page."""

    urls: tuple[str, ...] = ()
    language: Language = "sq"

    def __post_init__(self) -> None:
        if len(self.urls) > MAX_URLS:
            raise ValueError(f"urls: at most {MAX_URLS}")
        for number, url in enumerate(self.urls, start=1):
            if apprise.Apprise.instantiate(url) is None:
                raise ValueError(f"urls: number {number} is no URL that Apprise knows, like json://host/path")

    def __repr__(self) -> str:
        return f"Settings({len(self.urls)} urls)"  # a URL may carry a password, which no log may show
