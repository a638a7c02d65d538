"""SFTP: files fetched and put, in time, of bounded size, over a connection to the one server that the bank knows.

A connection lives for one hook. Nothing is overwritten or deleted at the company but the bank's own temporary names.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from typing import Any, TypeVar

import asyncssh

from faturat.errors import BillerError
from faturat.exchange.types import ExchangeFile, OutgoingFile
from faturat_albtelecom.settings import Settings

T = TypeVar("T")

MOST_NAMES = 100_000
MOST_FILES = 1000
MOST_BYTES = 256 * 1024 * 1024
"""How much is fetched at once, by name; the rest waits for the next time. A folder may hold years of registers."""
READ_BLOCK = 256 * 1024
"""Bytes that a request asks for; a server may answer with fewer."""
WRITE_BLOCK = 32 * 1024
"""Bytes that a request brings; every server takes as many."""
FILES = (asyncssh.FILEXFER_TYPE_REGULAR, asyncssh.FILEXFER_TYPE_UNKNOWN)
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,119}", re.ASCII)
"""What the host keeps. A temporary name of the company begins with a full stop or ends as below."""
_TEMPORARY = (".part", ".tmp", ".filepart")

FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timeout"),
    (asyncssh.HostKeyNotVerifiable, "wrong_host_key"),
    (asyncssh.PermissionDenied, "login_refused"),
    (asyncssh.SFTPNoSuchFile, "no_such_folder"),
    (asyncssh.SFTPConnectionLost, "connection_lost"),
    (asyncssh.SFTPNoConnection, "connection_lost"),
    (asyncssh.SFTPError, "sftp_refused"),
    (asyncssh.ConnectionLost, "connection_lost"),
    (asyncssh.Error, "ssh_failed"),
    (OSError, "no_connection"),
    (ValueError, "bad_reply"),
)
"""What an operator is told; the first that fits."""


class Client:
    """Fetches from the company's one folder and puts into the other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._login: dict[str, object] = {"username": settings.user, "client_keys": None}
        if settings.password is not None:
            self._login["password"] = settings.password
        if settings.private_key_file is not None:
            self._login["client_keys"] = [asyncssh.read_private_key(settings.private_key_file)]
        self._host_key = asyncssh.import_public_key(settings.host_key)

    async def collect(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        """The files that lie ready and are not known. Raises BillerError, file_too_large for one above max_file."""
        files: list[ExchangeFile] = []
        size = 0
        async with self._session() as sftp:
            wanted = sorted(await self._answer(self._list(sftp, self._settings.inbox)) - known)
            for name in wanted[:MOST_FILES]:
                if size > MOST_BYTES:
                    break
                if (file := await self._fetch(sftp, self._settings.inbox, name)) is not None:
                    files.append(file)
                    size += len(file.content)
        return tuple(files)

    async def newest_statement(self, stem: str) -> ExchangeFile:
        """The file of the highest number, `<stem>-NNN.csv`; raises BillerError, no_statement where there is none."""
        async with self._session() as sftp:
            names = await self._answer(self._list(sftp, self._settings.statements))
            numbered = sorted((int(found[1]), name) for name in names if (found := _numbered(stem, name)))
            file = await self._fetch(sftp, self._settings.statements, numbered[-1][1]) if numbered else None
        if file is None:
            raise BillerError("no_statement")
        return file

    async def send(self, files: Iterable[OutgoingFile]) -> None:
        """Put each file there under its name, if none lies there. Raises BillerError."""
        async with self._session() as sftp:
            for file in files:
                await self._put(sftp, file)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[asyncssh.SFTPClient]:
        """A connection, closed whatever happens; what fails in it becomes a BillerError."""
        connecting = asyncio.create_task(self._connect())
        try:
            connection = await self._answer(connecting)
            yield await self._answer(connection.start_sftp_client(path_errors="replace"))
        except tuple(kind for kind, _ in FAILURES) as error:
            raise BillerError(next(why for kind, why in FAILURES if isinstance(error, kind))) from error
        finally:
            # even where the wait for it was cancelled just as it was made
            if connecting.done() and not connecting.cancelled() and connecting.exception() is None:
                connecting.result().close()
                await connecting.result().wait_closed()

    async def _connect(self) -> asyncssh.SSHClientConnection:
        """Only the server of the settings' host key; nothing of the machine's own SSH configuration, keys or agent."""
        return await asyncssh.connect(
            self._settings.host,
            self._settings.port,
            known_hosts=([self._host_key], [], []),
            x509_trusted_certs=None,
            config=None,
            agent_path=None,
            gss_auth=False,
            gss_kex=False,
            **self._login,
        )

    async def _answer(self, waiting: Awaitable[T]) -> T:
        """Wait for one thing, for as long as the settings allow.

        In a task of its own: when it is cancelled asyncssh asks the company to close what it had open, and waits again.
        """
        task = asyncio.ensure_future(waiting)
        try:
            async with asyncio.timeout(self._settings.timeout):
                return await asyncio.shield(task)
        finally:
            if task.cancel():
                task.add_done_callback(_forget)

    async def _list(self, sftp: asyncssh.SFTPClient, folder: str) -> set[str]:
        names: set[str] = set()
        listed = 0
        async for entry in sftp.scandir(folder):
            listed += 1
            if listed > MOST_NAMES:
                raise BillerError("too_many_files", "biller_bad_reply")
            name = str(entry.filename)
            if entry.attrs.type in FILES and _NAME.fullmatch(name) and not name.endswith(_TEMPORARY):
                names.add(name)
        return names

    async def _fetch(self, sftp: asyncssh.SFTPClient, folder: str, name: str) -> ExchangeFile | None:
        """A file as it lies there now; None where it was moved away meanwhile."""
        try:
            file = await self._answer(sftp.open(f"{folder}/{name}", "rb", block_size=0))
        except asyncssh.SFTPNoSuchFile:
            return None
        limit = self._settings.max_file
        content = bytearray()
        if ((await self._answer(file.stat())).size or 0) <= limit:
            while len(content) <= limit:
                block: bytes = await self._answer(file.read(READ_BLOCK, len(content)))
                if not block:
                    await self._answer(file.close())
                    return ExchangeFile(name, bytes(content))
                content += block
        raise BillerError("file_too_large", "biller_bad_reply")

    async def _put(self, sftp: asyncssh.SFTPClient, file: OutgoingFile) -> None:
        """Write under a name of this try's own, and rename: a rename of SFTP 3 never replaces what lies there."""
        final = f"{self._settings.outbox}/{file.name}"
        if await self._lies_there(sftp, final):
            return
        temporary = f"{self._settings.outbox}/.{file.name}.{token_hex(4)}.part"
        try:
            await self._write(sftp, temporary, file.content)
            await self._answer(sftp.rename(temporary, final))
        except asyncssh.SFTPError:
            with suppress(asyncssh.SFTPError):
                await self._answer(sftp.remove(temporary))
            if not await self._lies_there(sftp, final):  # else another try was first, or this one was through
                raise

    async def _write(self, sftp: asyncssh.SFTPClient, path: str, content: bytes) -> None:
        file = await self._answer(sftp.open(path, "xb", block_size=0))
        for start in range(0, len(content), WRITE_BLOCK):
            await self._answer(file.write(content[start : start + WRITE_BLOCK], start))
        await self._answer(file.close())

    async def _lies_there(self, sftp: asyncssh.SFTPClient, path: str) -> bool:
        try:
            await self._answer(sftp.stat(path))
        except asyncssh.SFTPNoSuchFile:
            return False
        return True


def _numbered(stem: str, name: str) -> re.Match[str] | None:
    return re.fullmatch(re.escape(stem) + r"-([0-9]{1,9})\.csv", name, re.ASCII)


def _forget(task: asyncio.Future[Any]) -> None:
    """Nobody waits for this any more; its exception is taken so that nothing complains about it."""
    if not task.cancelled():
        task.exception()
