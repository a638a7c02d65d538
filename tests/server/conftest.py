"""The whole server on a socket: a fresh database, the reference bank, a simulated company. Nothing is replaced."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from faturat import EngineSettings, Faturat, PluginChoice
from faturat.clock import SystemClock
from faturat.host import open_host
from faturat.store.postgres import Database
from faturat_oshee.simulator import Simulator
from faturat_server.access.service import Access
from faturat_server.app import create_app
from faturat_server.bank.seed import open_account, seed_demo
from faturat_server.schema import APPS, TABLES
from faturat_server.serving import web_server
from faturat_server.settings import ServerSettings, WebSettings

PASSWORD = "faturat-demo"


@dataclass
class Live:
    """A server that runs: `demo` is the guide's customer, `other` somebody else, both with PASSWORD."""

    url: str
    faturat: Faturat
    access: Access
    database: Database
    company: Simulator


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Simulator]:
    """OSHEE's side with the demo's seed, listening."""
    simulator = Simulator(tmp_path / "oshee")
    simulator.address = await simulator.start()
    simulator.demo_seed()
    yield simulator
    await simulator.stop()


@pytest.fixture
def secure_cookies() -> bool:
    """Whether `live` believes that it is served over TLS."""
    return False


@pytest.fixture
def observers() -> dict[str, dict[str, Any]]:
    """The observers of `live`. Its tests run no worker, so nothing is sent."""
    return {"push": {"contact": "notices@bank.example"}}


@pytest.fixture
def engine() -> EngineSettings:
    """How long things may take, and how often they may be asked for."""
    return EngineSettings()


@pytest.fixture
async def live(
    server_database_url: str,
    quick_passwords: None,
    company: Simulator,
    secure_cookies: bool,
    observers: dict[str, dict[str, Any]],
    engine: EngineSettings,
) -> AsyncIterator[Live]:
    settings = ServerSettings(
        database_url=server_database_url,
        plugins=PluginChoice(
            billers={"oshee": company.address},
            bank={"reference": {"database_url": server_database_url}},
            observers=observers,
        ),
        engine=engine,
        web=WebSettings(port=_free_port(), secure_cookies=secure_cookies),
    )
    async with open_host(settings, TABLES, APPS) as host:
        await seed_demo()
        await open_account("other-1", "other", "Llogaria kryesore", 5000_00)
        access = Access(host.database, SystemClock(), settings)
        await access.add_user("demo", PASSWORD, "demo", "sq")
        await access.add_user("other", PASSWORD, "other", "en")
        server = web_server(create_app(host, settings), settings.web)
        serving = asyncio.create_task(server.serve())
        url = f"http://127.0.0.1:{settings.web.port}"
        await _listening(settings.web.port)
        yield Live(url, host.faturat, access, host.database, company)
        server.stop()
        await serving


@dataclass
class Reply:
    status: int
    headers: Any
    body: Any


class Client:
    """Talks to the API of `live`; `send` is one request, with the JSON of its answer."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        address = f"{self.url}{path}"
        wanted = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(method, address, json=body, headers=wanted) as response:
            known = response.content_type.endswith("json")
            return Reply(response.status, response.headers, await response.json(content_type=None) if known else None)

    async def get(self, path: str, **headers: str) -> Reply:
        return await self.send("GET", f"/api/v1{path}", **headers)

    async def post(self, path: str, body: Any, **headers: str) -> Reply:
        return await self.send("POST", f"/api/v1{path}", body, **headers)


@pytest.fixture
async def open_client(live: Live) -> AsyncIterator[Callable[..., Awaitable[Client]]]:
    """Opens clients, logged in under a username or, without one, not at all."""
    sessions: list[aiohttp.ClientSession] = []

    async def open_one(username: str | None = None) -> Client:
        headers = {}
        if username is not None:
            token, _ = await live.access.log_in(username, PASSWORD, "127.0.0.1", "token")
            headers["Authorization"] = f"Bearer {token}"
        sessions.append(aiohttp.ClientSession(headers=headers))
        return Client(sessions[-1], live.url)

    yield open_one
    for session in sessions:
        await session.close()


@pytest.fixture
async def demo(open_client: Callable[..., Awaitable[Client]]) -> Client:
    """A client of the guide's customer."""
    return await open_client("demo")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _listening(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return
    raise AssertionError("the server does not listen")
