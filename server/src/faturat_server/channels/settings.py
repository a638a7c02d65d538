"""The channels observer's settings."""

import re
from typing import Literal

from apprise.utils.parse import is_email
from msgspec import Struct

from faturat_server.channels.gateway import check_gateway

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)
_API = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?|http://127\.0\.0\.1:[0-9]{1,5}", re.ASCII)
_BOT = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}", re.ASCII)
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,256}", re.ASCII)
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}", re.ASCII)


class Mail(Struct, frozen=True, forbid_unknown_fields=True):
    """The operator's mail server, and `sender`, the address that letters come from. Without `user` nobody logs in."""

    host: str
    sender: str
    port: int = 587
    security: Literal["starttls", "ssl", "insecure"] = "starttls"
    """`insecure` only for a server on the same machine."""
    user: str = ""
    password: str = ""

    def __post_init__(self) -> None:
        if not is_email(self.sender):
            raise ValueError("sender: write a mail address, like notices@bank.example")
        if ":" in self.host or not _HOST.fullmatch(self.host):
            raise ValueError("host: write a host, like mail.bank.example, without a port")
        if not 1 <= self.port <= 65535:
            raise ValueError("port: must be from 1 to 65535")

    def __repr__(self) -> str:
        return f"Mail({self.host!r})"  # no log may show the password


class Sms(Struct, frozen=True, forbid_unknown_fields=True):
    """The operator's SMS gateway, an Apprise URL without phone numbers, and how the numbers begin that it pays for."""

    gateway: str
    prefixes: tuple[str, ...] = ("+355",)

    def __post_init__(self) -> None:
        check_gateway(self.gateway)
        if not self.prefixes:
            raise ValueError("prefixes: write at least one, like +355")
        for number, prefix in enumerate(self.prefixes, start=1):
            if not _PREFIX.fullmatch(prefix):
                raise ValueError(f"prefixes: number {number} is no prefix, like +355")

    def __repr__(self) -> str:
        return f"Sms({self.gateway.partition('://')[0]!r})"  # no log may show the token


class Telegram(Struct, frozen=True, forbid_unknown_fields=True):
    """The operator's bot: its name and token, and the `secret` by which what Telegram posts to us is known.

    `api` is another server for a bank that runs its own.
    """

    bot: str
    token: str
    secret: str
    api: str = "https://api.telegram.org"

    def __post_init__(self) -> None:
        if not _BOT.fullmatch(self.bot):
            raise ValueError("bot: write its name without @, like bank_bills_bot")
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("token: write it as @BotFather gave it, like 123456:ABC-DEF")
        if not _SECRET.fullmatch(self.secret):
            raise ValueError("secret: write 20 to 256 of a-z, A-Z, 0-9, - and _, the same as in setWebhook")
        if not _API.fullmatch(self.api):
            raise ValueError("api: write a host over https, like https://api.telegram.org, with nothing behind it")

    def __repr__(self) -> str:
        return f"Telegram({self.bot!r})"  # no log may show the token


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """`ntfy` are the ntfy servers that customers may choose from, reached over https: a name, with `:port` if not 443.

    `local_webhooks` lets webhooks go to 127.0.0.1 too, with or without TLS: for trying them out, not for a bank.
    """

    ntfy: tuple[str, ...] = ()
    mail: Mail | None = None
    sms: Sms | None = None
    telegram: Telegram | None = None
    local_webhooks: bool = False

    def __post_init__(self) -> None:
        for number, host in enumerate(self.ntfy, start=1):
            if not _HOST.fullmatch(host):
                raise ValueError(f"ntfy: number {number} is no host, like ntfy.bank.example")
