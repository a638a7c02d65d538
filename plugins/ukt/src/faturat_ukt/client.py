"""HTTP: requests in time, of bounded size and never redirected, under a token that is kept and renewed unseen.

A request that is answered 401 is sent once more under a new token, a payment too: the company refused it before it did
anything, and both times it carries the same Idempotency-Key. Nothing else is ever repeated here.
"""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import quote

import aiohttp
from msgspec import Struct

from faturat.clock import Clock
from faturat.errors import BillerError
from faturat.plugins.http import MAX_REPLY, MAX_STATEMENT, read_body
from faturat_ukt import wire
from faturat_ukt.settings import Settings

RENEWED_AFTER = 0.9
"""The part of a token's life after which a new one is fetched, so that none ends on its way to the company."""


class HeldToken(Struct, frozen=True):
    """A token in memory; not to be shown."""

    text: str
    renew_at: datetime

    def __repr__(self) -> str:
        return f"HeldToken(renew_at={self.renew_at})"


class Client:
    """Calls the company in a session that the plugin opens and closes.

    Every method raises BillerError: timeout, connection_lost, token_http_<status>, and what wire.parse raises of a
    token. Only `pay` lets aiohttp.ClientConnectorError out, where a connection could not be made.
    """

    def __init__(self, settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> None:
        self._base = settings.url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=settings.timeout)
        self._login = wire.login(settings.client_id, settings.client_secret)
        self._session = session
        self._clock = clock
        self._renewing = asyncio.Lock()
        self._held: HeldToken | None = None

    async def log_in(self) -> None:
        """See to it that there is a token, so that many requests at once do not each find out that none is to be had.

        Raises BillerError no_connection too.
        """
        try:
            await self._token()
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error

    async def contract(self, number: str) -> wire.Reply:
        """Raises BillerError no_connection too."""
        return await self._read(f"/v1/contracts/{quote(number, safe='')}")

    async def invoices(self, number: str, page: int) -> wire.Reply:
        """One page, from 1. Raises BillerError no_connection too."""
        return await self._read(f"/v1/contracts/{quote(number, safe='')}/invoices?page={page}")

    async def pay(self, payment: wire.Payment, order_id: str) -> wire.Reply:
        """The same `order_id` settles once, however often it is sent."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": order_id}
        return await self._call("POST", "/v1/payments", headers, wire.build(payment))

    async def statement(self, day: date) -> wire.Reply:
        """Raises BillerError no_connection too."""
        return await self._read(f"/v1/statements/{day}", MAX_STATEMENT)

    async def _read(self, path: str, limit: int = MAX_REPLY) -> wire.Reply:
        try:
            return await self._call("GET", path, limit=limit)
        except aiohttp.ClientConnectorError as error:
            raise BillerError("no_connection") from error

    async def _call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit: int = MAX_REPLY,
    ) -> wire.Reply:
        """With the token, and once more with a new one where the company does not take it."""
        token = await self._token()
        reply = await self._send(method, path, {**(headers or {}), "Authorization": f"Bearer {token}"}, body, limit)
        if reply.status != 401:
            return reply
        token = await self._token(refused=token)
        return await self._send(method, path, {**(headers or {}), "Authorization": f"Bearer {token}"}, body, limit)

    async def _token(self, refused: str | None = None) -> str:
        """The token in memory, or a new one where it is old, or is the one that was refused.

        Under a lock: of many who find it refused the first one fetches another, and the rest take that.
        """
        async with self._renewing:
            held = self._held
            if held is None or held.text == refused or self._clock.now() >= held.renew_at:
                self._held = None  # one that was refused is not tried again where no other can be had
                self._held = held = await self._fetch_token()
            return held.text

    async def _fetch_token(self) -> HeldToken:
        asked_at = self._clock.now()
        headers = {"Authorization": self._login, "Content-Type": "application/x-www-form-urlencoded"}
        reply = await self._send("POST", "/oauth/token", headers, wire.TOKEN_REQUEST)
        if reply.status != 200:
            raise BillerError(f"token_http_{reply.status}")
        token = wire.parse(reply.body, wire.Token)
        return HeldToken(token.access_token, asked_at + timedelta(seconds=token.expires_in) * RENEWED_AFTER)

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, limit: int = MAX_REPLY
    ) -> wire.Reply:
        try:
            async with self._session.request(
                method,
                self._base + path,
                headers=headers,
                data=body,
                timeout=self._timeout,
                allow_redirects=False,  # a 307 would send a payment, and the token, elsewhere
            ) as response:
                return wire.Reply(response.status, await read_body(response, limit))
        except aiohttp.ClientConnectorError:
            raise
        except TimeoutError as error:
            raise BillerError("timeout") from error
        except aiohttp.ClientError as error:
            raise BillerError("connection_lost") from error
