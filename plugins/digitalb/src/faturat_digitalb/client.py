"""Signed XML over HTTP: one POST per request, in time, of bounded size, never repeated and never redirected."""

import secrets
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlsplit

import aiohttp

from faturat.errors import BillerError
from faturat.plugins.context import PluginContext
from faturat.plugins.http import MAX_REPLY, read_body
from faturat_digitalb import signature, wire
from faturat_digitalb.settings import Settings

R = TypeVar("R", bound=wire.Message)

CLOCK_SKEW = "CLOCK_SKEW"
"""The company's word for a request whose date lies outside the window."""


class Client:
    """Sends the company's requests in a session that the plugin opens and closes."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession, context: PluginContext) -> None:
        self._url = settings.url.rstrip("/")
        self._path = urlsplit(self._url).path
        self._key_id = settings.key_id
        self._secret = settings.secret
        self._timeout = aiohttp.ClientTimeout(total=settings.timeout)
        self._session = session
        self._clock = context.clock
        self._log = context.logger

    async def call(self, request: wire.Request, reply: type[R]) -> R:
        """Send a request and read its reply.

        Raises aiohttp.ClientConnectorError where no connection could be made; BillerError for everything after that:
        timeout, connection_lost, clock_skew, http_<status>, a bad reply that is not the company's to this request or
        not of now, and what wire.parse raises.
        """
        return wire.parse(await self.fetch(request, MAX_REPLY), reply)

    async def fetch(self, request: wire.Request, limit: int) -> bytes:
        """The company's reply as it came, up to `limit` bytes; raises the same, but for what is in it."""
        nonce, body = secrets.token_hex(16), wire.build(request)
        try:
            status, headers, answer = await self._post(request.path, nonce, body, limit)
        except aiohttp.ClientConnectorError:
            raise
        except TimeoutError as error:
            raise BillerError("timeout") from error
        except aiohttp.ClientError as error:
            raise BillerError("connection_lost") from error
        if status != 200:
            raise BillerError(self._refusal(status, headers, answer, nonce))
        signature.check_reply(self._secret, status, headers, answer, nonce)
        if not signature.is_current(headers.get(signature.DATE, ""), self._clock.now()):
            raise BillerError("stale_reply", "biller_bad_reply")
        return answer

    async def _post(self, path: str, nonce: str, body: bytes, limit: int) -> tuple[int, Mapping[str, str], bytes]:
        date = signature.write_date(self._clock.now())
        headers = {
            "Content-Type": "application/xml; charset=utf-8",
            signature.KEY: self._key_id,
            signature.DATE: date,
            signature.NONCE: nonce,
            signature.SIGNATURE: signature.sign(self._secret, "POST", self._path + path, date, nonce, body=body),
        }
        async with self._session.post(
            self._url + path,
            data=body,
            headers=headers,
            timeout=self._timeout,
            allow_redirects=False,  # a 307 would send a payment twice
        ) as response:
            return response.status, response.headers, await read_body(response, limit)

    def _refusal(self, status: int, headers: Mapping[str, str], body: bytes, nonce: str) -> str:
        """Why a request was not looked at. Only the company itself may say that our clock is wrong."""
        try:
            signature.check_reply(self._secret, status, headers, body, nonce)
            refused_for_clock = wire.parse(body, wire.Refusal).code == CLOCK_SKEW
        except BillerError:
            refused_for_clock = False
        if not refused_for_clock:
            return f"http_{status}"
        self._log.warning("clock_skew", mend="set this machine's clock; the company allows 300 seconds")
        return "clock_skew"
