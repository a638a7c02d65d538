"""HTTP sessions for plugins, traced so that the gate knows whether anything was sent during a call."""

from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp

from faturat.errors import BillerError

MAX_REPLY = 2 * 1024 * 1024
"""The largest body that is read from a company, in bytes."""
MAX_STATEMENT = 32 * 1024 * 1024
"""The same for a statement, which lists the bookings of a whole day."""


@dataclass
class Attempt:
    """What happened on the wire during one gate call."""

    dialled: bool = False
    connected: bool = False

    @property
    def nothing_left(self) -> bool:
        """True only where a connection was tried and none was ever made: then no byte can have left."""
        return self.dialled and not self.connected


current_attempt: ContextVar[Attempt | None] = ContextVar("current_attempt", default=None)


async def _dialling(_session: aiohttp.ClientSession, _context: SimpleNamespace, _params: object) -> None:
    if (attempt := current_attempt.get()) is not None:
        attempt.dialled = True


async def _connected(_session: aiohttp.ClientSession, _context: SimpleNamespace, _params: object) -> None:
    if (attempt := current_attempt.get()) is not None:
        attempt.connected = True


def open_session() -> aiohttp.ClientSession:
    """A session for one plugin: no redirects are its business, no cookies are kept, proxies are not read."""
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_start.append(_dialling)
    trace.on_connection_create_end.append(_connected)
    trace.on_connection_reuseconn.append(_connected)
    return aiohttp.ClientSession(
        trace_configs=[trace], cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=30)
    )


async def read_body(response: aiohttp.ClientResponse, limit: int = MAX_REPLY) -> bytes:
    """Read a reply's body up to `limit` bytes; raises BillerError `reply_too_large` above it."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise BillerError("reply_too_large", "biller_bad_reply")
    return bytes(body)
