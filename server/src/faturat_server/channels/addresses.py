"""Connections to hosts that a customer named: to public addresses alone, whatever the name says and resolves to.

The check is made where the socket is made, of the very address that is connected to, so that a name that resolves
differently the next time gains nothing.
"""

import socket
from ipaddress import IPv6Address, ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

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
