"""Plugins that state wrongly what a company booked."""

import json
from datetime import date, timedelta
from typing import Any

from breaking import breaks
from model import Model
from msgspec.structs import replace

from faturat import BillerError, ExchangeFile, Statement, StatementEntry, hookimpl


@breaks("a_statement_lists_what_settled")
class NumbersReceiptsAnew(Model):
    def whole(self, entries: list[StatementEntry], said: Any) -> Statement:
        whole = super().whole(entries, said)
        return Statement(tuple(replace(each, receipt=f"R{place}") for place, each in enumerate(whole.entries)))


@breaks("an_empty_day_is_an_empty_statement")
class TakesAnEmptyDayForNone(Model):
    def whole(self, entries: list[StatementEntry], said: Any) -> Statement:
        if not entries:
            raise BillerError("nothing_booked", "biller_bad_reply")
        return super().whole(entries, said)


@breaks(
    "a_statement_is_of_its_day_alone",
    "a_list_that_lacks_bookings_is_refused",
    "a_statement_is_the_companys_word",
    "a_hostile_entry_refuses_the_statement",
)
class CutsByUtc(Model):
    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        """Takes two days' lists for the bookings of a day of UTC."""
        days = [await self.read("statement", {"day": str(each)}) for each in (day, day + timedelta(days=1))]
        bookings = [each for said in days for each in said["bookings"] if each["at"].startswith(day.isoformat())]
        amount = sum(int(each["amount"].replace(".", "")) for each in bookings)
        total = f"{amount // 100}.{amount % 100:02d}"
        said = {"day": day.isoformat(), "count": len(bookings), "total": total, "bookings": bookings}
        return ExchangeFile(f"model-{day}.json", json.dumps(said).encode())


@breaks("a_file_of_another_day_is_refused", "a_hostile_entry_refuses_the_statement")
class TakesAnyDay(Model):
    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        try:
            said = json.loads(file.content)
            return await super().read_statement(file, date.fromisoformat(said["day"]))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BillerError("bad_statement", "biller_bad_reply") from error


@breaks("a_list_that_lacks_bookings_is_refused")
class CountsForItself(Model):
    def whole(self, entries: list[StatementEntry], said: Any) -> Statement:
        return Statement(tuple(entries))


@breaks("a_cut_statement_is_refused")
class MendsWhatWasCut(Model):
    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        head, found, rest = file.content.partition(b'"bookings": [')
        bookings = rest.split(b"}")[:-1]
        if found and not file.content.endswith(b"]}"):
            end = b"}".join(bookings) + (b"}" if bookings else b"")
            said = json.loads(head + found + end + b"]}")
            return Statement(tuple(self.stated(each) for each in said["bookings"]))
        return await super().read_statement(file, day)


@breaks("what_is_no_statement_is_refused", "a_cut_statement_is_refused")
class FallsOverWhatIsNone(Model):
    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        said = json.loads(file.content)
        if said["day"] != day.isoformat():
            raise BillerError("other_day", "biller_bad_reply")
        return self.whole([self.stated(each) for each in said["bookings"]], said)


@breaks("reading_a_statement_is_pure")
class ReadsTheDayFromTheName(Model):
    @hookimpl
    async def read_statement(self, file: ExchangeFile, day: date) -> Statement:
        if file.name != f"model-{day}.json":
            raise BillerError("other_day", "biller_bad_reply")
        return await super().read_statement(file, day)


@breaks("silence_is_no_empty_statement")
class TakesSilenceForNothingBooked(Model):
    @hookimpl
    async def fetch_statement(self, day: date) -> ExchangeFile:
        try:
            return await super().fetch_statement(day)
        except BillerError:
            said = {"day": day.isoformat(), "count": 0, "total": "0.00", "bookings": []}
            return ExchangeFile(f"model-{day}.json", json.dumps(said).encode())


@breaks("a_statement_is_the_companys_word")
class ListsAnOrderOnce(Model):
    def whole(self, entries: list[StatementEntry], said: Any) -> Statement:
        whole = super().whole(entries, said)
        return Statement(tuple({each.order_id: each for each in whole.entries}.values()))


@breaks("a_hostile_entry_refuses_the_statement")
class LeavesOutOtherCurrencies(Model):
    def whole(self, entries: list[StatementEntry], said: Any) -> Statement:
        whole = super().whole(entries, said)
        return Statement(tuple(each for each in whole.entries if each.currency == "ALL"))
