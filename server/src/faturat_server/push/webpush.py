"""One message to one device through Apprise's `vapid://`, kept to what a server may do for somebody it does not know.

Apprise 2.2 by itself wants key and subscription in files, refuses a TTL above 60 s, and follows redirects. Here both
stay in memory, the TTL is that of a phone that is off for a weekend, and a redirect is a failure. Its objects are made
from typed fields alone, never from a URL that somebody wrote.
"""

from enum import Enum

from apprise import AppriseAsset
from apprise.plugins.vapid import NotifyVapid
from apprise.utils.pem import ApprisePEMController
from cryptography.hazmat.primitives.asymmetric import ec

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


async def send(target: Target, text: str, key: ec.EllipticCurvePrivateKey, contact: str) -> Outcome:
    """Encrypt a text for a device and hand it to its push service, once."""
    message = _Message(target, key, contact)
    if await message.async_notify(body=text):
        return Outcome.SENT
    # Apprise takes out what the push service no longer knows, and says it in no other way
    return Outcome.FAILED if target.device in message.subscriptions else Outcome.GONE


class _Message(NotifyVapid):
    template_args = NotifyVapid.template_args | {"ttl": NotifyVapid.template_args["ttl"] | {"max": TTL}}

    def __init__(self, target: Target, key: ec.EllipticCurvePrivateKey, contact: str) -> None:
        super().__init__(
            subscriber=contact,
            targets=[target.device],
            ttl=TTL,
            asset=ASSET,
            store=False,
            cto=CONNECT_TIMEOUT,
            rto=READ_TIMEOUT,
        )
        self.pem = _Key(key)
        kept = target.subscription
        keys = {"p256dh": kept.p256dh, "auth": kept.auth}
        self.subscriptions[target.device] = {"endpoint": kept.endpoint, "keys": keys}


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
