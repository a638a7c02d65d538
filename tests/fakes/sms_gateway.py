"""An SMSEagle on 127.0.0.1: a bank's own SMS gateway."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "own-t0ken"


@dataclass
class SmsGateway:
    """Takes messages for everybody; `status` says what it thinks of them."""

    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    status: str = "ok"

    @property
    def url(self) -> str:
        return f"smseagle://{TOKEN}@127.0.0.1:{self.port}"

    @property
    def code(self) -> str:
        found = re.search(r"\b[0-9]{6}\b", self.taken[-1]["message"])
        assert found is not None
        return found[0]

    async def take(self, request: web.Request) -> web.Response:
        said = json.loads(await request.read())
        assert said["method"] == "sms.send_sms"
        self.taken.append(said["params"])
        return web.json_response({"result": {"message_id": 1, "status": self.status}})


@asynccontextmanager
async def serve_sms(port: int = 0) -> AsyncIterator[SmsGateway]:
    gateway = SmsGateway()
    app = web.Application()
    app.router.add_post("/jsonrpc/sms", gateway.take)
    server = TestServer(app, port=port)
    await server.start_server()
    assert server.port is not None
    gateway.port = server.port
    yield gateway
    await server.close()
