"""Reading what a browser gave: nothing of it is believed, and nothing else is kept of it."""

import base64
import re
from hashlib import sha256

from apprise.plugins.vapid.subscription import webpush_origin
from cryptography.hazmat.primitives.asymmetric import ec

from faturat import FaturatError, Text
from faturat_server.push.settings import Settings
from faturat_server.push.types import Subscription

LONGEST_ENDPOINT = 1000
LABEL = Text("Adresa e njoftimeve", "Push address")
HELP = Text("Dërgojeni siç e jep shfletuesi.", "Send it as the browser gives it.")

# no user, no fragment, no backslash, no space: everybody who reads this takes the same part of it for the host
_ENDPOINT = re.compile(r"https://([a-z0-9.-]+(?::[0-9]{1,5})?)/[\w.~!$&'()*+,;=:@%/?-]*", re.ASCII)
_BASE64URL = re.compile(r"[\w-]+={0,2}", re.ASCII)

_POINT = Text("65 bajte, një pikë e kurbës P-256", "65 bytes, a point of the curve P-256")
_SECRET = Text("16 bajte", "16 bytes")


def read_subscription(settings: Settings, endpoint: str, p256dh: str, auth: str) -> Subscription:
    """A subscription that can be sent to.

    Raises FaturatError field_too_long, bad_push_endpoint, push_service_not_allowed, bad_push_key.
    """
    return Subscription(_read_endpoint(settings, endpoint), _read_point(p256dh), _read_secret(auth))


def is_endpoint(text: str) -> bool:
    """Whether some browser may have given this, now or once."""
    return len(text) <= LONGEST_ENDPOINT and _ENDPOINT.fullmatch(text) is not None


def digest_of(endpoint: str) -> str:
    """What static/push.js makes of the endpoint of its own browser, too."""
    return encode(sha256(endpoint.encode()).digest())


def _read_endpoint(settings: Settings, endpoint: str) -> str:
    if len(endpoint) > LONGEST_ENDPOINT:
        size = {"limit": LONGEST_ENDPOINT, "length": len(endpoint)}
        raise FaturatError("field_too_long", field="endpoint", label=LABEL, help=HELP, **size)
    read = _ENDPOINT.fullmatch(endpoint)
    if read is None or webpush_origin(endpoint) is None:  # what Apprise would not send to is not kept
        raise FaturatError("bad_push_endpoint", field="endpoint")
    host = read[1].removesuffix(":443")
    if not settings.allows(host):
        raise FaturatError("push_service_not_allowed", field="endpoint", host=host, known=", ".join(settings.hosts))
    return endpoint


def _read_point(p256dh: str) -> str:
    point = _decode(p256dh)
    if len(point) != 65 or point[0] != 4:
        raise FaturatError("bad_push_key", field="p256dh", label="p256dh", expected=_POINT)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise FaturatError("bad_push_key", field="p256dh", label="p256dh", expected=_POINT) from None
    return encode(point)


def _read_secret(auth: str) -> str:
    secret = _decode(auth)
    if len(secret) != 16:
        raise FaturatError("bad_push_key", field="auth", label="auth", expected=_SECRET)
    return encode(secret)


def encode(data: bytes) -> str:
    """base64url without padding, as browsers write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The bytes of a base64url text; none where it is not one."""
    bare = text.rstrip("=")
    if not _BASE64URL.fullmatch(text) or len(bare) % 4 == 1:
        return b""
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
