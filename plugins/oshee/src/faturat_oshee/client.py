"""SOAP 1.1 over HTTP: one POST per operation, in time, of bounded size, never repeated and never redirected."""

from base64 import b64encode
from typing import TypeVar

import aiohttp

from faturat.errors import BillerError
from faturat.plugins.http import MAX_REPLY, read_body
from faturat_oshee import wire
from faturat_oshee.settings import Settings

R = TypeVar("R", bound=wire.Message)


class Client:
    """Calls the company's operations in a session that the plugin opens and closes."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        self._url = settings.url
        self._timeout = aiohttp.ClientTimeout(total=settings.timeout)
        self._session = session
        self._headers = {"Content-Type": "text/xml; charset=utf-8"}
        if settings.user is not None:
            login = b64encode(f"{settings.user}:{settings.password}".encode()).decode()
            self._headers["Authorization"] = f"Basic {login}"

    async def call(self, request: wire.Message, reply: type[R]) -> R:
        """Send a request and read its reply.

        Raises aiohttp.ClientConnectorError where no connection could be made; BillerError for everything after that:
        timeout, connection_lost, http_<status>, soap_fault, and what wire.parse raises.
        """
        return wire.parse(await self.fetch(request, MAX_REPLY), reply)

    async def fetch(self, request: wire.Message, limit: int) -> bytes:
        """The reply as it came, up to `limit` bytes; raises the same, but for what is in it."""
        action = f'"{wire.NAMESPACE}/{type(request).__name__}"'
        try:
            status, body = await self._post(wire.build(request), action, limit)
        except aiohttp.ClientConnectorError:
            raise
        except TimeoutError as error:
            raise BillerError("timeout") from error
        except aiohttp.ClientError as error:
            raise BillerError("connection_lost") from error
        if status != 200:  # SOAP 1.1 sends its faults with 500
            raise BillerError("soap_fault" if wire.is_fault(body) else f"http_{status}")
        return body

    async def _post(self, envelope: bytes, action: str, limit: int) -> tuple[int, bytes]:
        async with self._session.post(
            self._url,
            data=envelope,
            headers=self._headers | {"SOAPAction": action},
            timeout=self._timeout,
            allow_redirects=False,  # a 307 would send a payment twice
        ) as response:
            return response.status, await read_body(response, limit)
