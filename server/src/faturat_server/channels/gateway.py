"""The operator's SMS gateway: an Apprise URL, taken apart once; each message gets an object of its own with one number.

Only gateways whose targets are phone numbers are let in, and none that would turn ë into a question mark.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from apprise import Apprise, AppriseAsset
from apprise.plugins import url_to_dict
from apprise.plugins.base import NotifyBase

SCHEMES = ("smseagle", "smseagles", "twilio", "sinch", "plivo", "msgbird", "clicksend", "bulksms", "httpsms")
CONNECT_TIMEOUT, READ_TIMEOUT = 2, 4
"""Seconds; with both, a send ends before the gate's time does."""
ASSET = AppriseAsset(http_redirects=False)

_TRIED = "+355690000000"

_parse: Callable[[str], dict[str, Any] | None] = url_to_dict
_take_apart = lru_cache(maxsize=4)(_parse)


def check_gateway(url: str) -> None:
    """Raises ValueError with the mend where no number can be sent to by this gateway, or it brings some of its own."""
    scheme = url.partition("://")[0].lower()
    if scheme not in SCHEMES:
        raise ValueError(f"gateway: begin it with one of {', '.join(f'{each}://' for each in SCHEMES)}")
    fields = _take_apart(url)
    if any((fields or {}).get("targets") or ()):
        raise ValueError("gateway: leave the phone numbers out; customers add theirs")
    made = sender(url, _TRIED)
    if made is None or len(made) != 1:
        raise ValueError(f"gateway: cannot be read; write it as Apprise's page on {scheme}:// says, without numbers")


def sender(url: str, number: str) -> NotifyBase | None:
    """What sends one message, whole, to one number; None where the URL is no gateway's."""
    fields = _take_apart(url)
    if fields is None:
        return None
    # upstream: the gateway cuts long messages, not Apprise, which would wait for seconds between the pieces
    chosen = {"targets": [number], "overflow": "upstream", "cto": CONNECT_TIMEOUT, "rto": READ_TIMEOUT}
    return Apprise.instantiate({**fields, **chosen, "redirect": False}, asset=ASSET)
