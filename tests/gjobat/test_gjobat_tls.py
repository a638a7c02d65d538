"""Mutual TLS: who is served, who is believed, and what a handshake that failed says about a payment."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import trustme
from gjobat_kit import FRESH, HandClock, gate, order

from faturat.errors import BillerError
from faturat.payments.types import NotSent, Outcome, Settled, Unknown
from faturat_gjobat import certificates
from faturat_gjobat.plugin import Gjobat
from faturat_gjobat.simulator import Simulator

OpenPlugin = Callable[..., Awaitable[Gjobat]]
Pay = Callable[..., Awaitable[Outcome]]
NOT_SENT = NotSent("refused_connection")


class OldSimulator(Simulator):
    """Speaks TLS 1.2, where a server judges the client's certificate within the handshake."""

    def tls(self) -> ssl.SSLContext:
        context = super().tls()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context


@pytest.fixture
async def old_simulator(tmp_path: Path, seeded: Path, clock: HandClock) -> AsyncIterator[Simulator]:
    simulator = OldSimulator(Path(shutil.copytree(seeded, tmp_path / "old")), clock)
    simulator.address = await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def pay(open_plugin: OpenPlugin, clock: HandClock) -> Pay:
    """Pays through the host's gate with a plugin of these settings."""

    async def pay_one(**settings: object) -> Outcome:
        host = gate(await open_plugin(**{"timeout": 0.5} | settings), clock)
        return await host.pay_invoice(order(), clock.moment.replace(hour=23))

    return pay_one


@pytest.fixture
def stranger(tmp_path: Path) -> dict[str, str]:
    """A bank's certificate that another CA vouches for, as settings."""
    certificates.make(tmp_path / "stranger")
    names = {"certificate": certificates.CLIENT, "key": certificates.CLIENT_KEY}
    return {field: str(tmp_path / "stranger" / name) for field, name in names.items()}


@asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server that is no company's; yields its address."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_both_versions_serve_whom_the_ca_vouches_for(
    simulator: Simulator, old_simulator: Simulator, pay: Pay
) -> None:
    assert isinstance(await pay(**simulator.address), Settled)
    assert isinstance(await pay(**old_simulator.address), Settled)


async def test_nobody_is_served_without_a_certificate_of_the_companys_ca(
    simulator: Simulator, stranger: dict[str, str]
) -> None:
    bare = ssl.create_default_context(cafile=simulator.address["ca"])
    other = ssl.create_default_context(cafile=simulator.address["ca"])
    other.load_cert_chain(stranger["certificate"], stranger["key"])
    async with aiohttp.ClientSession() as session:
        for context in (bare, other):
            with pytest.raises(aiohttp.ClientConnectionError):
                await session.get(simulator.address["url"] + "/_control/bookings", ssl=context)


async def test_refused_connection_is_not_sent(simulator: Simulator, plugin: Gjobat, clock: HandClock) -> None:
    await plugin.find_contract(FRESH)
    simulator.fault("refused_connection")
    with pytest.raises(BillerError):
        await plugin.find_contract(FRESH)  # finds that the kept connection is gone
    host = gate(plugin, clock)
    assert await host.pay_invoice(order(), clock.moment.replace(hour=23)) == NOT_SENT
    with pytest.raises(BillerError) as caught:
        await plugin.payment_status(order())
    assert caught.value.why == "no_connection"
    await simulator.listen()
    assert isinstance(await host.pay_invoice(order(), clock.moment.replace(hour=23)), Settled)


async def test_a_company_that_nobody_vouches_for_is_sent_nothing(
    simulator: Simulator, pay: Pay, open_plugin: OpenPlugin, tmp_path: Path
) -> None:
    ca = tmp_path / "other_ca.pem"
    trustme.CA().cert_pem.write_to_path(ca)
    for settings in (
        simulator.address | {"ca": str(ca)},
        simulator.address | {"ca": None},  # the machine's own
        simulator.address | {"url": simulator.address["url"].replace("127.0.0.1", "localhost")},  # another name
    ):
        assert await pay(**settings) == NOT_SENT
        with pytest.raises(BillerError) as caught:
            await (await open_plugin(**settings)).find_contract(FRESH)
        assert caught.value.why == "no_connection"
    assert simulator.books.bookings() == ()


async def test_a_certificate_refused_in_the_handshake_is_not_sent(
    old_simulator: Simulator, stranger: dict[str, str], pay: Pay
) -> None:
    assert await pay(**old_simulator.address | stranger) == NOT_SENT
    assert old_simulator.books.bookings() == ()


async def test_a_certificate_refused_after_the_request_was_written_is_unknown(
    simulator: Simulator, stranger: dict[str, str], pay: Pay, open_plugin: OpenPlugin
) -> None:
    """TLS 1.3: our side of the handshake is over, and the payment written, before the company judges."""
    assert await pay(**simulator.address | stranger) == Unknown("connection_lost")
    with pytest.raises(BillerError) as caught:
        await (await open_plugin(**simulator.address | stranger)).find_contract(FRESH)
    assert caught.value.why == "connection_lost"
    assert simulator.books.bookings() == ()


async def test_a_peer_that_hangs_up_in_the_handshake_was_sent_nothing(simulator: Simulator, pay: Pay) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.transport.abort()

    async def answer_in_plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"result":"PAID"}')
        writer.close()

    for peer in (hang_up, answer_in_plain):
        async with listening(peer) as url:
            assert await pay(**simulator.address | {"url": url}) == NOT_SENT


async def test_a_handshake_that_never_ends_is_unknown(simulator: Simulator, pay: Pay) -> None:
    """Nothing left, but a time-out is a time-out: the trace alone may say so, and it saw no failure."""
    ended = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        writer.close()
        ended.set()

    async with listening(say_nothing) as url:
        assert await pay(**simulator.address | {"url": url}) == Unknown("timeout")
        await asyncio.wait_for(ended.wait(), 5)


async def test_a_redirect_is_not_followed(simulator: Simulator, pay: Pay) -> None:
    """Nor is another answer than 200 believed, whatever stands in it."""
    tls = simulator.tls()
    asked: list[bytes] = []

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        await reader.readuntil(b"}")
        writer.write(b"HTTP/1.1 307 Over there\r\nLocation: /payments\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(redirect, "127.0.0.1", 0, ssl=tls)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
    assert await pay(**simulator.address | {"url": url}) == Unknown("http_307")
    server.close()
    (request,) = asked
    assert request.startswith(b"POST /api/payments HTTP/1.1\r\n")
