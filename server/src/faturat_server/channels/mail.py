"""E-mail: reading an address, and one message to it by the operator's server, through Apprise.

Apprise's object is made from fields that were checked, never from a URL.
"""

import re

from apprise import AppriseAsset
from apprise.plugins.email import NotifyEmail

from faturat import FaturatError
from faturat_server.channels.message import Message
from faturat_server.channels.settings import Mail
from faturat_server.push.deliveries import Failure

LONGEST = 200
TIMEOUT = 4
"""Seconds that the server may take for each answer."""
ASSET = AppriseAsset(app_id="Faturat")

_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.ASCII)


def read_mail(typed: str) -> str:
    """A mail address in small letters; raises FaturatError bad_mail."""
    address = typed.strip().lower()
    if len(address) > LONGEST or not _ADDRESS.fullmatch(address):
        raise FaturatError("bad_mail", field="adresa")
    return address


async def post(address: str, message: Message, server: Mail) -> Failure | None:
    """Hand a message to the operator's server once; None where it took it."""
    sender = _Letter(
        host=server.host,
        smtp_host=server.host,
        port=server.port,
        secure=server.security != "insecure",
        secure_mode=server.security,
        user=server.user or None,
        password=server.password or None,
        from_addr=server.sender,
        targets=[address],
        headers={"X-Faturat-Notice": message.id},
        format="text",
        asset=ASSET,
    )
    taken = await sender.async_notify(title=message.title, body=message.body)
    return None if taken else Failure.NOT_TAKEN


class _Letter(NotifyEmail):
    socket_connect_timeout = TIMEOUT
