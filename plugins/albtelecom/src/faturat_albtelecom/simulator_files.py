"""The folders in which the simulated company publishes its files, numbered, and what can go wrong at that."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from aiohttp import web
from msgspec import Struct

from faturat.clock import company_day
from faturat.money import to_decimal
from faturat.testing.books import Booking
from faturat.testing.company import Company
from faturat.testing.daily import DailyList
from faturat_albtelecom import wire
from faturat_albtelecom.mapping import CURRENCY, statement_stem

FAULTS = {
    "half_written": "publishes half of the next file under its name, the whole after `seconds`",
    "delivered_twice": "publishes the next file once more, under another number",
    "half_statement": "publishes half of the next statement",
}

STATED_DAYS = 3
"""Of how many days a statement is put out anew where it changed; today is the first."""


class Half(Struct, frozen=True):
    """A file of which only the first half is there."""

    path: Path
    content: bytes
    whole_at: datetime


class Published:
    """The files in `folder`; `company` knows which faults to show, and seals what is published."""

    def __init__(self, folder: Path, company: Company) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._company = company
        self._halves: list[Half] = []

    def deliver(self, stem: str, body: bytes) -> bytes:
        """Publish a file under the next number of its stem, with whatever faults; returns its content."""
        response = self._company.spoil(web.Response(body=body))
        assert isinstance(response.body, bytes), "a file is bytes"
        content = response.body
        if half := self._company.take("half_written"):
            path = self.next_name(stem)
            whole_at = self._company.clock.now() + timedelta(seconds=half.seconds)
            self._halves.append(Half(path, content, whole_at))
            path.write_bytes(content[: len(content) // 2])
        else:
            put(self.next_name(stem), content)
        if self._company.take("delivered_twice"):
            put(self.next_name(stem), content)
        return content

    def finish(self) -> None:
        """Write out the halves whose time has come."""
        now = self._company.clock.now()
        for half in [half for half in self._halves if half.whole_at <= now]:
            put(half.path, half.content)
            self._halves.remove(half)

    def next_name(self, stem: str) -> Path:
        numbers = (int(path.stem.rsplit("-", 1)[-1]) for path in self._folder.glob(f"{stem}-*.csv"))
        return self._folder / f"{stem}-{max(numbers, default=0) + 1:03d}.csv"


class Statements:
    """The statements in `folder`, each under a number above those of the same day before it."""

    def __init__(self, folder: Path, company: Company) -> None:
        self._published = Published(folder, company)
        self._company = company
        self._said: dict[date, DailyList] = {}

    def publish(self) -> None:
        """Put out those of the last days that changed, or that are not there yet."""
        today = company_day(self._company.clock.now())
        for day in (today - timedelta(days=ago) for ago in range(STATED_DAYS)):
            listed = self._company.statement(day)
            if self._said.get(day) != listed:
                self._said[day] = listed
                self._put(listed)

    def _put(self, listed: DailyList) -> None:
        made_at = self._company.clock.now().isoformat(timespec="microseconds")
        head = wire.Header(wire.BOOKED, wire.VERSION, made_at), wire.Day(listed.day.isoformat())
        body = wire.write([*head, *map(_booked, listed.bookings)])
        records = str(listed.count + 1)
        content = body + wire.write([wire.Trailer(records, str(listed.total), sha256(body).hexdigest())])
        half = self._company.take("half_statement") is not None
        put(self._published.next_name(statement_stem(listed.day)), content[: len(content) // 2] if half else content)


def _booked(booking: Booking) -> wire.Booked:
    return wire.Booked(
        order_id=booking.order_id,
        invoice_number=booking.invoice_key,
        part=str(booking.part),
        receipt_number=booking.receipt,
        settled_at=booking.settled_at.isoformat(),
        amount=to_decimal(booking.amount),
        currency=CURRENCY,
    )


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_bytes(content)
    temporary.replace(path)
