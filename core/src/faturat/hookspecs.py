"""Every hook that a plugin may implement. docs/hooks.md documents each with its exact arguments; a test compares.

All hooks are async but describe_biller. Amounts are integer minor units; times are aware and UTC.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias

import pluggy

from faturat.bank import Account, CaptureReply, FundsStatus, HoldReply, Released
from faturat.billers import Biller, Reference, Subscriber
from faturat.errors import FaturatError
from faturat.exchange.types import ExchangeFile, ExchangeReply, OutgoingFile
from faturat.invoices.types import Invoice, KnownInvoice
from faturat.notices.types import Notice
from faturat.payments.types import Order, Outcome, Payment, StatusReply
from faturat.reconciliation.types import Statement

API = 1
"""The version of this contract; a plugin states the one it was written for as `api = 1`."""

hookspec = pluggy.HookspecMarker("faturat")
hookimpl = pluggy.HookimplMarker("faturat")

InvoicesByReference: TypeAlias = Mapping[Reference, tuple[Invoice, ...] | FaturatError]


class Relay(Protocol):
    """Calls hooks by name: the `hook` attribute of a pluggy manager that holds one plugin."""

    def __getattr__(self, hook: str) -> Any: ...


class BillerSpec(Protocol):
    """The hooks of a biller. A call reaches exactly one plugin."""

    @hookspec(firstresult=True)
    def describe_biller(self) -> Biller:
        """Say who the biller is: identity, reference kinds and fields, capabilities, limits.

        Plain, not async: called once at start, before open() and without I/O.
        """

    @hookspec(firstresult=True)
    async def find_contract(self, reference: Reference) -> Subscriber:
        """Look a reference up at the biller.

        reference: normalised and checked against the kind's fields.
        Not called for a biller that works by files (exchange_every): its register answers.
        Raises UnknownReference where the biller says that there is none; BillerError where it does not answer.
        """

    @hookspec(firstresult=True)
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> InvoicesByReference:
        """Read the unpaid invoices of some references.

        references: 1 to Biller.capabilities.max_bulk of them, no two equal.
        Not called for a biller that works by files (exchange_every): its register answers.
        Returns exactly one entry per reference asked: all of its unpaid invoices (none: no debts), or an error
        for this reference. Only a complete entry may withdraw an invoice: never answer with a part of it.
        Raises BillerError where no reference could be read.
        """

    @hookspec(firstresult=True)
    async def pay_invoice(self, order: Order) -> Outcome:
        """Pay order.amount of order.invoice_key at the biller, under order.id, exactly once.

        Returns Settled with the biller's receipt, Rejected on its explicit and final no, Pending where it settles
        later (or where the order may be queued for the next file), Unknown on anything else (time-out, 5xx,
        unrecognised reply, "already paid" after an earlier try).
        A plugin never says NotSent: the gate knows whether a byte left. An exception counts as Unknown.
        """

    @hookspec(firstresult=True)
    async def payment_status(self, order: Order) -> StatusReply:
        """Ask the biller what became of order.id. Capability status_inquiry.

        Returns its outcome, or NotFound where the biller does not know the order now.
        Raises BillerError where it does not answer.
        """

    @hookspec(firstresult=True)
    async def collect_files(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        """Fetch the files that lie ready at the biller. Capability exchange_every.

        known: names of files that were taken in before; none of them is answered again.
        Raises BillerError where the biller does not answer. Nothing is deleted at the biller.
        """

    @hookspec(firstresult=True)
    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        """Read what the biller sent and write what it is owed, without I/O. Capability exchange_every.

        inbox: collected files, by name. queued_orders: those that pay_invoice answered with Pending and no file
        carries yet. Same arguments, same answer: it is called again where its answer could not be stored.
        """

    @hookspec(firstresult=True)
    async def send_files(self, files: tuple[OutgoingFile, ...]) -> None:
        """Put files where the biller takes them, whole or not at all. Capability exchange_every.

        A file that lies there already under its name is left as it is: it was sent before.
        Raises BillerError where one could not be put there; all are then sent again.
        """

    @hookspec(firstresult=True)
    async def fetch_statement(self, day: date) -> ExchangeFile:
        """Fetch the biller's own list of what it booked for us on a day. Capability statements.

        day: from midnight to midnight in Europe/Tirane; it may not be over yet.
        Returns the file as the biller gave it: it is kept as evidence.
        Raises BillerError where the biller does not answer, or has no statement of that day.
        """

    @hookspec(firstresult=True)
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        """Read a statement, without I/O. Capability statements.

        file: from fetch_statement, or as an operator got it from the biller, perhaps under another name.
        Returns every booking in it, as the biller says it. Raises BillerError where the file is not known to be whole
        (by its own count or trailer), is of another day, or holds anything that cannot be read: a part of a statement
        would make payments look missing.
        """


class BankSpec(Protocol):
    """The hooks of a bank: each gets the whole order and may be repeated by its id."""

    @hookspec(firstresult=True)
    async def list_accounts(self, customer: str) -> tuple[Account, ...]:
        """List the accounts from which a customer may pay, the main account first; available in minor units."""

    @hookspec(firstresult=True)
    async def hold_funds(self, order: Order) -> HoldReply:
        """Reserve order.to_hold in order.account.

        Returns the Hold (the same one when repeated) with its end, or a Refusal: another customer's account, another
        currency, too little money, or an order that was released before. After a Refusal nothing is held.
        """

    @hookspec(firstresult=True)
    async def capture_funds(self, order: Order) -> CaptureReply:
        """Turn the hold into a debit that credits the biller's suspense account; cannot fail for balance."""

    @hookspec(firstresult=True)
    async def release_funds(self, order: Order) -> Released:
        """Lift the hold in full, and refuse any that arrives later for this order (a tombstone).

        Repeatable, also where there never was a hold. Raises for an order that was captured.
        """

    @hookspec(firstresult=True)
    async def funds_status(self, order: Order) -> FundsStatus:
        """Say what is held, captured or released for order.id."""

    @hookspec(firstresult=True)
    async def list_orders(self, after: str, limit: int) -> tuple[FundsStatus, ...]:
        """List the orders for which the bank holds or has captured money, in an order of its own that stays.

        after: the order id that the page before ended with, "" for the first page. limit: the most of one page.
        Used to find money of an order that no payment knows, as after a restore from a backup. Optional.
        """

    @hookspec(firstresult=True)
    async def check_books(self) -> tuple[str, ...]:
        """Check the bank's own ledger; one sentence per fault that names its row, none where all is right."""


class ObserverSpec(Protocol):
    """Hooks that run after a commit, from the outbox, at least once. They cannot touch money."""

    @hookspec(firstresult=True)
    async def payment_changed(self, payment: Payment) -> None:
        """Hear that a payment moved; payment is as it now stands, which may be later than the move."""

    @hookspec(firstresult=True)
    async def invoice_changed(self, invoice: KnownInvoice) -> None:
        """Hear that an invoice of a contract appeared or changed; invoice is as it now stands."""

    @hookspec(firstresult=True)
    async def deliver_notice(self, notice: Notice) -> datetime | None:
        """Deliver one notice; notice.id is the same at each try, so that a phone can collapse repeats.

        A moment puts it off until then, as a customer's quiet hours do.
        Raises where it could not be delivered; it is then tried again until its deadline.
        """
