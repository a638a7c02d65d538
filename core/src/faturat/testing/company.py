"""The base of a biller's simulator: a company's server on 127.0.0.1 with books, and switches for its faults.

A simulator adds the company's own routes, its seed and the settings by which its plugin reaches it. Tests and people
drive one that runs in another process through JSON under /_control/:

    POST /_control/faults     {"name": "slow", "times": 1, "seconds": 2.5}
    POST /_control/contracts  {"reference": "...", "subscriber": "..."}
    POST /_control/invoices   the fields of IssuedInvoice, amounts in minor units
    GET  /_control/bookings
"""

import asyncio
import socket
import sqlite3
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct

from faturat.clock import Clock, SystemClock
from faturat.testing.books import Books, CompanyContract, IssuedInvoice

FAULTS = (
    "slow",  # answers after `seconds`
    "timeout_before_debit",  # never answers a payment, nothing booked
    "timeout_after_debit",  # never answers a payment that it booked
    "error_500",
    "error_500_after_debit",
    "hang_up_before_debit",  # resets the connection of a payment
    "hang_up_after_debit",
    "refused_connection",  # stops listening for `seconds`, or until listen() is called
    "malformed",  # cuts the reply in half
    "unknown_reference",  # says that it knows no such contract
    "already_paid",  # says that the invoice is paid by somebody else
    "changed_total",  # adds PENALTY_RISE to the penalty of all that is owed, before it answers
)
PENALTY_RISE = 100_00
"""Minor units."""


class Fault(Struct, frozen=True, forbid_unknown_fields=True):
    """A fault to show `times` times; `seconds` matter to slow and refused_connection alone."""

    name: str
    times: int = 1
    seconds: float = 0.0


class Company(ABC):
    """A simulator's base. Its books live in `data`/books.sqlite and outlive it; its faults do not."""

    def __init__(self, data: Path, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self.books = Books(data / "books.sqlite", self.clock)
        self._faults: list[Fault] = []

    @abstractmethod
    def routes(self) -> Sequence[web.RouteDef]:
        """The company's own routes; their handlers answer through `serve`."""

    @abstractmethod
    def settings(self, address: str) -> dict[str, Any]:
        """The settings with which the plugin reaches this server; address: `http://127.0.0.1:<port>`."""

    @abstractmethod
    def demo_seed(self) -> None:
        """Put the demo's contracts and invoices there; a second time changes nothing."""

    async def start(self, port: int = 0) -> dict[str, Any]:
        """Listen on 127.0.0.1 (port 0: a free one); returns the settings with which the plugin reaches it."""
        self._stopping = asyncio.Event()
        self._reopening: asyncio.Task[None] | None = None
        application = web.Application()
        application.add_routes([*self.routes(), *self._control_routes()])
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        self._port = port
        await self.listen()
        return self.settings(f"http://127.0.0.1:{self._port}")

    async def listen(self) -> None:
        """Listen on the same port again, after refused_connection."""
        server = self._runner.server
        assert server is not None, "set up by start()"
        self._listener = await asyncio.get_running_loop().create_server(server, "127.0.0.1", self._port)
        self._port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop, and hang up on requests that still wait."""
        self._stopping.set()
        if self._reopening is not None:
            self._reopening.cancel()
        self._listener.close()
        await self._runner.cleanup()

    def fault(self, name: str, times: int = 1, seconds: float = 0.0) -> None:
        """Show a fault of FAULTS the next `times` times that it applies; raises ValueError for any other name.

        Those before and after the debit, and already_paid, apply to payments, changed_total to what quotes or pays.
        """
        if name not in FAULTS:
            raise ValueError(f"{name}: choose one of {', '.join(FAULTS)}")
        if name == "refused_connection":
            self._refuse(seconds)
        else:
            self._faults += [Fault(name, seconds=seconds)] * times

    def take(self, name: str) -> Fault | None:
        """Whether a fault is to be shown now; counts it as shown."""
        fault = next((fault for fault in self._faults if fault.name == name), None)
        if fault is not None:
            self._faults.remove(fault)
        return fault

    async def serve(self, request: web.Request, answer: Callable[[], web.Response], *, debits: bool) -> web.Response:
        """Answer a request, or show the fault that is switched on. debits: whether `answer` may book a payment."""
        if slow := self.take("slow"):
            await self._pause(slow.seconds)
        if self.take("error_500"):
            return web.Response(status=500)
        if debits and self.take("timeout_before_debit"):
            await self._stopping.wait()
            return _hang_up(request)
        if debits and self.take("hang_up_before_debit"):
            return _hang_up(request)
        response = answer()
        if debits and self.take("timeout_after_debit"):
            await self._stopping.wait()
            return _hang_up(request)
        if debits and self.take("hang_up_after_debit"):
            return _hang_up(request)
        if debits and self.take("error_500_after_debit"):
            return web.Response(status=500)
        if self.take("malformed"):
            assert isinstance(response.body, bytes), "a company's answers are bytes"
            response.body = response.body[: len(response.body) // 2]
        return response

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than until stop()."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    def _refuse(self, seconds: float) -> None:
        self._listener.close()
        server = self._runner.server
        assert server is not None, "set up by start()"
        for connection in server.connections:  # a kept connection would still be served
            connection.force_close()
        if seconds:
            self._reopening = asyncio.create_task(self._reopen(seconds))

    async def _reopen(self, seconds: float) -> None:
        await self._pause(seconds)
        await self.listen()

    def _control_routes(self) -> Sequence[web.RouteDef]:
        return (
            web.post("/_control/faults", self._control_fault),
            web.post("/_control/contracts", self._control_contract),
            web.post("/_control/invoices", self._control_invoice),
            web.get("/_control/bookings", self._control_bookings),
        )

    async def _control_fault(self, request: web.Request) -> web.StreamResponse:
        fault = await _body(request, Fault)
        if fault.name == "refused_connection":
            if not fault.seconds:
                raise web.HTTPBadRequest(text="seconds: say for how long; nobody can reach a closed port to open it")
            response = web.Response(status=204)
            await response.prepare(request)
            await response.write_eof()  # answer first: this connection is closed with the others
            self.fault(fault.name, seconds=fault.seconds)
            return response
        try:
            self.fault(fault.name, fault.times, fault.seconds)
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.Response(status=204)

    async def _control_contract(self, request: web.Request) -> web.Response:
        if not self.books.add_contract(await _body(request, CompanyContract)):
            raise web.HTTPConflict(text="reference: there is a contract of this reference already")
        return web.Response(status=201)

    async def _control_invoice(self, request: web.Request) -> web.Response:
        invoice = await _body(request, IssuedInvoice)
        try:
            added = self.books.add_invoice(invoice)
        except sqlite3.IntegrityError as error:
            raise web.HTTPConflict(text="contract: there is no contract of this reference; add it first") from error
        if not added:
            raise web.HTTPConflict(text="key: there is an invoice of this key already")
        return web.Response(status=201)

    async def _control_bookings(self, _request: web.Request) -> web.Response:
        return web.Response(body=msgspec.json.encode(self.books.bookings()), content_type="application/json")


async def _body(request: web.Request, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from error


def _hang_up(request: web.Request) -> web.Response:
    """Reset the connection; what is returned reaches nobody."""
    if request.transport is not None:
        peer = request.transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
