"""The channels observer's settings."""

from msgspec import Struct


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """`local_webhooks` lets webhooks go to 127.0.0.1 too, with or without TLS: for trying them out, not for a bank."""

    local_webhooks: bool = False
