"""JSON over HTTPS with the bank's certificate: one request a call, in time, of bounded size, never redirected.

A payment is never sent twice.
"""

import ssl
from datetime import date
from urllib.parse import quote

import aiohttp

from faturat.errors import BillerError
from faturat.plugins.http import MAX_REPLY, MAX_STATEMENT, read_body
from faturat_gjobat import wire
from faturat_gjobat.settings import Settings

SEARCH = "/fines/search"
PAYMENTS = "/payments"


class Client:
    """Calls the company in a session that the plugin opens and closes.

    Each call raises aiohttp.ClientConnectorError where no connection could be made, a TLS handshake that failed
    included: no request was written then. BillerError for everything after that: timeout, connection_lost,
    http_<status>, and what wire.parse raises. A company that refuses the bank's certificate under TLS 1.3 says so only
    after the request was written: connection_lost.
    """

    def __init__(self, settings: Settings, session: aiohttp.ClientSession, tls: ssl.SSLContext) -> None:
        self._url = settings.url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=settings.timeout)
        self._session = session
        self._tls = tls

    async def search(self, request: wire.Search) -> wire.SearchReply:
        return wire.parse(await self._send("POST", SEARCH, wire.build(request)), wire.SearchReply)

    async def pay(self, request: wire.Pay) -> wire.PaymentReply:
        return wire.parse(await self._send("POST", PAYMENTS, wire.build(request)), wire.PaymentReply)

    async def payment(self, order_id: str) -> wire.PaymentReply:
        path = f"{PAYMENTS}/{quote(order_id, safe='')}"
        return wire.parse(await self._send("GET", path, None), wire.PaymentReply)

    async def payments_of(self, day: date) -> bytes:
        """The list of a day, as it came."""
        return await self._send("GET", f"{PAYMENTS}?day={day}", None, MAX_STATEMENT)

    async def _send(self, method: str, path: str, document: bytes | None, limit: int = MAX_REPLY) -> bytes:
        try:
            async with self._session.request(
                method,
                self._url + path,
                data=document,
                headers={"Content-Type": "application/json"} if document is not None else {},
                timeout=self._timeout,
                ssl=self._tls,
                allow_redirects=False,  # a 307 would send a payment twice
            ) as response:
                body = await read_body(response, limit)
        except aiohttp.ClientConnectorError:
            raise
        except TimeoutError as error:
            raise BillerError("timeout") from error
        except aiohttp.ClientError as error:
            raise BillerError("connection_lost") from error
        if response.status != 200:
            raise BillerError(f"http_{response.status}")
        return body
