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
        while data := await client.read(CHUNK):
            if (last := self._last(data)) is not None:
                company.write(last)
                raise ConnectionResetError
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
        while data := await company.read(CHUNK):
            if (last := self._last(data)) is not None:
                client.write(last)
                raise ConnectionResetError
            if self.mode is Mode.RESET_AFTER:
                raise ConnectionResetError
            if self.mode is Mode.STALLED:
                continue
            if self.mode is Mode.SLOW:
                await asyncio.sleep(self._delay)
            if self.mode is Mode.CORRUPTED:
                data = self._corrupt(data)
            end = len(data) // 2 if self.mode is Mode.CUT else len(data)
            size = 1 if self.mode is Mode.SLICED else CHUNK
            for start in range(0, end, size):
                client.write(data[start : min(start + size, end)])
                await asyncio.sleep(0)
            if self.mode in (Mode.CUT, Mode.CLOSED_AFTER, Mode.LATE):
                return

    def _last(self, data: bytes) -> bytes | None:
        """What still passes of this, if the connection is to be cut within it."""
        before, self.passed = self.passed, self.passed + len(data)
        if self._cut_at is None or self.passed < self._cut_at:
            return None
        place, self._cut_at = self._cut_at, None
        self.shown += 1
        return data[: place - before]

    def _corrupt(self, data: bytes) -> bytes:
        spoilt = bytearray(data)
        spoilt[self._random.randrange(len(spoilt))] ^= 1 << self._random.randrange(8)
        return bytes(spoilt)
