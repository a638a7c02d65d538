"""One message to one device through Apprise's `vapid://`, kept to what a server may do for somebody it does not know.

Apprise 2.2 makes what is posted: the encrypted text and the token that says who we are. By itself it wants key and
subscription in files, refuses a TTL above 60 s, connects to wherever a name leads, and has no Topic. Here both stay in
memory and we post: its objects are made from typed fields alone, never from a URL that somebody wrote.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

import requests
from apprise import AppriseAsset, NotifyType
from apprise.plugins.vapid import NotifyVapid
from apprise.utils.pem import ApprisePEMController
from cryptography.hazmat.primitives.asymmetric import ec

from faturat_server.addresses import open_blocking_session
from faturat_server.push.types import Target

TTL = 3 * 24 * 3600
"""How long a push service keeps a message for a device that is off, in seconds: as long as the outbox would try."""
CONNECT_TIMEOUT, READ_TIMEOUT = 2, 3
"""Seconds; with both, a send ends before the outbox tries the notice again."""

ASSET = AppriseAsset(http_redirects=False, pem_autogen=False)


class Outcome(Enum):
    SENT = "sent"
    GONE = "gone"
    """The push service says that the subscription is no more (404, 410)."""
    FAILED = "failed"


OUTCOMES = {
    **dict.fromkeys((200, 201, 202, 204), Outcome.SENT),
    **dict.fromkeys((404, 410), Outcome.GONE),
}
"""By the push service's status; any other is a failure, and so is a redirect."""


async def send(
    target: Target,
    message_id: str,
    text: str,
    key: ec.EllipticCurvePrivateKey,
    contact: str,
    open_session: Callable[[], requests.Session] = open_blocking_session,
) -> Outcome:
    """Encrypt a text for a device and hand it to its push service, once.

    Of two messages with one id a push service keeps the newer for a device that is off.
    """
    message = _Message(target, message_id, key, contact, open_session)
    await message.async_notify(body=text)
    return message.outcome


class _Message(NotifyVapid):
    def __init__(
        self,
        target: Target,
        message_id: str,
        key: ec.EllipticCurvePrivateKey,
        contact: str,
        open_session: Callable[[], requests.Session],
    ) -> None:
        super().__init__(
            subscriber=contact,
            targets=[target.device],
            asset=ASSET,
            store=False,
            cto=CONNECT_TIMEOUT,
            rto=READ_TIMEOUT,
        )
        self.pem = _Key(key)
        kept = target.subscription
        keys = {"p256dh": kept.p256dh, "auth": kept.auth}
        self.subscriptions[target.device] = {"endpoint": kept.endpoint, "keys": keys}
        self.outcome = Outcome.FAILED
        self._device = self.subscriptions[target.device]
        # 32 characters at most, of those of base64url (RFC 8030)
        self._topic = message_id.rpartition("_")[2]
        self._open_session = open_session

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_: Any) -> bool:
        """What Apprise has a thread do."""
        headers = {
            "Authorization": f"vapid t={self._jwt_token(self._device.origin)}, k={self.public_key}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL),
            "Topic": self._topic,
        }
        keys = {"public_key": self._device.public_key, "auth_secret": self._device.auth_secret}
        encrypted = self.pem.encrypt_webpush(body, **keys)
        try:
            with self._open_session() as session:
                answer = session.post(
                    self._device.endpoint,
                    data=encrypted,
                    headers=headers,
                    timeout=self.request_timeout,
                    allow_redirects=False,
                    stream=True,  # nothing of the answer is read but its status
                )
                self.outcome = OUTCOMES.get(answer.status_code, Outcome.FAILED)
        except requests.RequestException:
            self.outcome = Outcome.FAILED
        return self.outcome is Outcome.SENT


class _Key(ApprisePEMController):
    """A private key that was never in a file."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        super().__init__(path="")
        self._key = key

    def private_key(
        self, *names: str, autogen: bool | None = None, autodetect: bool = True
    ) -> ec.EllipticCurvePrivateKey:
        return self._key

    def public_key(
        self, *names: str, autogen: bool | None = None, autodetect: bool = True
    ) -> ec.EllipticCurvePublicKey:
        return self._key.public_key()
