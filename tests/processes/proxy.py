"""A TCP proxy on 127.0.0.1 between a plugin and its company, and what a network does wrong."""

import asyncio
import random
import socket
import struct
from enum import StrEnum

CHUNK = 64 * 1024
RESET = struct.pack("ii", 1, 0)


class Mode(StrEnum):
    THROUGH = "through"
    REFUSED = "refused"  # nobody listens
    CLOSED = "closed"  # a connection is taken, and closed at the first byte
    RESET_BEFORE = "reset_before"  # nothing of the request arrives
    RESET_AFTER = "reset_after"  # the request arrives, and the connection is reset when the reply comes
    CUT = "cut"  # half of the reply arrives
    SLICED = "sliced"  # the reply comes byte by byte
    SLOW = "slow"  # the reply comes when nobody waits for it any more
    LATE = "late"  # the request arrives when nobody waits for its reply any more
    LOST = "lost"  # the request never arrives, and nobody says so
    STALLED = "stalled"  # the request arrives, the reply never does
    CORRUPTED = "corrupted"  # a bit of the reply is another one
    CLOSED_AFTER = "closed_after"  # closed when the reply has arrived


class Proxy:
    """Stands before the server on port `target`. `delay`, in seconds, is what SLOW and LATE add."""

    def __init__(self, target: int, delay: float, seed: int = 0) -> None:
        self.mode = Mode.THROUGH
        self.shown = 0  # how often a fault met something
        self.passed = 0  # bytes, both ways, since the last call of `show`
        self._cut_at: int | None = None
        self._target = target
        self._delay = delay
        self._random = random.Random(seed)
        self._port = 0
        self._links: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen; returns the port, which stays the same."""
        self._server = await asyncio.start_server(self._link, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self._port

    async def stop(self) -> None:
        self._server.close()
        for link in self._links:
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    async def show(self, mode: Mode, cut_at: int | None = None) -> None:
        """Do this wrong from now on. `cut_at`: reset the connection, once, where so many bytes passed, both ways."""
        self.mode, self.passed, self._cut_at = mode, 0, cut_at
        if mode is Mode.REFUSED:
            self.shown += 1
            await self.stop()

    async def heal(self) -> None:
        """Everything goes through again; what was on its way has arrived by then, or never will."""
        if self.mode is Mode.LATE and self._links:
            await asyncio.wait(self._links, timeout=2 * self._delay)
        await self.stop()
        self.mode = Mode.THROUGH
        await self.start()

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.current_task()
        assert link is not None
        self._links.add(link)
        answers, company = await asyncio.open_connection("127.0.0.1", self._target)
        ways = [asyncio.create_task(self._up(reader, company)), asyncio.create_task(self._down(answers, writer))]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if any(way.exception() for way in done) and not writer.is_closing():
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                writer.transport.abort()
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.close()
            company.close()
            self._links.discard(link)

    async def _up(self, client: asyncio.StreamReader, company: asyncio.StreamWriter) -> None:
        """What the plugin sends. To return closes the connection, to raise resets it."""
        while data := await self._read(client, company):
            self.shown += self.mode is not Mode.THROUGH
            if self.mode is Mode.CLOSED:
                return
            if self.mode is Mode.RESET_BEFORE:
                raise ConnectionResetError
            if self.mode is Mode.LATE:
                await asyncio.sleep(self._delay)
            if self.mode is not Mode.LOST:
                company.write(data)
        if self.mode is Mode.LATE:
            await asyncio.Event().wait()  # the plugin is gone; what it sent is answered all the same

    async def _down(self, company: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """What the company answers."""
        while data := await self._read(company, client):
            if self.mode is Mode.RESET_AFTER:
                raise ConnectionResetError
            if self.mode is Mode.STALLED:
                continue
            if self.mode is Mode.SLOW:
                await asyncio.sleep(self._delay)
            if self.mode is Mode.CORRUPTED:
                place = self._random.randrange(len(data))
                data = data[:place] + bytes([data[place] ^ 1 << self._random.randrange(8)]) + data[place + 1 :]
            end = len(data) // 2 if self.mode is Mode.CUT else len(data)
            size = 1 if self.mode is Mode.SLICED else CHUNK
            for start in range(0, end, size):
                client.write(data[start : min(start + size, end)])
                await asyncio.sleep(0)
            if self.mode in (Mode.CUT, Mode.CLOSED_AFTER, Mode.LATE):
                return

    async def _read(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> bytes:
        data = await source.read(CHUNK)
        before, self.passed = self.passed, self.passed + len(data)
        if self._cut_at is not None and self.passed >= self._cut_at:
            sink.write(data[: self._cut_at - before])
            self._cut_at = None
            self.shown += 1
            raise ConnectionResetError
        return data
