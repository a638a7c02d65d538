"""Telegram: the link to the operator's bot, what the bot hears, and one message to a chat through Apprise.

Apprise's object is made from fields that were checked, never from a URL.
"""

import re
from collections.abc import Callable
from html import escape

import msgspec
from apprise import AppriseAsset, NotifyFormat
from apprise.plugins.telegram import NotifyTelegram
from msgspec import Struct

from faturat_server.channels.message import Message
from faturat_server.channels.settings import Telegram
from faturat_server.push.deliveries import Failure

CONNECT_TIMEOUT, READ_TIMEOUT = 2, 4
"""Seconds; with both, a send ends before the gate's time does."""
WELCOME = (
    "Njoftimet e faturave tuaja do të vijnë këtu. Kthehuni te faqja dhe shtypni Vazhdo.\n\n"
    "Notices of your bills will come here. Go back to the page and press Continue."
)
"""In both languages, for nothing is known of who reads it."""
ASSET = AppriseAsset(http_redirects=False)

_make: Callable[..., NotifyTelegram] = NotifyTelegram
_START = re.compile(r"/start ([A-Za-z0-9_-]{22})", re.ASCII)


class Chat(Struct):
    id: int
    type: str


class Heard(Struct):
    chat: Chat
    text: str = ""


class Update(Struct):
    """The part that we read of what Telegram posts; nobody's name is in it."""

    message: Heard | None = None


class Start(Struct, frozen=True):
    """Somebody opened a link of ours: its code, and the chat that is theirs."""

    code: str
    chat: str


def link(code: str, settings: Telegram) -> str:
    return f"https://t.me/{settings.bot}?start={code}"


def read_start(update: bytes) -> Start | None:
    """What a link brings; None for all else that people write to a bot."""
    try:
        message = msgspec.json.decode(update, type=Update).message
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if message is None or message.chat.type != "private":
        return None
    said = _START.fullmatch(message.text)
    return Start(said[1], str(message.chat.id)) if said else None


def welcome(start: Start) -> dict[str, str]:
    """What the bot says to a chat that was added, as the answer to what it heard: no call of ours is needed.

    Source: "Making requests when getting updates", https://core.telegram.org/bots/api.
    """
    return {"method": "sendMessage", "chat_id": start.chat, "text": WELCOME}


async def post(chat: str, message: Message, settings: Telegram) -> Failure | None:
    """Hand a message to Telegram once; None where it took it."""
    sender = _make(
        bot_token=settings.token,
        targets=[chat],
        detect_owner=False,
        include_image=False,
        asset=ASSET,
        cto=CONNECT_TIMEOUT,
        rto=READ_TIMEOUT,
    )
    sender.notify_url = f"{settings.api}/bot"
    # Apprise sends text as HTML and escapes nothing: what a customer or company named would be taken for tags
    title, body = escape(message.title, quote=False), escape(message.body, quote=False)
    taken = await sender.async_notify(title=title, body=body, body_format=NotifyFormat.HTML)
    return None if taken else Failure.NOT_TAKEN
