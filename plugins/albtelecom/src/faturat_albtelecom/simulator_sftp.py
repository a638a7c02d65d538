"""The door of the simulated company: an SFTP server on 127.0.0.1 that can show faults."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from io import FileIO
from pathlib import Path

import asyncssh
from asyncssh.misc import MaybeAwait

from faturat.testing.company import Company

USER = "bank"
NEVER = 3600.0
"""Seconds; shut() ends it."""

FAULTS = {
    "no_room": "refuses the next write, half done",
    "moved_away": "moves the next file away before it can be read",
    "growing": "writes on at the end of the next file while it is read",
}


class Door:
    """Listens with the host key in `key_file`, made there once, and shows the folder `root` and nothing else.

    `arrived` is called with the name of each file that the bank has put in place.
    """

    def __init__(
        self, company: Company, root: Path, key_file: Path, password: str, arrived: Callable[[str], None]
    ) -> None:
        if not key_file.exists():
            key_file.touch(0o600)
            asyncssh.generate_private_key("ssh-ed25519").write_private_key(key_file)
        self._host_key = asyncssh.read_private_key(key_file)
        self.company = company
        self.root = root
        self.password = password
        self.arrived = arrived
        self.port = 0
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self.logins = 0
        """How often somebody tried to log in."""

    @property
    def host_key(self) -> str:
        """The public key, one line."""
        return self._host_key.export_public_key().decode().strip()

    async def listen(self) -> None:
        """Listen; after shut() on the same port again."""
        self._shut = asyncio.Event()
        self._acceptor = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: _Guard(self),
            sftp_factory=lambda channel: _Files(channel, self),
            server_host_keys=[self._host_key],
            allow_scp=False,
            gss_host=None,
        )
        self.port = self._acceptor.get_port()

    def shut(self) -> None:
        """Stop listening, and hang up on whoever is connected."""
        self._shut.set()
        self._acceptor.close()
        for connection in self.connections:
            connection.abort()

    async def pause(self, seconds: float) -> None:
        """Wait, but no longer than until shut()."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._shut.wait()


class _Guard(asyncssh.SSHServer):
    """Who may come in."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._door.connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        self._door.connections.discard(self._connection)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._door.logins += 1
        return (username, password) == (USER, self._door.password)


class _Files(asyncssh.SFTPServer):
    """The folder, with the company's faults: those of a payment where a file of the bank is put in place."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], door: Door) -> None:
        super().__init__(channel, chroot=str(door.root).encode())
        self._door = door
        self._company = door.company

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        await self._show()
        async for name in super().scandir(path):
            yield name

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        await self._show()
        if pflags & asyncssh.FXF_READ and self._company.take("moved_away"):
            super().rename(path, b"/moved-" + path.rsplit(b"/", 1)[-1])
        return super().open(path, pflags, attrs)

    def read(self, file_obj: object, offset: int, size: int) -> MaybeAwait[bytes]:
        data = super().read(file_obj, offset, size)
        if self._company.take("growing") and isinstance(file_obj, FileIO):
            with Path(os.fsdecode(file_obj.name)).open("ab") as file:
                file.write(b"T;0;0;\n")
        return data

    def write(self, file_obj: object, offset: int, data: bytes) -> MaybeAwait[int]:
        if self._company.take("no_room"):
            super().write(file_obj, offset, data[: len(data) // 2])
            raise asyncssh.SFTPFailure("no room")
        return super().write(file_obj, offset, data)

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """A file of the bank comes in place: where another company would debit."""
        await self._fall_silent("before")
        super().rename(oldpath, newpath)
        self._door.arrived(newpath.decode().rsplit("/", 1)[-1])
        await self._fall_silent("after")
        if self._company.take("error_500_after_debit"):
            raise asyncssh.SFTPFailure("out of order")

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        """Replaces what lies there: this company does not offer it."""
        raise asyncssh.SFTPOpUnsupported("posix-rename")

    async def _show(self) -> None:
        if slow := self._company.take("slow"):
            await self._door.pause(slow.seconds)
        if self._company.take("error_500"):
            raise asyncssh.SFTPFailure("out of order")

    async def _fall_silent(self, when: str) -> None:
        """Never answer, or hang up, `when` the file is in place: before or after."""
        if self._company.take(f"timeout_{when}_debit"):
            await self._door.pause(NEVER)
        if self._company.take(f"hang_up_{when}_debit"):
            self.connection.abort()
