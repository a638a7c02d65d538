"""Who hears of a notice in the crash tests: a device and a channel of each kind, each a real server on 127.0.0.1."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crash_kit import Bench, Heard
from fakes.bot_server import BOT, BotServer, serve_bot
from fakes.browser import Browser
from fakes.mailbox import Mailbox, serve_mailbox
from fakes.ntfy_server import Ntfy, serve_ntfy
from fakes.push_service import PushService, serve_push
from fakes.sms_gateway import SmsGateway, serve_sms
from fakes.trusted import trusted
from fakes.webhooks import Receiver, serve_webhooks

from faturat_server.channels.signing import new_secret
from faturat_server.channels.types import Kind

PUSH = "push"
KINDS = (PUSH, *(kind.value for kind in Kind))
KNOWN = (PUSH, Kind.WEBHOOK, Kind.NTFY, Kind.MAIL)
"""Those whose messages carry the notice's id, by which a repeat is known."""

DEVICE = """
INSERT INTO push_device (id, customer, username, endpoint, p256dh, auth, created_at)
VALUES ('push', 'demo', 'demo', $1, $2, $3, now() - interval '1 day')
"""
CHANNEL = """
INSERT INTO channel (id, customer, username, kind, address, secret, created_at)
VALUES ($1, 'demo', 'demo', $1, $2, $3, now() - interval '1 day')
"""
NEVER_QUIET = "INSERT INTO push_quiet (customer, begins, ends) VALUES ('demo', '00:00', '00:00')"


@dataclass(kw_only=True)
class Receivers(Heard):
    push: PushService
    webhooks: Receiver
    ntfy: Ntfy
    mailbox: Mailbox
    sms: SmsGateway
    bot: BotServer
    secret: str = field(default_factory=new_secret)
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.push.browser("phone")

    @property
    def addresses(self) -> dict[Kind, str]:
        return {
            Kind.WEBHOOK: self.webhooks.url("program"),
            Kind.NTFY: f"{self.ntfy.host}/my-own-topic",
            Kind.MAIL: "test.test@mail.example",
            Kind.SMS: "+355691234567",
            Kind.TELEGRAM: "5000000001",
        }

    def got(self, kind: str) -> list[str]:
        """What came by a kind, in turn: the id where there is one, else the text."""
        match kind:
            case "push":
                read = [(each, self.browser.read(each.body)["id"]) for each in self.push.tried]
                assert all(f"not_{each.headers['Topic']}" == notice for each, notice in read)
                return [notice for _, notice in read]
            case Kind.WEBHOOK:
                assert all(each.is_signed_with(self.secret) for each in self.webhooks.posted)
                return [each.headers["webhook-id"] for each in self.webhooks.posted]
            case Kind.NTFY:
                return [each["sequence_id"] for each in self.ntfy.published]
            case Kind.MAIL:
                return [each["Message-ID"].strip("<>").partition("@")[0] for each in self.mailbox.letters]
            case Kind.SMS:
                return [each["message"] for each in self.sms.taken]
            case _:
                return [each["text"] for each in self.bot.sent]


@asynccontextmanager
async def receivers(folder: Path) -> AsyncIterator[Receivers]:
    context = trusted(folder)
    async with (
        serve_push(context) as push,
        serve_ntfy(context) as ntfy,
        serve_webhooks() as webhooks,
        serve_mailbox() as mailbox,
        serve_sms() as sms,
        serve_bot() as bot,
    ):
        mail = {"host": "127.0.0.1", "port": mailbox.port, "security": "insecure", "sender": "notices@bank.example"}
        channels = {
            "local_webhooks": True,
            "ntfy": [ntfy.host],
            "mail": mail,
            "sms": {"gateway": sms.url},
            "telegram": {**BOT, "api": bot.api},
        }
        observers = {"push": {"contact": "notices@bank.example", "hosts": [push.host]}, "channels": channels}
        yield Receivers(observers, push=push, webhooks=webhooks, ntfy=ntfy, mailbox=mailbox, sms=sms, bot=bot)


async def subscribe(bench: Bench) -> None:
    """The customer has a device and each kind of channel, and no quiet hours."""
    heard = receivers_of(bench)
    await bench.rows(NEVER_QUIET)
    await bench.rows(DEVICE, heard.browser.endpoint, heard.browser.keys["p256dh"], heard.browser.keys["auth"])
    for kind, address in heard.addresses.items():
        await bench.rows(CHANNEL, kind.value, address, heard.secret)


def receivers_of(bench: Bench) -> Receivers:
    assert isinstance(bench.heard, Receivers)
    return bench.heard
