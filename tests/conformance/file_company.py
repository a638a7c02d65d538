"""The file model's company: it reads what lies in one folder and puts its own files into another, once a day.

A file is lines of JSON; the last one counts the others, so that a file that was cut is known by its end.
"""

import json
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from model_company import ModelCompany, statement_of

from faturat import parse_decimal
from faturat.clock import Clock, company_day
from faturat.testing.cases import Case
from faturat.testing.company import LATE, PENALTY_RISE

LISTED_DAYS = 4
"""Of how many days a statement is put out again; today is the first."""


def lines(entries: Iterable[dict[str, Any]]) -> bytes:
    """A whole file."""
    written = [json.dumps(entry) for entry in entries]
    return "\n".join([*written, json.dumps({"end": len(written)}), ""]).encode()


class FileCompany(ModelCompany):
    """Its folder is out of reach while it refuses connections."""

    def __init__(self, data: Path, clock: Clock | None = None) -> None:
        super().__init__(data, clock)
        self.folder, self._away = data / "exchange", data / "away"
        for name in ("in", "out", "statements"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._read: set[str] = set()
        self._unanswered: dict[str, dict[str, Any]] = {}
        self._answers: list[dict[str, Any]] = []

    def routes(self) -> tuple[web.RouteDef, ...]:
        return ()

    def settings(self, address: str) -> dict[str, Any]:
        return {"folder": str(self.folder)}

    def _refuse(self, seconds: float) -> None:
        self.folder.rename(self._away)

    async def listen(self) -> None:
        if self._away.exists():
            self._away.rename(self.folder)
        else:
            await super().listen()

    async def close_day(self) -> None:
        """Read orders, book them, put out results and the register."""
        for file in sorted((self.folder / "in").iterdir()):
            if file.name not in self._read:
                self._read.add(file.name)
                for line in file.read_text("utf-8").splitlines()[:-1]:
                    self._take(json.loads(line))
        for order in list(self._unanswered):
            if (booking := self.books.booking(order)) is not None:
                del self._unanswered[order]
                self._answers.append(
                    {
                        "order": order,
                        "result": "booked",
                        "receipt": booking.receipt,
                        "at": booking.settled_at.isoformat(),
                        "amount": booking.amount,
                    }
                )
        moment = self.clock.now()
        self._put("results", moment, self._answers)
        self._put("register", moment, self._register(moment))
        self._answers = []
        for ago in range(LISTED_DAYS):
            self._list(company_day(moment) - timedelta(days=ago))

    def _list(self, day: date) -> None:
        said = statement_of(self.statement(day))
        bookings = said.pop("bookings")
        (self.folder / "statements" / f"{day}.jsonl").write_bytes(lines([said, *bookings]))

    def _put(self, kind: str, moment: datetime, entries: Iterable[dict[str, Any]]) -> None:
        (self.folder / "out" / f"{kind}-{moment:%Y%m%dT%H%M%S}.jsonl").write_bytes(lines(entries))

    def _take(self, order: dict[str, Any]) -> None:
        contract = order["contract"]
        if self.take("changed_total") or self.case_of(contract) is Case.CHANGED_TOTAL:
            self.books.raise_penalties(PENALTY_RISE, contract)
        refusal = self._refusal(contract, order)
        if refusal is None:
            late = LATE if self.shows("settles_late", contract) else timedelta()
            try:
                self.books.book(order["order"], order["invoice"], 1, parse_decimal(order["amount"]), late)
            except sqlite3.IntegrityError:
                refusal = "paid"
            else:
                self._unanswered[order["order"]] = order
        if refusal is not None:
            self._answers.append({"order": order["order"], "result": refusal})

    def _refusal(self, contract: str, order: dict[str, Any]) -> str | None:
        if self.shows("rejects_payment", contract):
            return "refused"
        if self.shows("already_paid", contract):
            return "paid"
        invoice = self.books.invoice(order["invoice"])
        if invoice is None or invoice.issued.contract != contract:
            return "refused"
        if invoice.owed <= 0:
            return "paid"
        return None if parse_decimal(order["amount"]) == invoice.owed else "changed"

    def _register(self, moment: datetime) -> Iterable[dict[str, Any]]:
        with sqlite3.connect(self.books._path) as connection:
            contracts = connection.execute("SELECT reference, subscriber FROM contracts ORDER BY reference").fetchall()
        connection.close()
        for contract, subscriber in contracts:
            invoices = [
                {
                    "number": invoice.issued.number,
                    "issued": invoice.issued.issued_on.isoformat(),
                    "due": (invoice.issued.due_on or date.max).isoformat(),
                    "penalty": invoice.issued.penalty,
                    "owed": invoice.owed,
                }
                for invoice in self.books.open_invoices(contract)
            ]
            yield {"contract": contract, "name": subscriber, "at": moment.isoformat(), "invoices": invoices}
