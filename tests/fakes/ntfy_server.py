"""An ntfy server on 127.0.0.1, over TLS."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Ntfy:
    """Takes what is published as ntfy does: JSON posted to its root."""

    host: str = ""
    published: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200

    async def take(self, request: web.Request) -> web.Response:
        self.published.append(json.loads(await request.read()))
        return web.json_response({"id": "x"}, status=self.status, headers={"Location": "/elsewhere"})


@asynccontextmanager
async def serve_ntfy(context: SSLContext) -> AsyncIterator[Ntfy]:
    made, app = Ntfy(), web.Application()
    app.router.add_post("/{path:.*}", made.take)
    server = TestServer(app)
    await server.start_server(ssl=context)
    made.host = f"127.0.0.1:{server.port}"
    yield made
    await server.close()
