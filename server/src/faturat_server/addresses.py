"""Connections to hosts that a customer named: to public addresses alone, whatever the name says and resolves to.

The check is made where the socket is made, of the very address that is connected to, so that a name that resolves
differently the next time gains nothing. Webhooks are posted by aiohttp, Web Push by requests, as Apprise does.
"""

import socket
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any

import aiohttp
import requests
from aiohttp.abc import AbstractResolver, ResolveResult
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

LOCAL = "127.0.0.1"
TIMEOUT = aiohttp.ClientTimeout(total=5, connect=3)
"""Seconds; a send ends before the gate's time does."""


class PrivateAddress(OSError):
    """A host leads to an address that is not public; nothing was connected to."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; no IPv6 address that carries an IPv4 address inside is."""
    read = ip_address(address.partition("%")[0])
    if isinstance(read, IPv6Address) and (read.sixtofour or read.teredo or read.is_site_local):
        return False
    return read.is_global and not (read.is_multicast or read.is_reserved or read.is_loopback or read.is_link_local)


def may_connect(address: str, local: bool) -> bool:
    """Whether we connect to an IP address; 127.0.0.1 only where `local`."""
    return is_public(address) or (local and address == LOCAL)


class _CheckedResolver(AbstractResolver):
    """Refuses a name as a whole where one of its addresses is not to be connected to."""

    def __init__(self, inner: AbstractResolver, local: bool) -> None:
        self._inner = inner
        self._local = local

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(may_connect(each["host"], self._local) for each in found):
            raise PrivateAddress
        return found

    async def close(self) -> None:
        await self._inner.close()


def open_session(local: bool, resolver: AbstractResolver | None = None) -> aiohttp.ClientSession:
    """A session that connects to public addresses alone; for one request, for it keeps no connection.

    Proxies are not read from the environment: they would connect for us, to whatever they resolve.
    """

    def make_socket(found: tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]) -> socket.socket:
        family, kind, protocol, _, address = found
        if not may_connect(address[0], local):
            raise PrivateAddress
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        resolver=_CheckedResolver(resolver or aiohttp.DefaultResolver(), local),
        socket_factory=make_socket,
        use_dns_cache=False,
        force_close=True,
        happy_eyeballs_delay=None,
    )
    return aiohttp.ClientSession(
        connector=connector, timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    )


Resolve = Callable[..., list[Any]]
"""Looks a name up, as socket.getaddrinfo does."""


def open_blocking_session(resolve: Resolve = socket.getaddrinfo) -> requests.Session:
    """The same for a thread of Apprise's, over https alone, to a host that the caller found among the operator's.

    Such a host may be an address in digits: then it is the operator who named that. A proxy that their environment
    names is theirs too, and it is the proxy that connects.
    """

    class Connection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            try:
                found = [each[4][0] for each in resolve(self.host, self.port, type=socket.SOCK_STREAM)]
                if not all(each == self.host or is_public(each) for each in found):
                    raise PrivateAddress
                return _first_that_answers(found, self)
            except OSError as error:  # what urllib3 knows as a failure to connect
                raise NewConnectionError(self, type(error).__name__) from error

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
            super().init_poolmanager(*sizes, **options)
            self.poolmanager.pool_classes_by_scheme = {"https": Pool}

    session = requests.Session()
    session.adapters.clear()
    session.mount("https://", Adapter())
    return session


def _first_that_answers(addresses: list[str], connection: HTTPSConnection) -> socket.socket:
    failure = OSError("the name has no address")
    for address in addresses:
        try:
            return create_connection((address, connection.port), connection.timeout)
        except OSError as error:
            failure = error
    raise failure
