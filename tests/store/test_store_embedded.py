"""The embedded server: it outlives a killed starter, is attached to again, and recovers after a crash of its own."""

import asyncio
import os
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from faturat.store.postgres import Database
from faturat.store.postgres.embedded import EmbeddedPostgres, EmbeddedUnavailable

STARTER = """
import asyncio, os, signal, sys
from pathlib import Path
import asyncpg
from faturat.store.postgres.embedded import EmbeddedPostgres

async def main():
    url = await EmbeddedPostgres(Path(sys.argv[1])).start()
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    parent = Path(tempfile.mkdtemp(prefix="fat-"))
    yield parent / "pg"
    shutil.rmtree(parent)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


async def answer(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT answer FROM kept"))
    finally:
        await connection.close()


async def test_it_outlives_a_killed_starter_and_a_crash_of_its_own(folder: Path) -> None:
    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", STARTER, str(folder))
    assert await starter.wait() == -signal.SIGKILL
    server = EmbeddedPostgres(folder)
    assert server.running
    first = postmaster(folder)
    assert await answer(await server.start()) == 42
    assert postmaster(folder) == first, "attached, not started anew"

    os.kill(first, signal.SIGKILL)
    assert await answer(await server.start()) == 42
    assert postmaster(folder) != first

    await server.stop()
    assert not server.running
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n0\n5432\n{folder}\n\n0 0\nready   \n")
    assert not server.running, "the number belongs to another program by now"
    assert await answer(await server.start()) == 42
    await server.stop()


async def test_the_folder_is_closed_and_nothing_listens_outside_it(folder: Path) -> None:
    folder.parent.chmod(0o700)
    server = EmbeddedPostgres(folder)
    url = await server.start()
    assert mode(folder) == 0o700
    assert mode(folder.parent) in (0o700, 0o711), "passage at most, no reading"
    assert parse_qs(urlsplit(url).query)["host"] == [str(server.folder)]
    database = await Database.open(url)
    [row] = await database.fetch("SHOW listen_addresses")
    assert row["listen_addresses"] == ""
    await database.close()
    await server.stop()


async def test_a_folder_that_holds_something_else_is_told(folder: Path) -> None:
    await asyncio.to_thread(folder.mkdir)
    (folder / "letters.txt").write_text("not a database")
    with pytest.raises(EmbeddedUnavailable, match=r"does not start in .*give a database URL"):
        await EmbeddedPostgres(folder).start(patience=0.5)
    (folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedUnavailable, match=r"found version 9"):
        await EmbeddedPostgres(folder).start()


async def test_a_path_too_long_for_a_socket_is_told(folder: Path) -> None:
    with pytest.raises(EmbeddedUnavailable, match="at most 80 bytes"):
        await EmbeddedPostgres(folder / ("x" * 80)).start()
