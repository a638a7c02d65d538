"""The bench on which one check tries a plugin: its company on 127.0.0.1, the plugin, and the host's gate between them.

Nothing of it is awaited: it has an event loop of its own and leaves every other one alone, so that a check is a plain
function and Hypothesis can drive it. Each bench has a fresh company with the magic references and a clock that stands
still until the check moves it.
"""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, TypeVar

import msgspec
from structlog.testing import capture_logs

from faturat.billers import Biller, Reference, ReferenceKind, Subscriber
from faturat.clock import company_day, day_bounds, new_id
from faturat.errors import FaturatError
from faturat.gate.call import CallFailed
from faturat.hookspecs import BillerSpec
from faturat.invoices.types import Invoice, PayChoices
from faturat.payments.types import NotFound, Order, Outcome, Pending, Receipt, Rejected, Settled, StatusReply, Unknown
from faturat.plugins.loading import LoadedPlugin, load_class
from faturat.reconciliation.types import Statement
from faturat.testing.books import Booking, CompanyContract, IssuedInvoice
from faturat.testing.cases import Case
from faturat.testing.company import LATE
from faturat.testing.conformance.check import CheckFailed, expect, fail, said
from faturat.testing.conformance.fresh import fresh_references
from faturat.testing.conformance.opened import Opened, timeout_setting
from faturat.testing.conformance.subject import HandClock, Subject, seeded
from faturat.testing.conformance.swap import SwapHost

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds that a plugin may wait for the company, where its settings have a `timeout`; the gate waits twice as long."""
HASTE = 0.2
"""The same for a plugin that is to run into its time-out."""
EXCHANGES = 4
"""After how many exchanges an order has its outcome."""


class Bench:
    """A context manager around one check. Its verbs ask the plugin through the gate, or through the files it swaps."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.host = SwapHost()
        self._invoices = 900_000

    def __enter__(self) -> "Bench":
        with ExitStack() as stack:
            self.logged = stack.enter_context(capture_logs())  # what the gate logs of a fault is no news here
            self._runner = stack.enter_context(asyncio.Runner(loop_factory=asyncio.new_event_loop))
            self._runner.get_loop().set_exception_handler(lambda _loop, _told: None)
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="faturat-")))
            seed = seeded(self.subject.simulator)
            shutil.copytree(seed.folder, folder, dirs_exist_ok=True)
            self.clock = HandClock(seed.moment)
            self.company = self.subject.simulator(folder, self.clock)
            self.company.books.durable = False
            self.settings = self.run(self.company.start())
            stack.callback(lambda: self.run(self.company.stop()))
            self._plugins = stack.enter_context(ExitStack())
            self.opened = self.open_plugin()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    # the plugin

    @property
    def biller(self) -> Biller:
        return self.opened.biller

    @property
    def by_files(self) -> bool:
        return self.biller.capabilities.exchange_every is not None

    def configured(self) -> Any:
        """The plugin's settings towards this company, with its own defaults."""
        return msgspec.convert(self.settings, self.subject.plugin.Settings, strict=False)

    def load(self, **changes: object) -> LoadedPlugin:
        """Load one more plugin object as the host does, with `changes` to its settings; raises PluginRefused."""
        return load_class(self.subject.name, self.subject.plugin, self.settings | changes, BillerSpec)

    def open_plugin(self, timeout: float = PATIENCE) -> Opened:
        """Open one more plugin object, with `timeout` seconds where its settings have one; closed with the bench."""
        changes = timeout_setting(self.subject.plugin.Settings, self.settings, timeout)
        opened = Opened(self.load(**changes), self.clock, timeout)
        self._plugins.callback(lambda: self.run(opened.close()))
        self.run(opened.open())
        return opened

    @cached_property
    def hasty(self) -> Opened:
        """A plugin object with a time-out of HASTE, to be used with `using`."""
        return self.open_plugin(HASTE)

    @contextmanager
    def using(self, opened: Opened) -> Iterator[None]:
        """Let the verbs ask this plugin object."""
        before, self.opened = self.opened, opened
        try:
            yield
        finally:
            self.opened = before

    # the verbs

    def wait_until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Let the bench's loop run until something has come about; False where it has not within `seconds`."""
        until = time.monotonic() + seconds
        while not condition() and time.monotonic() < until:
            self.run(asyncio.sleep(0.001))
        return condition()

    def run(self, awaitable: Awaitable[T], seconds: float = 4 * PATIENCE) -> T:
        """Await something in the bench's loop; CheckFailed where it takes longer than `seconds`."""

        async def bounded() -> T:
            async with asyncio.timeout(seconds) as limit:
                try:
                    return await awaitable
                finally:
                    self._late = limit.expired()

        self._late = False
        try:
            return self._runner.run(bounded())
        except TimeoutError as error:
            if self._late:
                raise CheckFailed(f"it took longer than {seconds:.0f} seconds") from error
            raise

    def call(self, hook: str, arguments: Mapping[str, object], within: float = 4 * PATIENCE) -> object:
        """Call a hook without the gate; the error that it raises is answered.

        CheckFailed for an exception that is not ours, or where it takes longer than `within` seconds.
        """
        try:
            return self.run(getattr(self.opened.relay, hook)(**arguments), within)
        except FaturatError as error:
            return error
        except CheckFailed:
            raise
        except Exception as error:
            raise CheckFailed(f"{hook} raised {type(error).__name__}, which is not one of Faturat's errors") from error

    def find(self, reference: Reference) -> Subscriber | FaturatError:
        """The subscriber of a reference, or the error that the host would show."""
        if self.by_files:
            self.exchange()
            return self.host.find(reference)
        return self._answer(self.opened.gate.find_contract(reference))

    def fetch(self, *references: Reference) -> dict[Reference, tuple[Invoice, ...] | FaturatError]:
        """All that is said of the references' invoices, or an error by reference."""
        if self.by_files:
            self.exchange()
            return {reference: self.host.fetch(reference) for reference in references}
        return self.run(self.opened.gate.fetch_invoices(references))

    def unpaid(self, reference: Reference) -> tuple[Invoice, ...]:
        """The unpaid invoices of a reference; CheckFailed where it answers with an error."""
        entry = self.fetch(reference)[reference]
        if isinstance(entry, FaturatError):
            fail(f"fetch_invoices answered {said(entry)} for a contract that the company knows")
        return tuple(invoice for invoice in entry if invoice.paid_by_order is None)

    def only_invoice(self, reference: Reference) -> Invoice:
        """The one unpaid invoice of a reference."""
        invoices = self.unpaid(reference)
        expect(len(invoices) == 1, f"{len(invoices)} unpaid invoices were read where the company has one")
        return invoices[0]

    def pay(self, order: Order) -> Outcome:
        """Pay; where files are swapped, queue the order and exchange until it has an outcome."""
        outcome = self.run(self.opened.gate.pay_invoice(order, self.clock.now() + timedelta(days=1)))
        if not self.by_files or not isinstance(outcome, Pending):
            return outcome
        self.host.queue(order)
        for _ in range(EXCHANGES):
            self.exchange()
            if isinstance(self.host.outcomes.get(order.id), Settled | Rejected):
                break
        return self.host.outcomes.get(order.id, outcome)

    def status(self, order: Order) -> StatusReply:
        return self.run(self.opened.gate.payment_status(order))

    def settle(self, order: Order) -> Outcome | NotFound:
        """Pay, and where that brings no end, ask as the host would until the longest time to settle has passed."""
        outcome: Outcome | NotFound = self.pay(order)
        if isinstance(outcome, Pending) and not self.by_files:
            outcome = self.ask(order)
            if not isinstance(outcome, Settled | Rejected):
                self.clock.move(self.biller.capabilities.settles_later or LATE)
                outcome = self.ask(order)
        return outcome

    def ask(self, order: Order) -> Outcome | NotFound:
        """Learn what became of an order: by its status, by a repeat, or by an entry that carries its id.

        Unknown `no_proof` where the company offers none of these: a person at the bank decides then.
        """
        able = self.biller.capabilities
        if able.status_inquiry:
            return self.status(order)
        if able.idempotent_pay:
            return self.pay(order)
        entries = self.fetch(order.reference)[order.reference]
        if isinstance(entries, FaturatError):
            return Unknown(entries.code)
        for entry in entries:
            if entry.paid_by_order == order.id and entry.invoice_key == order.invoice_key:
                return Settled(Receipt(entry.number, self.clock.now(), entry.total))
        return Unknown("no_proof")

    def statement(self, day: date) -> Statement | FaturatError:
        """The company's statement of a day, after it has done what there was to do."""
        self.run(self.company.close_day())

        async def fetch_and_read() -> Statement:
            return await self.opened.gate.read_statement(await self.opened.gate.fetch_statement(day), day)

        return self._answer(fetch_and_read())

    def exchange(self) -> None:
        """One exchange of files, after the company has done its day's work."""
        self.pass_day()
        try:
            self.run(self.host.cycle(self.opened.gate))
        except (CallFailed, FaturatError) as error:
            raise CheckFailed(f"an exchange failed: {said(error)}") from error

    def pass_day(self) -> None:
        """Let the interval of exchanges pass, and more than the company takes to book late; then it does its work."""
        self.clock.move(max(self.biller.capabilities.exchange_every or timedelta(), 2 * LATE))
        self.run(self.company.close_day())

    def noon(self) -> None:
        """Let time pass until the next noon in Tirana: what happens in the hours after it is of one day."""
        noon = day_bounds(company_day(self.clock.now()) + timedelta(days=1))[0] + timedelta(hours=12)
        self.clock.move(noon - self.clock.now())

    def _answer(self, call: Awaitable[T]) -> T | FaturatError:
        try:
            return self.run(call)
        except FaturatError as error:
            return error

    # the company's side

    def case(self, case: Case) -> Reference:
        """The magic reference of a case."""
        return self.company.case_reference(case)

    @cached_property
    def _fresh(self) -> Callable[[ReferenceKind], Reference]:
        return fresh_references(self.biller, self.company)

    def new_reference(self, kind: ReferenceKind | None = None) -> Reference:
        """A valid reference that the company does not know; of the first kind where none is named."""
        return self._fresh(kind or self.biller.reference_kinds[0])

    def new_contract(self, subscriber: str = "Test Test", kind: ReferenceKind | None = None) -> Reference:
        """A contract in the company's books, without invoices."""
        reference = self.new_reference(kind)
        self.company.books.add_contract(CompanyContract(self.company.contract_of(reference), subscriber))
        return reference

    def new_invoice(
        self, reference: Reference, amount: int = 1234_50, penalty: int = 0, age: int = 10
    ) -> IssuedInvoice:
        """An invoice of a contract in the company's books, issued `age` days ago and due in ten."""
        self._invoices += 1
        number = self.company.number(self._invoices)
        today = self.clock.now().date()
        issued = IssuedInvoice(
            key=number,
            contract=self.company.contract_of(reference),
            number=number,
            issued_on=today - timedelta(days=age),
            due_on=today + timedelta(days=10),
            amount=amount,
            penalty=penalty,
        )
        self.company.books.add_invoice(issued)
        return issued

    def owing(self, amount: int = 1234_50, penalty: int = 0) -> tuple[Reference, Invoice]:
        """A fresh contract with one invoice, and that invoice as the plugin reads it."""
        reference = self.new_contract()
        self.new_invoice(reference, amount, penalty)
        return reference, self.only_invoice(reference)

    def order(self, reference: Reference, invoice: Invoice, amount: int | None = None) -> Order:
        """A new order for an invoice: for the amount that a customer most likely pays, where none is named."""
        return Order(
            id=new_id("pay", self.clock.now()),
            customer="c1",
            account="a1",
            biller=self.biller.id,
            reference=reference,
            invoice_key=invoice.invoice_key,
            amount=amounts(invoice)[0] if amount is None else amount,
            currency=self.biller.currency,
            part=invoice.part,
            created_at=self.clock.now(),
        )

    def booked(self, order: Order) -> tuple[Booking, ...]:
        """What the company booked under an order's id by now."""
        return tuple(booking for booking in self.company.books.bookings() if booking.order_id == order.id)


def amounts(invoice: Invoice) -> tuple[int, ...]:
    """Amounts that an invoice offers to be paid, the likeliest first: all choices, or the ends of a range."""
    if isinstance(invoice.payable, PayChoices):
        return tuple(choice.amount for choice in invoice.payable.choices)
    return tuple(dict.fromkeys((invoice.payable.maximum, invoice.payable.minimum)))
