"""Who asks, behind a proxy: X-Forwarded-For counts from a trusted one alone."""

import asyncio
import socket
from typing import Any

import aiohttp
import pytest
from litestar import Litestar, Request, get

from faturat_server.serving import web_server
from faturat_server.settings import WebSettings


@get("/who")
async def who(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client is not None else ""


@pytest.mark.parametrize(
    ("trusted", "seen"), [((), "127.0.0.1"), (("127.0.0.1",), "203.0.113.7"), (("192.0.2.1",), "127.0.0.1")]
)
async def test_only_a_trusted_proxy_says_who_asks(trusted: tuple[str, ...], seen: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = Litestar([who], openapi_config=None, logging_config=None)
    server = web_server(app, WebSettings(port=port, trusted_proxies=trusted))
    serving = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(20), aiohttp.ClientSession(headers={"X-Forwarded-For": "203.0.113.7"}) as session:
            while True:
                try:
                    async with session.get(f"http://127.0.0.1:{port}/who") as reply:
                        assert await reply.text() == seen
                        break
                except aiohttp.ClientConnectorError:
                    await asyncio.sleep(0.01)
    finally:
        server.stop()
        await serving
