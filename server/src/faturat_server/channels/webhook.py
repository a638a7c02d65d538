"""Webhooks: reading the address that a customer typed, and posting a signed message to it once."""

import re
from datetime import datetime

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver

from faturat import FaturatError, Text
from faturat_server.addresses import PrivateAddress, may_connect, open_session
from faturat_server.channels.message import Message
from faturat_server.channels.signing import signed_headers
from faturat_server.channels.types import Target
from faturat_server.push.deliveries import Failure

LONGEST = 500
GONE = 410
"""The status by which a receiver says that it wants no more (Standard Webhooks)."""
LABEL = Text("Adresa", "Address")
HELP = Text("Merreni nga programi që do t'i marrë njoftimet.", "Take it from the program that will get the notices.")

EMPTY = Text("Shkruani adresën.", "Enter the address.")
NO_HTTPS = Text("Ajo duhet të fillojë me https://.", "It must begin with https://.")
FRAGMENT = Text("Hiqni shenjën # dhe çfarë vjen pas saj.", "Leave out # and what follows it.")
USER = Text("Hiqni emrin e përdoruesit para @.", "Leave out the user's name before @.")
CAPITALS = Text(
    "Shkruani https dhe emrin e serverit me shkronja të vogla.", "Write https and the server's name in small letters."
)
OTHERWISE = Text("Shkruajeni si https://programi.example/njoftimet.", "Write it like https://program.example/notices.")

# no user, no fragment, no backslash, no space: everybody who reads this takes the same part of it for the host
_ADDRESS = re.compile(
    r"(https?)://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?(?:/[\w.~!$&'()*+,;=:@%/-]*)?"
    r"(?:\?[\w.~!$&'()*+,;=:@%/?-]*)?",
    re.ASCII,
)


def read_webhook(typed: str, local: bool) -> str:
    """An address that may be posted to; raises FaturatError field_too_long, bad_webhook, private_webhook."""
    address = typed.strip()
    if len(address) > LONGEST:
        size = {"limit": LONGEST, "length": len(address)}
        raise FaturatError("field_too_long", field="adresa", label=LABEL, help=HELP, **size)
    read = _ADDRESS.fullmatch(address)
    if read is None or not 0 < int(read[3] or 443) < 65536:
        raise FaturatError("bad_webhook", field="adresa", why=_why(address))
    scheme, host = read[1], read[2].strip("[]")
    if scheme == "http" and not (local and host == "127.0.0.1"):
        raise FaturatError("bad_webhook", field="adresa", why=NO_HTTPS)
    if _is_private(host, local):
        raise FaturatError("private_webhook", field="adresa")
    return address


def _why(address: str) -> Text:
    """The first that makes an address none, of what people write."""
    scheme, _, rest = address.partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    wrong = {
        EMPTY: not address,
        NO_HTTPS: scheme.lower() != "https",
        FRAGMENT: "#" in rest,
        USER: "@" in host,
        CAPITALS: scheme + host != (scheme + host).lower(),
    }
    return next((why for why, found in wrong.items() if found), OTHERWISE)


def _is_private(host: str, local: bool) -> bool:
    """What is seen of it before it is resolved; all of it is checked again where it is connected to."""
    try:
        return not may_connect(host, local)
    except ValueError:  # a name, or digits that no resolver should take for an address
        return host == "localhost" or host.endswith(".localhost") or not host.rsplit(".", 1)[-1].strip("0123456789")


async def post(
    target: Target, message: Message, now: datetime, local: bool, resolver: AbstractResolver | None = None
) -> Failure | None:
    """Post a message once, follow nothing and read nothing; None where it was taken (2xx)."""
    said = {
        "type": message.event,
        "timestamp": message.at,
        "data": {"id": message.id, "title": message.title, "body": message.body, **message.facts},
    }
    body = msgspec.json.encode(said)
    headers = {"Content-Type": "application/json", **signed_headers(target.secret, message.id, now, body)}
    try:
        async with (
            open_session(local, resolver) as session,
            session.post(target.address, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status == GONE:
                return Failure.GONE
            return None if 200 <= answer.status < 300 else Failure.REFUSED
    except aiohttp.ClientSSLError:
        return Failure.INSECURE
    except aiohttp.ClientConnectorError as error:
        return Failure.PRIVATE if isinstance(error.os_error, PrivateAddress) else Failure.NO_ANSWER
    except (aiohttp.ClientError, TimeoutError, UnicodeError):
        return Failure.NO_ANSWER
