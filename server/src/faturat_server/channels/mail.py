"""E-mail: reading an address, and one message to it by the operator's server, through Apprise.

Apprise's object is made from fields that were checked, never from a URL.
"""

import re
from email.message import EmailMessage
from email.utils import localtime
from typing import Any

from apprise import AppriseAsset, NotifyType
from apprise.plugins.email import NotifyEmail
from apprise.plugins.email.smtp import SMTP_EXCEPTIONS, AppriseSMTPController

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
    letter = _Letter(address, message.id, server)
    taken = await letter.async_notify(title=message.title, body=message.body)
    return None if taken else Failure.NOT_TAKEN


class _Letter(NotifyEmail):
    """Its Message-ID is the same at each try, by which a mailbox knows a repeat; Apprise itself makes a new one."""

    def __init__(self, address: str, message_id: str, server: Mail) -> None:
        secure = server.security != "insecure"
        chosen = {"from_addr": server.sender, "targets": [address], "format": "text", "asset": ASSET}
        super().__init__(host=server.host, secure=secure, **chosen)
        self._address, self._message_id, self._server = address, message_id, server

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, *_: Any, **__: Any) -> bool:
        """What Apprise has a thread do."""
        server = self._server
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = server.sender, self._address, " ".join(title.split())
        letter["Date"] = localtime()
        letter["Message-ID"] = f"<{self._message_id}@{server.sender.rpartition('@')[2]}>"
        letter["X-Faturat-Notice"] = self._message_id
        letter.set_content(body, cte="quoted-printable")
        try:
            with AppriseSMTPController(
                host=server.host,
                port=server.port,
                secure_mode=server.security,
                user=server.user or None,
                password=server.password or None,
                socket_connect_timeout=TIMEOUT,
            ) as smtp:
                return bool(smtp.sendmail(server.sender, [self._address], letter.as_string()))
        except SMTP_EXCEPTIONS:
            return False
