"""HTTP sessions for plugins, traced: the gate knows whether anything was sent in a call, and nothing is sent late."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace

import aiohttp

from faturat.clock import Clock
from faturat.errors import BillerError

MAX_REPLY = 2 * 1024 * 1024
"""The largest body that is read from a company, in bytes."""
MAX_STATEMENT = 32 * 1024 * 1024
"""The same for a statement, which lists the bookings of a whole day."""


class TooLate(Exception):
    """A request was held back, for somebody else may go on with the payment by now."""


@dataclass
class Attempt:
    """What happened on the wire during one gate call, in which nothing may be sent from `send_by` on."""

    clock: Clock
    send_by: datetime
    dialled: bool = False
    connected: bool = False
    sent: bool = False
    """Whether a request was let through."""

    @property
    def nothing_left(self) -> bool:
        """True only where a connection was tried and none was ever made: then no byte can have left."""
        return self.dialled and not self.connected

    def let_through(self) -> None:
        """Raise TooLate where the time is over: the process may have been paused since the gate looked at the clock."""
        if self.clock.now() >= self.send_by:
            raise TooLate
        self.sent = True


current_attempt: ContextVar[Attempt | None] = ContextVar("current_attempt", default=None)


async def _dialling(_session: aiohttp.ClientSession, _context: SimpleNamespace, _params: object) -> None:
    if (attempt := current_attempt.get()) is not None:
        attempt.dialled = True


async def _connected(_session: aiohttp.ClientSession, _context: SimpleNamespace, _params: object) -> None:
    if (attempt := current_attempt.get()) is not None:
        attempt.connected = True


async def _about_to_send(_session: aiohttp.ClientSession, _context: SimpleNamespace, _params: object) -> None:
    """aiohttp says `sent`, but calls it before it writes, and writes nothing where it raises."""
    if (attempt := current_attempt.get()) is not None:
        attempt.let_through()


def open_session() -> aiohttp.ClientSession:
    """A session for one plugin: no redirects are its business, no cookies are kept, proxies are not read."""
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_start.append(_dialling)
    trace.on_connection_create_end.append(_connected)
    trace.on_connection_reuseconn.append(_connected)
    trace.on_request_headers_sent.append(_about_to_send)
    trace.on_request_chunk_sent.append(_about_to_send)
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
