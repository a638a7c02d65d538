"""The base of a biller's simulator: a company's server on 127.0.0.1 with books, and switches for its faults.

A simulator adds the company's own routes, its seed, how its books know a reference, and the settings by which its
plugin reaches it. Tests and people drive one that runs in another process through JSON under /_control/:

    POST /_control/faults     {"name": "slow", "times": 1, "seconds": 2.5}
    POST /_control/contracts  {"reference": "...", "subscriber": "..."}
    POST /_control/invoices   the fields of IssuedInvoice, amounts in minor units
    GET  /_control/bookings
    GET  /_control/cases      the magic references
"""

import asyncio
import socket
import sqlite3
import ssl
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from aiohttp import web

from faturat.billers import Reference
from faturat.clock import Clock, SystemClock
from faturat.testing.books import Books, CompanyContract, IssuedInvoice
from faturat.testing.cases import MEANINGS, SLOW_SECONDS, Case, case_invoices
from faturat.testing.daily import DailyList, list_day
from faturat.testing.faults import FAULTS, SPOILT, Fault

PENALTY_RISE = 100_00
"""Minor units."""
LATE = timedelta(seconds=30)
"""After how long `settles_late` books a payment."""


class Company(ABC):
    """A simulator's base. Its books live in `data`/books.sqlite and outlive it; its faults do not."""

    own_faults: ClassVar[dict[str, str]] = {}
    """Faults beside FAULTS that only this company can have, by name with what each shows; it asks `take` for them."""

    def __init__(self, data: Path, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self.books = Books(data / "books.sqlite", self.clock)
        self._faults: list[Fault] = []
        self.debits_asked = 0
        """How many requests arrived that may book a payment, whatever became of them."""
        self.spoilt = 0
        """How many replies left otherwise than they were answered."""

    async def close_day(self) -> None:
        """What a company that swaps files does between two exchanges: book what it was sent, put its files out.

        The conformance kit calls it at each of its exchanges. A company that is called has nothing to do.
        """
        return

    @abstractmethod
    def routes(self) -> Sequence[web.RouteDef]:
        """The company's own routes; their handlers answer through `serve`."""

    @abstractmethod
    def settings(self, address: str) -> dict[str, Any]:
        """The settings with which the plugin reaches this server.

        address: `http://127.0.0.1:<port>`, or `https://...` where `tls` makes a context.
        """

    @abstractmethod
    def demo_seed(self) -> None:
        """Put the demo's contracts and invoices there once, the magic ones too; one more may come after each start."""

    @abstractmethod
    def contract_of(self, reference: Reference) -> str:
        """The text by which the books know a reference that the plugin knows."""

    @abstractmethod
    def case_reference(self, case: Case) -> Reference:
        """The magic reference of a case: one for each, easy to type, like nothing that the demo uses."""

    def number(self, running: int) -> str:
        """An invoice number of the company's shape, another one for each running number."""
        return f"{running:09d}"

    def tls(self) -> ssl.SSLContext | None:
        """What start() serves TLS with, the routes under /_control/ too; None: plain HTTP."""
        return None

    def seal(self, response: web.Response) -> web.Response:
        """The reply as it leaves, its body final; a company that signs what it says does so here."""
        return response

    def seed_cases(self) -> None:
        """Put every magic reference there but the unknown one."""
        with self.books.batch():
            for contract, case in self._cases.items():
                if case is Case.UNKNOWN:
                    continue
                self.books.add_contract(CompanyContract(contract, "Test Test"))
                for invoice in case_invoices(case, contract, self.number, self.clock.now().date()):
                    self.books.add_invoice(invoice)

    def case_of(self, contract: str) -> Case | None:
        """The case of a contract, if its reference is a magic one."""
        return self._cases.get(contract)

    def shows(self, fault: str, contract: str) -> bool:
        """Whether to show a fault for a contract: it is switched on, or the contract is that case."""
        return self.case_of(contract) == fault or self.take(fault) is not None

    @cached_property
    def _cases(self) -> dict[str, Case]:
        return {self.contract_of(self.case_reference(case)): case for case in Case}

    def statement(self, day: date) -> DailyList:
        """What it tells the bank of a companies' day, with the faults that are switched on."""
        return list_day(self.books, day, self.take)

    async def start(self, port: int = 0) -> dict[str, Any]:
        """Listen on 127.0.0.1 (port 0: a free one); returns the settings with which the plugin reaches it."""
        self._stopping = asyncio.Event()
        self._reopening: asyncio.Task[None] | None = None
        application = web.Application()
        application.add_routes([*self.routes(), *self._control_routes()])
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        self._socket = _bound(port)
        self._port: int = self._socket.getsockname()[1]
        self._tls = self.tls()
        await self.listen()
        return self.settings(f"{'http' if self._tls is None else 'https'}://127.0.0.1:{self._port}")

    async def listen(self) -> None:
        """Listen on the same port again, after refused_connection."""
        server = self._runner.server
        assert server is not None, "set up by start()"
        self._listener = await asyncio.get_running_loop().create_server(server, sock=self._socket, ssl=self._tls)

    async def stop(self) -> None:
        """Stop, and hang up on requests that still wait."""
        self._stopping.set()
        if self._reopening is not None:
            self._reopening.cancel()
        self._listener.close()
        self._socket.close()
        await self._runner.cleanup()

    def fault(self, name: str, times: int = 1, seconds: float = 0.0) -> None:
        """Show a fault of FAULTS or `own_faults` the next `times` times that it applies; ValueError for any other name.

        Those before and after the debit, already_paid, rejects_payment and settles_late apply to payments,
        changed_total to what quotes or pays, those of a row to statements.
        """
        if name not in (known := FAULTS | self.own_faults):
            raise ValueError(f"{name}: choose one of {', '.join(known)}")
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

    def clear_faults(self) -> None:
        """Forget the faults that were not shown yet."""
        self._faults.clear()

    async def serve(
        self, request: web.Request, answer: Callable[[], web.Response], *, debits: bool, contracts: Sequence[str] = ()
    ) -> web.Response:
        """Answer a request about `contracts`, or show a fault. debits: whether `answer` may book a payment."""
        cases = {self.case_of(contract) for contract in contracts}
        self.debits_asked += debits
        if slow := self.take("slow"):
            await self._pause(slow.seconds)
        if Case.SLOW in cases:
            await self._pause(SLOW_SECONDS)
        if Case.DOWN in cases:
            return web.Response(status=503)
        if self.take("error_500"):
            return web.Response(status=500)
        if self.take("redirect"):
            return web.Response(status=307, headers={"Location": str(request.rel_url)})
        if not debits:
            return self.spoil(answer())
        if self.take("timeout_before_debit"):
            await self._stopping.wait()
            return _hang_up(request)
        if self.take("hang_up_before_debit"):
            return _hang_up(request)
        response = answer()
        if self.take("timeout_after_debit"):
            await self._stopping.wait()
            return _hang_up(request)
        if self.take("hang_up_after_debit"):
            return _hang_up(request)
        if self.take("error_500_after_debit"):
            return web.Response(status=500)
        return self.spoil(response)

    def spoil(self, response: web.Response) -> web.Response:
        """Spoil a reply where that is switched on, and seal it: what is hostile must not be found by its seal alone."""
        for name, change in SPOILT.items():
            if self.take(name):
                assert isinstance(response.body, bytes), "a company's answers are bytes"
                changed = change(response.body)
                self.spoilt += changed != response.body
                response.body = changed
        return self.seal(response)

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than until stop()."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    def _refuse(self, seconds: float) -> None:
        self._listener.close()
        self._socket.close()  # also where it refuses already
        self._socket = _bound(self._port)  # nobody else takes the port meanwhile
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
            web.get("/_control/cases", self._control_cases),
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

    async def _control_cases(self, _request: web.Request) -> web.Response:
        said = {case: {"reference": self.case_reference(case), "shows": MEANINGS[case]} for case in Case}
        return web.Response(body=msgspec.json.encode(said), content_type="application/json")


async def _body(request: web.Request, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from error


def _bound(port: int) -> socket.socket:
    """A socket that has the port (0: a free one) and refuses connections until something listens on it."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound


def _hang_up(request: web.Request) -> web.Response:
    """Reset the connection; what is returned reaches nobody."""
    if request.transport is not None:
        peer = request.transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
