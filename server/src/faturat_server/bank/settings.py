"""The reference bank's settings."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    database_url: str
    """PostgreSQL, by a connection pool of the bank's own; it may be the database that Faturat itself uses."""
    hold_lifetime: Annotated[int, Meta(gt=0)] = 7 * 24 * 3600
    """How long a hold lives, in seconds."""

    def __repr__(self) -> str:
        return f"Settings(hold_lifetime={self.hold_lifetime})"  # the URL may carry a password, which no log may show
