"""A mail server on 127.0.0.1."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_string, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class Mailbox:
    """A mail server that takes letters for everybody; `refuses` says that it does not."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False

    @property
    def code(self) -> str:
        found = re.search(r"\b[0-9]{6}\b", self.letters[-1].get_content())
        assert found is not None
        return found[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        while line := (await reader.readline()).strip().upper():
            if line == b"DATA":
                writer.write(b"354 go on\r\n")
                text = (await reader.readuntil(b"\r\n.\r\n"))[:-5].decode()
                self.letters.append(cast(EmailMessage, message_from_string(text, policy=policy.default)))
            elif line == b"QUIT":
                break
            writer.write(b"550 no\r\n" if self.refuses and line.startswith(b"RCPT") else b"250 ok\r\n")
        writer.write(b"221 bye\r\n")
        writer.close()


@asynccontextmanager
async def serve_mailbox(port: int = 0) -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    server = await asyncio.start_server(mailbox.serve, "127.0.0.1", port)
    mailbox.port = server.sockets[0].getsockname()[1]
    yield mailbox
    server.close()
