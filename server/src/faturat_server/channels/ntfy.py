"""ntfy: reading the server and topic that a customer chose, and one message to it through Apprise.

Apprise's object is made from fields that were checked, never from a URL; the server is one that the operator named.
"""

import re
from typing import Any

import requests
from apprise import AppriseAsset, NotifyType
from apprise.plugins.ntfy import NotifyNtfy

from faturat import FaturatError
from faturat_server.channels.message import Message
from faturat_server.channels.settings import Settings
from faturat_server.push.deliveries import Failure

CONNECT_TIMEOUT, READ_TIMEOUT = 2, 3
"""Seconds; with both, a send ends before the gate's time does."""
ASSET = AppriseAsset(http_redirects=False)

# whoever knows a topic reads it: a short one is guessed
_TOPIC = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


def read_ntfy(server: str, topic: str, settings: Settings) -> str:
    """An address as `server/topic`; raises FaturatError unknown_server, bad_topic."""
    if server not in settings.ntfy:
        raise FaturatError("unknown_server", field="serveri", known=", ".join(settings.ntfy))
    if not _TOPIC.fullmatch(topic.strip()):
        raise FaturatError("bad_topic", field="tema")
    return f"{server}/{topic.strip()}"


async def publish(address: str, message: Message, settings: Settings) -> Failure | None:
    """Publish a message once; None where the server took it. Nothing goes to one that is no longer named."""
    server, _, topic = address.partition("/")
    if server not in settings.ntfy:
        return Failure.NOT_OFFERED
    publication = _Publication(server, topic, message.id)
    taken = await publication.async_notify(title=message.title, body=message.body)
    return None if taken else Failure.NOT_TAKEN


class _Publication(NotifyNtfy):
    """With a sequence id, the same at each try, by which a phone replaces what it shows; Apprise has no word for it.

    Source: "Updating notifications", https://docs.ntfy.sh/publish/; ntfy 2.16, an older server does not look at it.
    """

    def __init__(self, server: str, topic: str, message_id: str) -> None:
        host = server.partition(":")[0]
        rest = {"cto": CONNECT_TIMEOUT, "rto": READ_TIMEOUT, "asset": ASSET}
        super().__init__(host=host, secure=True, mode="private", targets=[topic], include_image=False, **rest)
        self._url = f"https://{server}"
        self._said = {"topic": topic, "sequence_id": message_id}

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, *_: Any, **__: Any) -> bool:
        """What Apprise has a thread do."""
        said = {**self._said, "title": title, "message": body}
        try:
            answer = requests.post(self._url, json=said, timeout=self.request_timeout, allow_redirects=False)
        except requests.RequestException:
            return False
        return answer.status_code == requests.codes.ok
