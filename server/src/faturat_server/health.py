"""Whether the process lives, whether it can serve, and what it measured."""

import asyncio

import asyncpg
from litestar import Response, Router, get
from litestar.datastructures import State
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from faturat.host import Host

PATIENCE = 2.0
"""Seconds that the database may take to answer."""


@get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/health/ready")
async def ready(state: State) -> Response[dict[str, str]]:
    """The database answers too; 503 where it does not."""
    host: Host = state.host
    try:
        async with asyncio.timeout(PATIENCE):
            await host.database.fetch("SELECT 1")
    except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return Response({"status": "the database does not answer"}, status_code=503)
    return Response({"status": "ok"})


@get("/metrics")
async def metrics() -> Response[bytes]:
    """For Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def health_routes() -> Router:
    return Router(
        "/", route_handlers=[live, ready, metrics], opt={"exclude_from_auth": True, "exclude_from_csrf": True}
    )
