"""A push service on 127.0.0.1, over TLS."""

from asyncio import Event
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext

from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import CIMultiDictProxy

from fakes.browser import Browser


@dataclass
class Arrived:
    name: str
    headers: CIMultiDictProxy[str]
    body: bytes


@dataclass
class PushService:
    """Takes what is posted to /push/{name}; `answers` are the statuses of those that it does not take with 201."""

    host: str = ""
    tried: list[Arrived] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    open: Event = field(default_factory=Event)
    """Answers come only while it is set."""
    entered: Event = field(default_factory=Event)

    @property
    def origin(self) -> str:
        return f"https://{self.host}"

    def browser(self, name: str) -> Browser:
        return Browser(f"{self.origin}/push/{name}")

    def tries(self, name: str) -> list[Arrived]:
        return [each for each in self.tried if each.name == name]

    async def take(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.tried.append(Arrived(name, request.headers, await request.read()))
        self.entered.set()
        await self.open.wait()
        status = self.answers.get(name, 201)
        return web.Response(status=status, headers={"Location": "/push/elsewhere"} if status == 307 else None)


@asynccontextmanager
async def serve_push(context: SSLContext, port: int = 0) -> AsyncIterator[PushService]:
    """A push service that answers."""
    service = PushService()
    service.open.set()
    app = web.Application()
    app.router.add_post("/push/{name}", service.take)
    server = TestServer(app, port=port or None)
    await server.start_server(ssl=context)
    service.host = f"127.0.0.1:{server.port}"
    yield service
    await server.close()
