"""One PostgreSQL server and one browser for the whole session, and a fresh database for each test that asks for one."""

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from argon2 import PasswordHasher
from fakes.one_app import register_routes_once
from playwright.async_api import Browser, async_playwright

from faturat.store.postgres import APP, Database
from faturat.store.postgres.embedded import EmbeddedPostgres
from faturat_server.access import passwords
from faturat_server.commands.migrate import run_migrations

_numbers = count(1)

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

LONGEST_FIRST = (
    "tests/tutorial/",
    "tests/crash/",
    "tests/simulation/",
    "tests/processes/",
    "tests/machine/",
    "tests/docs/",
)

MEMORY = Path("/dev/shm")
ENOUGH = 4 * 1024**3
"""Bytes that are to be free there; a whole run takes less than half a gigabyte."""

FreshDatabase = Callable[..., AbstractAsyncContextManager[str]]


def _keep_files_in_memory() -> None:
    """Where there is room: a database is copied for each of a thousand tests, in a tenth of a disk's time."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


_keep_files_in_memory()
register_routes_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that at the end no process waits for another that has one of them."""
    items.sort(key=lambda item: next((rank for rank, each in enumerate(LONGEST_FIRST) if each in item.nodeid), 99))


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: no collection need walk through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
async def postgres_url() -> AsyncIterator[str]:
    """The server's own database; tests take `database_url`."""
    folder = Path(tempfile.mkdtemp(prefix="fat-"))  # short, for the socket's path may have 100 bytes
    server = EmbeddedPostgres(folder / "pg")
    url = await server.start()
    connection = await asyncpg.connect(url)
    await connection.execute("ALTER SYSTEM SET fsync = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()
    yield url
    await server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def template_database(postgres_url: str) -> str:
    """The name of a database with the core's schema, to be copied."""
    await _run(postgres_url, "CREATE DATABASE template_faturat")
    database = await Database.open(_url(postgres_url, "template_faturat"))
    await database.migrate([APP])
    await database.close()
    return "template_faturat"


@pytest.fixture(scope="session")
async def server_template(postgres_url: str, template_database: str) -> str:
    """The name of a database with the server's schema too, to be copied."""
    await _run(postgres_url, f"CREATE DATABASE template_server TEMPLATE {template_database}")
    await run_migrations(_url(postgres_url, "template_server"))
    return "template_server"


@pytest.fixture(scope="session")
def fresh_database(postgres_url: str, template_database: str) -> FreshDatabase:
    """Makes databases with the core's schema, for a test that needs several; of another template where one is named."""

    @asynccontextmanager
    async def fresh(template: str = template_database) -> AsyncIterator[str]:
        name = f"test_{next(_numbers)}"
        await _run(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield _url(postgres_url, name)
        await _run(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")

    return fresh


@pytest.fixture
async def database_url(fresh_database: FreshDatabase) -> AsyncIterator[str]:
    """A database of this test alone, with the core's schema."""
    async with fresh_database() as url:
        yield url


@pytest.fixture
async def server_database_url(fresh_database: FreshDatabase, server_template: str) -> AsyncIterator[str]:
    """A database of this test alone, with the server's schema."""
    async with fresh_database(server_template) as url:
        yield url


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed at next to no cost, as no server should."""
    monkeypatch.setattr(passwords, "PasswordHasher", lambda: PasswordHasher(time_cost=1, memory_cost=64))


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """What tests/install_browser.sh found or installed."""
    executable = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        await browser.close()


@pytest.fixture
async def empty_database_url(postgres_url: str) -> AsyncIterator[str]:
    """A database of this test alone, with nothing in it."""
    name = f"test_{next(_numbers)}"
    await _run(postgres_url, f"CREATE DATABASE {name}")
    yield _url(postgres_url, name)
    await _run(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


async def _run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _url(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()
