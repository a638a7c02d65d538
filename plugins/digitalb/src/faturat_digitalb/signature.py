"""Who wrote a message, when, and to which request: HMAC-SHA256 over its parts, as assumed in MAPPINGS.md.

A request signs its method, path, date, nonce and body; a reply its status, date, the request's nonce and its body. A
method is letters and a status digits, so neither can be taken for the other.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from faturat.errors import BillerError

KEY = "X-Digitalb-Key"
DATE = "X-Digitalb-Date"
NONCE = "X-Digitalb-Nonce"
SIGNATURE = "X-Digitalb-Signature"

WINDOW = timedelta(seconds=300)
"""How far the two clocks may be apart, either way."""


def write_date(now: datetime) -> str:
    """`2018-08-15T08:30:00Z`, always in UTC."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign(secret: str, *parts: str, body: bytes) -> str:
    """The signature of a message in hexadecimal digits; parts: those of its head, in their order."""
    lines = (*parts, hashlib.sha256(body).hexdigest())
    return hmac.new(secret.encode(), _bytes("\n".join(lines)), hashlib.sha256).hexdigest()


def equal(given: str, due: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(_bytes(given), _bytes(due))


def is_current(date: str, now: datetime) -> bool:
    """Whether a message's date is a time with its offset and lies in the window."""
    try:
        written: datetime = msgspec.convert(date, Annotated[datetime, msgspec.Meta(tz=True)])
    except msgspec.ValidationError:
        return False
    return abs(now - written) <= WINDOW


def check_reply(secret: str, status: int, headers: Mapping[str, str], body: bytes, nonce: str) -> None:
    """Check that the company wrote this reply, and to the request with this nonce.

    Raises BillerError bad_signature, also where there is none, or reply_to_another_request.
    """
    date, answered = headers.get(DATE, ""), headers.get(NONCE, "")
    due = sign(secret, str(status), date, answered, body=body)
    if not equal(headers.get(SIGNATURE, ""), due):
        raise BillerError("bad_signature", "biller_bad_reply")
    if answered != nonce:
        raise BillerError("reply_to_another_request", "biller_bad_reply")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # a header from outside may hold bytes that are no text
