"""The gate to one biller: what its plugin answers, checked; what it fails at, in our few errors.

Before a call that reaches the company stands its guard: where the company is down, or called as often as it allows,
nobody calls, and nothing left. A company that works by files is asked at its register, so its guard only hears of it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

import aiohttp

from faturat.billers import Biller, Reference, Subscriber
from faturat.clock import Clock
from faturat.errors import BillerError, FaturatError, NotAsked, UnknownReference
from faturat.exchange.types import ExchangeFile, ExchangeReply, OutgoingFile
from faturat.gate import files, replies, statements
from faturat.gate.call import CallFailed, call_plugin, code_of
from faturat.gate.guard import Guard, sign_of
from faturat.health.types import Lane, Sign
from faturat.hookspecs import Relay
from faturat.invoices.types import Invoice
from faturat.payments.types import NotSent, Order, Outcome, StatusReply, Unknown
from faturat.plugins.http import Attempt, TooLate, current_attempt
from faturat.reconciliation.types import Statement
from faturat.text import Text

T = TypeVar("T")

SWAPPING = timedelta(seconds=30), timedelta(minutes=5)
"""The least and the most that one hook of an exchange may take: a file may list every contract of a company."""
STATING = timedelta(minutes=2)
"""How long a hook may take over a statement, which lists the bookings of a whole day."""


class BillerGate:
    """Typed calls to one biller's plugin. `relay` reaches this plugin and no other; without a guard all are made."""

    def __init__(
        self, biller: Biller, relay: Relay, clock: Clock, look_up: timedelta, pay: timedelta, guard: Guard | None = None
    ) -> None:
        self.biller = biller
        self._relay = relay
        self._clock = clock
        self._look_up = look_up
        self._pay = pay
        every = biller.capabilities.exchange_every or timedelta()
        self.swapping = min(max(every, SWAPPING[0]), SWAPPING[1])
        """How long one hook of an exchange may take."""
        self._guard = guard
        self._standing = guard if biller.capabilities.exchange_every is None else None
        """Who lets calls through; nobody stands before a register, or before an order that is only queued."""

    async def always_called(self) -> bool:
        """Whether the biller is called as ever; False while its breaker is not closed."""
        return self._standing is None or await self._standing.closed()

    async def refusal(self) -> NotAsked | None:
        """Why nobody may call the biller now, not even to try whether it is back; None where somebody may."""
        return None if self._standing is None else await self._standing.refusal()

    async def find_contract(self, reference: Reference) -> Subscriber:
        """Raises FaturatError unknown_reference, biller_unavailable, biller_busy or biller_bad_reply."""
        probe = await self._admit(Lane.CUSTOMER, self._look_up)
        try:
            return await self._ask(
                "find_contract",
                lambda: self._relay.find_contract(reference=reference),
                self._look_up,
                replies.check_subscriber,
                probe,
            )
        except (CallFailed, FaturatError) as error:
            raise self._refusal(error, reference) from error

    async def fetch_invoices(
        self,
        references: tuple[Reference, ...],
        lane: Lane = Lane.CUSTOMER,
        call_by: datetime | None = None,
        anyway: bool = False,
    ) -> dict[Reference, tuple[Invoice, ...] | FaturatError]:
        """Exactly one entry per reference asked; asks the plugin for at most max_bulk of them at once.

        The entry is NotAsked where the biller was not asked for it: so are all after `call_by`. `anyway` asks whatever
        the breaker says.
        """
        answers: dict[Reference, tuple[Invoice, ...] | FaturatError] = {}
        bulk = self.biller.capabilities.max_bulk
        distinct = tuple(dict.fromkeys(references))
        for start in range(0, len(distinct), bulk):
            asked, rest = distinct[start : start + bulk], distinct[start + bulk :]
            now = self._clock.now()
            if call_by is not None and now >= call_by:
                return answers | dict.fromkeys((*asked, *rest), NotAsked("too_late", self.biller.name, now, now))
            try:
                probe = await self._admit(lane, self._look_up, anyway=anyway)
            except NotAsked as error:
                return answers | dict.fromkeys((*asked, *rest), error)
            try:
                answers |= await self._fetch(asked, probe)
            except CallFailed as error:
                answers |= {each: self._refusal(error, each) for each in asked}
                if error.why == "timeout":
                    # whoever does not answer in time once is not asked for the rest, each with its own deadline
                    return answers | {each: self._not_reached(error, each) for each in rest}
        return answers

    async def _fetch(
        self, references: tuple[Reference, ...], probe: int | None
    ) -> dict[Reference, tuple[Invoice, ...] | FaturatError]:
        try:
            answers = await self._ask(
                "fetch_invoices",
                lambda: self._relay.fetch_invoices(references=references),
                self._look_up,
                lambda reply: replies.check_invoices(reply, references, self.biller),
                probe,
                _sign_of_entries,
            )
        except FaturatError as error:
            return {reference: self._refusal(error, reference) for reference in references}
        return {
            reference: self._refusal(entry, reference) if isinstance(entry, FaturatError) else entry
            for reference, entry in answers.items()
        }

    async def pay_invoice(self, order: Order, call_by: datetime, again: bool = False, anyway: bool = False) -> Outcome:
        """Call the biller once. Never raises: what is not an answer is Unknown, or NotSent where no byte left.

        After `call_by` it is not called any more, and a call that was held up since sends nothing when it would have
        had to be over: somebody else may go on with the payment by then. Whether a biller is back is not tried with
        money that was not sent yet, only `again` with what may be there already. `anyway` calls whatever the breaker
        says.
        """
        if self._clock.now() >= call_by:
            return NotSent("too_late")
        try:
            probe = await self._admit(Lane.PAYMENT, self._pay, trying=again, anyway=anyway)
        except NotAsked as error:
            return NotSent(error.why)
        if self._clock.now() >= call_by:
            return NotSent("too_late")  # it waited too long for its turn
        attempt = Attempt(self._clock, send_by=call_by + self._pay)
        token = current_attempt.set(attempt)
        try:
            return await self._ask(
                "pay_invoice",
                lambda: self._relay.pay_invoice(order=order),
                self._pay,
                replies.check_pay,
                probe,
                sign_of,
            )
        except (CallFailed, FaturatError) as error:
            cause = error.cause if isinstance(error, CallFailed) else None
            if isinstance(cause, TooLate) and not attempt.sent:
                return NotSent("too_late")
            refused = isinstance(cause, aiohttp.ClientConnectorError)
            return NotSent("refused_connection") if refused and attempt.nothing_left else Unknown(_why(error))
        finally:
            current_attempt.reset(token)

    async def payment_status(self, order: Order, lane: Lane = Lane.BACKGROUND, anyway: bool = False) -> StatusReply:
        """Ask what became of an order. What is not an answer is Unknown.

        Raises NotAsked where the question was not put. `anyway` puts it whatever the breaker says.
        """
        probe = await self._admit(lane, self._look_up, anyway=anyway)
        try:
            return await self._ask(
                "payment_status",
                lambda: self._relay.payment_status(order=order),
                self._look_up,
                replies.check_status,
                probe,
                sign_of,
            )
        except (CallFailed, FaturatError) as error:
            return Unknown(_why(error))

    async def collect_files(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        """Raises CallFailed or FaturatError where the biller's files could not be had."""
        return await self._swap(
            "collect_files",
            lambda: self._relay.collect_files(known=known),
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
        await self._swap("send_files", lambda: self._relay.send_files(files=outgoing), lambda _reply: None)

    async def fetch_statement(self, day: date) -> ExchangeFile:
        """Raises FaturatError statement_unavailable."""
        try:
            probe = await self._admit(Lane.CUSTOMER, STATING, anyway=True)
            return await self._ask(
                "fetch_statement",
                lambda: self._relay.fetch_statement(day=day),
                STATING,
                statements.check_statement_file,
                probe,
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
            return await call_plugin(self.biller.id, hook, call, deadline, check)
        except NotAsked as error:
            raise CallFailed("exception", error) from error  # the gate's own word, in a plugin's mouth

    async def _admit(self, lane: Lane, lasting: timedelta, *, trying: bool = True, anyway: bool = False) -> int | None:
        """Raises NotAsked where the biller may not be called now; else what `_ask` is to be told."""
        if self._standing is None:
            return None
        return await self._standing.admit(lane, lasting, trying=trying, anyway=anyway)

    async def _ask(
        self,
        hook: str,
        call: Callable[[], Awaitable[object]],
        deadline: timedelta,
        check: Callable[[object], T],
        probe: int | None,
        sign: Callable[[T], Sign] = lambda _reply: Sign.ANSWERED,
    ) -> T:
        """A call that was admitted; its guard hears how it ended."""
        return await self._heard(self._standing, self._call(hook, call, deadline, check), sign, probe)

    async def _swap(self, hook: str, call: Callable[[], Awaitable[object]], check: Callable[[object], T]) -> T:
        """A call on the biller's schedule: it is made whatever its guard says, which hears how it ended."""
        called = self._call(hook, call, self.swapping, check)
        return await self._heard(self._guard, called, lambda _reply: Sign.ANSWERED)

    @staticmethod
    async def _heard(guard: Guard | None, call: Awaitable[T], sign: Callable[[T], Sign], probe: int | None = None) -> T:
        try:
            reply = await call
        except (CallFailed, FaturatError) as error:
            if guard is not None:
                await guard.heard(sign_of(error), probe)
            raise
        if guard is not None:
            await guard.heard(sign(reply), probe)
        return reply

    def _not_reached(self, error: CallFailed, reference: Reference) -> FaturatError:
        """For a reference that is not asked for, because the call before was not answered in time."""
        return self._refusal(error, reference) if self._standing is None else self._standing.no_answer()

    def _refusal(self, error: Exception, reference: Reference) -> FaturatError:
        """One of our few errors, naming the biller and where the right number stands."""
        if isinstance(error, FaturatError) and error.code == "unknown_reference":
            # a contract may be older than the plugin, and of a kind that it no longer has
            kind = self.biller.kind(reference.kind) or self.biller.reference_kinds[0]
            field = kind.fields[0]
            hint = replies.checked_hint(error.hint) if isinstance(error, UnknownReference) else None
            said = hint or field.help
            # its page no longer shows the example beside the error
            help_ = Text(f"{said.sq} Shembull: {field.example}.", f"{said.en} Example: {field.example}.")
            return FaturatError("unknown_reference", field=field.id, biller=self.biller.name, help=help_)
        bad = isinstance(error, CallFailed) and error.why == "bad_reply"
        # any other of our errors came up while the plugin read a reply, as an amount that is none
        bad = bad or (isinstance(error, FaturatError) and error.code != "biller_unavailable")
        return FaturatError("biller_bad_reply" if bad else "biller_unavailable", biller=self.biller.name)


def _sign_of_entries(answers: dict[Reference, tuple[Invoice, ...] | FaturatError]) -> Sign:
    """One answer among the entries is an answer; silence is where every entry is."""
    signs = {sign_of(entry) if isinstance(entry, FaturatError) else Sign.ANSWERED for entry in answers.values()}
    if Sign.ANSWERED in signs:
        return Sign.ANSWERED
    return Sign.SILENT if signs == {Sign.SILENT} else Sign.UNCLEAR


def _why(error: CallFailed | FaturatError) -> str:
    if isinstance(error, CallFailed):
        return error.why
    return code_of(error.why if isinstance(error, BillerError | NotAsked) else error.code)
