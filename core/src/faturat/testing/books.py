"""The books of a simulated company in one SQLite file: contracts, invoices, bookings. Every change is durable at once.

Amounts are integer minor units; times are aware and kept in UTC.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from faturat.clock import Clock

T = TypeVar("T")

SCHEMA = """
CREATE TABLE IF NOT EXISTS contracts (reference TEXT PRIMARY KEY, subscriber TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS invoices (
    key TEXT PRIMARY KEY,
    contract TEXT NOT NULL REFERENCES contracts,
    number TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    due_on TEXT,
    amount INTEGER NOT NULL,
    penalty INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    visible_from TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS invoices_by_contract ON invoices (contract, issued_on, number);
CREATE TABLE IF NOT EXISTS bookings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL UNIQUE,
    invoice_key TEXT NOT NULL REFERENCES invoices,
    part INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    settled_at TEXT NOT NULL,
    UNIQUE (invoice_key, part)
);
"""
BOOKING = "SELECT *, printf('R%09d', id) AS receipt FROM bookings"
VISIBLE = "FROM invoices WHERE (key = ? OR contract = ?) AND visible_from <= ?"


class CompanyContract(Struct, frozen=True, forbid_unknown_fields=True):
    """A contract as the company holds it; `reference` is the text by which it knows the contract."""

    reference: str
    subscriber: str


class IssuedInvoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invoice as it was issued; `contract` is a reference. `visible_from` None: at once."""

    key: str
    contract: str
    number: str
    issued_on: date
    due_on: date | None = None
    amount: int
    penalty: int = 0
    discount: int = 0
    visible_from: datetime | None = None


class Booking(Struct, frozen=True):
    """A payment that the company booked."""

    order_id: str
    invoice_key: str
    part: int
    amount: int
    receipt: str
    settled_at: datetime


class CompanyInvoice(Struct, frozen=True):
    """An issued invoice and what was booked for it."""

    issued: IssuedInvoice
    bookings: tuple[Booking, ...]

    @property
    def owed(self) -> int:
        paid = sum(booking.amount for booking in self.bookings)
        return self.issued.amount + self.issued.penalty - self.issued.discount - paid

    @property
    def part(self) -> int:
        """The number that the next payment of this invoice carries."""
        return len(self.bookings) + 1


class Books:
    """Contracts, invoices and bookings in the file `path`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._batch: sqlite3.Connection | None = None
        self.durable = True
        """False leaves it to the system when a change reaches the disk: for tests, whose books nobody needs later."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._transaction() as connection:
            connection.executescript(SCHEMA)

    def add_contract(self, contract: CompanyContract) -> bool:
        """False where there is one of this reference already; it then stays as it is."""
        with self._transaction() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO contracts VALUES (?, ?)", (contract.reference, contract.subscriber)
            )
            return added.rowcount == 1

    def contracts(self) -> tuple[CompanyContract, ...]:
        """Every contract, by reference."""
        with self._transaction() as connection:
            rows = connection.execute("SELECT * FROM contracts ORDER BY reference")
            return tuple(_read(row, CompanyContract) for row in rows)

    def add_invoice(self, invoice: IssuedInvoice) -> bool:
        """False where there is one of this key already. Raises sqlite3.IntegrityError for an unknown contract."""
        values = msgspec.to_builtins(invoice) | {"visible_from": _utc(invoice.visible_from or self._clock.now())}
        with self._transaction() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO invoices VALUES (:key, :contract, :number, :issued_on, :due_on,"
                " :amount, :penalty, :discount, :visible_from)",
                values,
            )
            return added.rowcount == 1

    def subscriber(self, reference: str) -> str | None:
        with self._transaction() as connection:
            row = connection.execute("SELECT subscriber FROM contracts WHERE reference = ?", (reference,)).fetchone()
        return None if row is None else str(row["subscriber"])

    def invoice(self, key: str) -> CompanyInvoice | None:
        """An invoice that is visible now."""
        return next(iter(self._invoices(key=key)), None)

    def invoices(self, contract: str) -> tuple[CompanyInvoice, ...]:
        """What is visible now of a contract, paid or not, by date of issue and number."""
        return self._invoices(contract=contract)

    def open_invoices(self, contract: str) -> tuple[CompanyInvoice, ...]:
        """Those of `invoices` that are still owed."""
        return tuple(invoice for invoice in self.invoices(contract) if invoice.owed > 0)

    def raise_penalties(self, by: int, contract: str | None = None) -> None:
        """Add an amount to the penalty of everything that is still owed, or of what one contract owes."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE invoices SET penalty = penalty + ? WHERE contract = coalesce(?, contract)"
                " AND amount + penalty - discount >"
                " (SELECT coalesce(sum(amount), 0) FROM bookings WHERE invoice_key = key)",
                (by, contract),
            )

    def book(self, order_id: str, invoice_key: str, part: int, amount: int, late: timedelta = timedelta()) -> Booking:
        """Book a payment; with `late`, so much later: nobody sees it before.

        Raises sqlite3.IntegrityError where the order id or the part is booked already, be it later.
        """
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO bookings (order_id, invoice_key, part, amount, settled_at) VALUES (?, ?, ?, ?, ?)",
                (order_id, invoice_key, part, amount, _utc(self._clock.now() + late)),
            )
            row = connection.execute(f"{BOOKING} WHERE order_id = ?", (order_id,)).fetchone()
            return _read(row, Booking)

    def booking(self, order_id: str) -> Booking | None:
        """The booking of an order, if it is booked by now."""
        with self._transaction() as connection:
            now = _utc(self._clock.now())
            row = connection.execute(f"{BOOKING} WHERE order_id = ? AND settled_at <= ?", (order_id, now)).fetchone()
        return None if row is None else _read(row, Booking)

    def taken(self, order_id: str) -> bool:
        """Whether an order is booked, now or soon, for whatever invoice."""
        with self._transaction() as connection:
            return connection.execute(f"{BOOKING} WHERE order_id = ?", (order_id,)).fetchone() is not None

    def bookings(self) -> tuple[Booking, ...]:
        """What is booked by now, in the order in which it came."""
        with self._transaction() as connection:
            rows = connection.execute(f"{BOOKING} WHERE settled_at <= ? ORDER BY id", (_utc(self._clock.now()),))
            return tuple(_read(row, Booking) for row in rows)

    def booked_between(self, begin: datetime, end: datetime) -> tuple[Booking, ...]:
        """What is booked by now of what settled from `begin` on and before `end`, in the order in which it came."""
        with self._transaction() as connection:
            rows = connection.execute(
                f"{BOOKING} WHERE settled_at >= ? AND settled_at < ? AND settled_at <= ? ORDER BY id",
                (_utc(begin), _utc(end), _utc(self._clock.now())),
            )
            return tuple(_read(row, Booking) for row in rows)

    def _invoices(self, key: str | None = None, contract: str | None = None) -> tuple[CompanyInvoice, ...]:
        wanted = (key, contract, _utc(self._clock.now()))
        with self._transaction() as connection:
            issued = connection.execute(f"SELECT * {VISIBLE} ORDER BY issued_on, number", wanted).fetchall()
            booked = connection.execute(
                f"{BOOKING} WHERE invoice_key IN (SELECT key {VISIBLE}) AND settled_at <= ? ORDER BY part",
                (*wanted, wanted[-1]),
            ).fetchall()
        bookings: dict[str, list[Booking]] = defaultdict(list)
        for row in booked:
            bookings[row["invoice_key"]].append(_read(row, Booking))
        return tuple(CompanyInvoice(_read(row, IssuedInvoice), tuple(bookings[row["key"]])) for row in issued)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make all that is changed inside durable at once, at the end: a seed is hundreds of rows."""
        with self._transaction() as connection:
            self._batch = connection
            try:
                yield
            finally:
                self._batch = None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._batch is not None:
            yield self._batch
            return
        with closing(sqlite3.connect(self._path)) as connection, connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            if not self.durable:
                connection.execute("PRAGMA synchronous = OFF")
            yield connection


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")  # one width, so that texts compare like times


def _read(row: sqlite3.Row, kind: type[T]) -> T:
    return msgspec.convert(dict(row), kind)
