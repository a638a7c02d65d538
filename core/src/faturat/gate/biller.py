"""The gate to one biller: what its plugin answers, checked; what it fails at, in our few errors."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

import aiohttp

from faturat.billers import Biller, Reference, Subscriber
from faturat.clock import Clock
from faturat.errors import BillerError, FaturatError, UnknownReference
from faturat.exchange.types import ExchangeFile, ExchangeReply, OutgoingFile
from faturat.gate import files, replies, statements
from faturat.gate.call import CallFailed, call_plugin, code_of
from faturat.hookspecs import Relay
from faturat.invoices.types import Invoice
from faturat.payments.types import NotSent, Order, Outcome, StatusReply, Unknown
from faturat.plugins.http import Attempt, current_attempt
from faturat.reconciliation.types import Statement

T = TypeVar("T")

SWAPPING = timedelta(seconds=30), timedelta(minutes=5)
"""The least and the most that one hook of an exchange may take: a file may list every contract of a company."""
STATING = timedelta(minutes=2)
"""How long a hook may take over a statement, which lists the bookings of a whole day."""


class BillerGate:
    """Typed calls to one biller's plugin. `relay` reaches this plugin and no other."""

    def __init__(self, biller: Biller, relay: Relay, clock: Clock, look_up: timedelta, pay: timedelta) -> None:
        self.biller = biller
        self._relay = relay
        self._clock = clock
        self._look_up = look_up
        self._pay = pay
        every = biller.capabilities.exchange_every or timedelta()
        self.swapping = min(max(every, SWAPPING[0]), SWAPPING[1])
        """How long one hook of an exchange may take."""
        self.answering: bool | None = None
        """Whether the last call was answered; None before the first."""

    async def find_contract(self, reference: Reference) -> Subscriber:
        """Raises FaturatError unknown_reference, biller_unavailable or biller_bad_reply."""
        try:
            return await self._call(
                "find_contract",
                lambda: self._relay.find_contract(reference=reference),
                self._look_up,
                replies.check_subscriber,
            )
        except (CallFailed, FaturatError) as error:
            raise self._refusal(error, reference) from error

    async def fetch_invoices(
        self, references: tuple[Reference, ...]
    ) -> dict[Reference, tuple[Invoice, ...] | FaturatError]:
        """Exactly one entry per reference asked; asks the plugin for at most max_bulk of them at once."""
        answers: dict[Reference, tuple[Invoice, ...] | FaturatError] = {}
        bulk = self.biller.capabilities.max_bulk
        distinct = tuple(dict.fromkeys(references))
        for start in range(0, len(distinct), bulk):
            try:
                answers |= await self._fetch(distinct[start : start + bulk])
            except CallFailed as error:
                # whoever does not answer in time once is not asked for the rest, each with its own deadline
                return answers | {each: self._refusal(error, each) for each in distinct[start:]}
        return answers

    async def _fetch(self, references: tuple[Reference, ...]) -> dict[Reference, tuple[Invoice, ...] | FaturatError]:
        try:
            answers = await self._call(
                "fetch_invoices",
                lambda: self._relay.fetch_invoices(references=references),
                self._look_up,
                lambda reply: replies.check_invoices(reply, references, self.biller),
            )
        except (CallFailed, FaturatError) as error:
            if isinstance(error, CallFailed) and error.why == "timeout":
                raise
            return {reference: self._refusal(error, reference) for reference in references}
        return {
            reference: self._refusal(entry, reference) if isinstance(entry, FaturatError) else entry
            for reference, entry in answers.items()
        }

    async def pay_invoice(self, order: Order, call_by: datetime) -> Outcome:
        """Call the biller once. Never raises: what is not an answer is Unknown, or NotSent where no byte left.

        After `call_by` it is not called any more: somebody else may go on with the payment by then.
        """
        if self._clock.now() >= call_by:
            return NotSent("too_late")
        attempt = Attempt()
        token = current_attempt.set(attempt)
        try:
            return await self._call(
                "pay_invoice",
                lambda: self._relay.pay_invoice(order=order),
                self._pay,
                replies.check_pay,
            )
        except (CallFailed, FaturatError) as error:
            refused = isinstance(error, CallFailed) and isinstance(error.cause, aiohttp.ClientConnectorError)
            return NotSent("refused_connection") if refused and attempt.nothing_left else Unknown(_why(error))
        finally:
            current_attempt.reset(token)

    async def payment_status(self, order: Order) -> StatusReply:
        """Ask what became of an order. Never raises: what is not an answer is Unknown."""
        try:
            return await self._call(
                "payment_status",
                lambda: self._relay.payment_status(order=order),
                self._look_up,
                replies.check_status,
            )
        except (CallFailed, FaturatError) as error:
            return Unknown(_why(error))

    async def collect_files(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        """Raises CallFailed or FaturatError where the biller's files could not be had."""
        return await self._call(
            "collect_files",
            lambda: self._relay.collect_files(known=known),
            self.swapping,
            lambda reply: files.check_collected(reply, known),
        )

    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        """Raises CallFailed or FaturatError where the plugin could not read or write the files."""

        async def call() -> ExchangeReply:
            reply = await self._relay.exchange(inbox=inbox, queued_orders=queued_orders)
            # a register of some hundred thousand entries takes seconds, in which nothing else would move
            now = self._clock.now()
            return await asyncio.to_thread(files.check_exchange, reply, inbox, queued_orders, self.biller, now)

        return await self._call("exchange", call, self.swapping, lambda checked: cast(ExchangeReply, checked))

    async def send_files(self, outgoing: tuple[OutgoingFile, ...]) -> None:
        """Raises CallFailed or FaturatError where not all of them are known to lie at the biller."""
        await self._call(
            "send_files", lambda: self._relay.send_files(files=outgoing), self.swapping, lambda _reply: None
        )

    async def fetch_statement(self, day: date) -> ExchangeFile:
        """Raises FaturatError statement_unavailable."""
        try:
            return await self._call(
                "fetch_statement",
                lambda: self._relay.fetch_statement(day=day),
                STATING,
                statements.check_statement_file,
            )
        except (CallFailed, FaturatError) as error:
            name, words = self.biller.name, f"{day:%d.%m.%Y}"
            raise FaturatError("statement_unavailable", biller=name, day=words, why=_why(error)) from error

    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        """Raises FaturatError statement_unreadable. What the file says tells nothing of whether the biller answers."""

        async def call() -> Statement:
            known = statements.check_statement_file(file)  # an operator may have brought it
            reply = await self._relay.read_statement(file=known, day=day)
            # tens of thousands of entries take a moment, in which nothing else would move
            return await asyncio.to_thread(statements.check_statement, reply, self.biller)

        try:
            return await call_plugin(
                self.biller.id, "read_statement", call, STATING, lambda checked: cast(Statement, checked)
            )
        except (CallFailed, FaturatError) as error:
            name, words = self.biller.name, f"{day:%d.%m.%Y}"
            raise FaturatError(
                "statement_unreadable", biller=name, file=file.name, day=words, why=_why(error)
            ) from error

    async def _call(
        self, hook: str, call: Callable[[], Awaitable[object]], deadline: timedelta, check: Callable[[object], T]
    ) -> T:
        try:
            reply = await call_plugin(self.biller.id, hook, call, deadline, check)
        except (CallFailed, FaturatError) as error:
            self.answering = isinstance(error, FaturatError) and not isinstance(error, BillerError)
            raise
        self.answering = True
        return reply

    def _refusal(self, error: Exception, reference: Reference) -> FaturatError:
        """One of our few errors, naming the biller and where the right number stands."""
        if isinstance(error, FaturatError) and error.code == "unknown_reference":
            # a contract may be older than the plugin, and of a kind that it no longer has
            kind = self.biller.kind(reference.kind) or self.biller.reference_kinds[0]
            field = kind.fields[0]
            hint = replies.checked_hint(error.hint) if isinstance(error, UnknownReference) else None
            return FaturatError("unknown_reference", field=field.id, biller=self.biller.name, help=hint or field.help)
        bad = isinstance(error, CallFailed) and error.why == "bad_reply"
        # any other of our errors came up while the plugin read a reply, as an amount that is none
        bad = bad or (isinstance(error, FaturatError) and error.code != "biller_unavailable")
        return FaturatError("biller_bad_reply" if bad else "biller_unavailable", biller=self.biller.name)


def _why(error: CallFailed | FaturatError) -> str:
    if isinstance(error, CallFailed):
        return error.why
    return code_of(error.why if isinstance(error, BillerError) else error.code)
