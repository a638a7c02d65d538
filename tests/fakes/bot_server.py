"""Telegram's Bot API on 127.0.0.1."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

BOT = {"bot": "bank_bills_bot", "token": "123456:own-t0ken", "secret": "a-secret-of-20-letters"}


@dataclass
class BotServer:
    """Takes messages as Telegram's Bot API does."""

    api: str = ""
    status: int = 200
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        assert request.path == f"/bot{BOT['token']}/sendMessage"
        self.sent.append(json.loads(await request.read()))
        return web.json_response({"ok": self.status == 200, "description": "no"}, status=self.status)


@asynccontextmanager
async def serve_bot() -> AsyncIterator[BotServer]:
    made, app = BotServer(), web.Application()
    app.router.add_post("/{path:.*}", made.take)
    server = TestServer(app)
    await server.start_server()
    made.api = f"http://127.0.0.1:{server.port}"
    yield made
    await server.close()
