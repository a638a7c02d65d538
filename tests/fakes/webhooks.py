"""A customer's program on 127.0.0.1 that takes webhooks."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import CIMultiDictProxy


@dataclass
class Posted:
    name: str
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def is_signed_with(self, secret: str) -> bool:
        """As a receiver checks it by the words of the standard, with nothing of ours."""
        signed = b".".join([self.headers["webhook-id"].encode(), self.headers["webhook-timestamp"].encode(), self.body])
        key = base64.b64decode(secret.split("_", 1)[1], validate=True)
        expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        return hmac.compare_digest(expected, self.headers["webhook-signature"])


@dataclass
class Receiver:
    """Takes what is posted to /{name}; `answers` are the statuses of those that it does not take with 204."""

    port: int = 0
    posted: list[Posted] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)

    def url(self, name: str, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}/{name}"

    def tries(self, name: str) -> list[Posted]:
        return [each for each in self.posted if each.name == name]

    async def take(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.posted.append(Posted(name, request.headers, await request.read()))
        if name == "endless":
            answer = web.StreamResponse(status=200)
            await answer.prepare(request)
            while True:
                await answer.write(b"x" * 65536)
        status = self.answers.get(name, 204)
        return web.Response(status=status, headers={"Location": "/elsewhere"} if status in (302, 307) else None)


@asynccontextmanager
async def serve_webhooks(ssl: SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/{name}", receiver.take)
    server = TestServer(app)
    await server.start_server(ssl=ssl)
    assert server.port is not None
    receiver.port = server.port
    yield receiver
    await server.close()
