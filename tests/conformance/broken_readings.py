"""Plugins that look up and read wrongly."""

import asyncio
import html
import re
from datetime import date
from itertools import count
from typing import Any

from breaking import breaks
from model import Model
from msgspec.structs import replace

from faturat import (
    BillerError,
    Invoice,
    InvoiceLine,
    PayChoice,
    Reference,
    Subscriber,
    Text,
    UnknownReference,
    hookimpl,
)
from faturat.plugins.http import read_body


@breaks("a_contract_is_found", "every_reference_reaches_the_company", "calls_at_once_do_not_mix")
class DropsNumbersInNames(Model):
    def subscriber(self, reply: Any) -> Subscriber:
        return Subscriber(re.sub(r" \d+$", "", super().subscriber(reply).name))


@breaks("names_keep_their_letters")
class WritesNamesInAscii(Model):
    def subscriber(self, reply: Any) -> Subscriber:
        return Subscriber(super().subscriber(reply).name.replace("ë", "e"))


@breaks("every_kind_is_looked_up")
class KnowsNoMeters(Model):
    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        if reference.kind == "meter":
            raise UnknownReference
        return await super().find_contract(reference)


@breaks("an_unknown_reference_is_said_so")
class TakesUnknownForBroken(Model):
    def subscriber(self, reply: Any) -> Subscriber:
        if reply["name"] is None:
            raise BillerError("no_name", "biller_bad_reply")
        return super().subscriber(reply)


@breaks("silence_is_no_unknown_reference")
class TakesBrokenForUnknown(Model):
    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        try:
            return await super().find_contract(reference)
        except BillerError as error:
            raise UnknownReference from error


@breaks(
    "no_debts_are_an_empty_list",
    "several_invoices_are_paid_one_by_one",
    "what_is_paid_is_no_longer_owed",
    "parts_are_paid_one_after_the_other",
    "no_state_is_kept",
)
class MissesDebts(Model):
    def entry(self, contract: Any) -> Any:
        return super().entry(contract) or BillerError("nothing_there", "biller_bad_reply")


@breaks("an_invoice_is_read_whole")
class TakesOneDayForTheOther(Model):
    def invoice(self, said: Any) -> Invoice:
        read = super().invoice(said)
        return replace(read, due_on=read.issued_on)


@breaks("amounts_are_exact", "the_amount_booked_is_the_amount_ordered")
class ReadsFloats(Model):
    def invoice(self, said: Any) -> Invoice:
        total = int(float(said["total"]) * 100)
        label = Text("Shuma e plotë", "Whole amount")
        choices = (PayChoice(total, label), *super().invoice(said).payable.choices[1:])
        return replace(
            super().invoice(said), total=total, payable=replace(super().invoice(said).payable, choices=choices)
        )


@breaks("penalties_are_the_companys_word")
class ComputesThePenalty(Model):
    def invoice(self, said: Any) -> Invoice:
        read = super().invoice(said)
        return replace(read, penalty=read.amount // 1000 if read.penalty else 0)


@breaks("two_readings_agree")
class NumbersItsReadings(Model):
    readings = count()

    def invoice(self, said: Any) -> Invoice:
        return replace(super().invoice(said), lines=(InvoiceLine(f"line {next(self.readings)}", 0),))


@breaks("an_invoice_keeps_its_key")
class NamesByPlaceToo(Model):
    def entry(self, contract: Any) -> Any:
        entry = super().entry(contract)
        if not isinstance(entry, tuple):
            return entry
        return tuple(replace(each, invoice_key=f"{each.number}/{place}") for place, each in enumerate(entry))

    def payment(self, order: Any) -> dict[str, Any]:
        return super().payment(order) | {"invoice": order.invoice_key.partition("/")[0]}


@breaks(
    "keys_are_unique_at_the_company",
    "an_invoice_keeps_its_key",
    "a_refused_connection_is_not_sent",
    "cancelling_leaves_it_usable",
)
class NamesByPlaceAlone(Model):
    """Knows only in the object that read them which invoices were meant."""

    async def open(self, context: Any) -> None:
        await super().open(context)
        self.numbers: dict[tuple[str, str], str] = {}

    def entry(self, contract: Any) -> Any:
        entry = super().entry(contract)
        if not isinstance(entry, tuple):
            return entry
        names = [f"#{place}" for place in range(len(entry))]
        self.numbers |= {(contract["contract"], name): each.number for name, each in zip(names, entry, strict=True)}
        return tuple(replace(each, invoice_key=name) for name, each in zip(names, entry, strict=True))

    def payment(self, order: Any) -> dict[str, Any]:
        key = (self.contract(order.reference), order.invoice_key)
        return super().payment(order) | {"invoice": self.numbers.get(key, "")}


@breaks("two_hundred_invoices_are_read")
class ReadsOnePage(Model):
    def entry(self, contract: Any) -> Any:
        entry = super().entry(contract)
        return entry[:100] if isinstance(entry, tuple) else entry


@breaks("an_unknown_reference_is_no_empty_list", "one_unknown_reference_spoils_no_other")
class TakesUnknownForNoDebts(Model):
    def entry(self, contract: Any) -> Any:
        entry = super().entry(contract)
        return () if isinstance(entry, UnknownReference) else entry


@breaks(
    "every_reference_has_one_entry",
    "an_unknown_reference_is_no_empty_list",
    "one_unknown_reference_spoils_no_other",
    "max_bulk_is_honoured",
)
class LeavesUnknownOut(Model):
    def answers(self, references: Any, reply: Any) -> Any:
        answers = super().answers(references, reply)
        return {each: entry for each, entry in answers.items() if not isinstance(entry, UnknownReference)}


@breaks("one_unknown_reference_spoils_no_other", "every_reference_has_one_entry", "max_bulk_is_honoured")
class GivesUpAtOneUnknown(Model):
    def answers(self, references: Any, reply: Any) -> Any:
        answers = super().answers(references, reply)
        for entry in answers.values():
            if isinstance(entry, UnknownReference):
                raise entry
        return answers


@breaks("invoices_are_never_mixed_up", "one_unknown_reference_spoils_no_other", "max_bulk_is_honoured")
class MatchesByPlace(Model):
    def answers(self, references: Any, reply: Any) -> Any:
        ordered = sorted(references, key=lambda each: each.key)
        return {each: self.entry(said) for each, said in zip(ordered, reply["contracts"], strict=True)}


@breaks("max_bulk_is_honoured")
class AsksForTen(Model):
    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> dict[Reference, Any]:
        return await super().fetch_invoices(references[:10])


@breaks(
    "silence_is_no_empty_list",
    "look_ups_fail_in_our_words",
    "a_huge_reply_is_not_read",
    "a_redirect_is_not_followed",
    "a_slow_company_does_not_hold_it_up",
)
class TakesSilenceForNoDebts(Model):
    @hookimpl
    async def fetch_invoices(self, references: tuple[Reference, ...]) -> dict[Reference, Any]:
        try:
            return await super().fetch_invoices(references)
        except BillerError:
            return dict.fromkeys(references, ())


@breaks(
    "a_new_total_is_seen",
    "penalties_are_the_companys_word",
    "parts_are_paid_one_after_the_other",
    "another_currency_is_refused",
)
class KeepsTotals(Model):
    async def open(self, context: Any) -> None:
        await super().open(context)
        self.known: dict[str, Invoice] = {}

    def invoice(self, said: Any) -> Invoice:
        return self.known.setdefault(said["number"], super().invoice(said))


@breaks("amounts_that_are_none_are_refused")
class PutsAnAmountInItsPlace(Model):
    def entry(self, contract: Any) -> Any:
        entry = super().entry(contract)
        if not isinstance(entry, BillerError):
            return entry
        for each in contract["invoices"]:
            each |= {"principal": "1.00", "penalty": "0.00", "total": "1.00", "accepted": ["1.00"]}
        return super().entry(contract)


@breaks("dates_out_of_range_are_refused")
class PutsADayInItsPlace(Model):
    def invoice(self, said: Any) -> Invoice:
        read = super().invoice(said)
        return replace(read, issued_on=max(read.issued_on, date(1990, 1, 1)), due_on=max(read.due_on, date(1990, 1, 1)))


@breaks("another_currency_is_refused")
class TakesAnyCurrency(Model):
    def invoice(self, said: Any) -> Invoice:
        return replace(super().invoice(said), currency="ALL")


@breaks("markup_in_names_stays_text")
class CleansNames(Model):
    def subscriber(self, reply: Any) -> Subscriber:
        return Subscriber(html.unescape(super().subscriber(reply).name))


@breaks("hostile_names_are_contained")
class FallsOverControlCharacters(Model):
    def subscriber(self, reply: Any) -> Subscriber:
        name = super().subscriber(reply).name
        if not name.isprintable():
            raise ValueError(name)
        return Subscriber(name)


@breaks(
    "a_huge_reply_is_not_read",
    "silence_is_no_unknown_reference",
    "silence_is_no_empty_list",
    "look_ups_fail_in_our_words",
    "a_silent_status_says_nothing",
)
class ReadsWithoutEnd(Model):
    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        async with asyncio.timeout(self.settings.timeout):
            async with self.session.post(f"{self.settings.url}/{path}", json=body, allow_redirects=False) as response:
                return response.status, await response.read()


@breaks("a_redirect_is_not_followed", "silence_is_no_empty_statement")
class FollowsRedirects(Model):
    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        async with asyncio.timeout(self.settings.timeout):
            async with self.session.post(f"{self.settings.url}/{path}", json=body) as response:
                return response.status, await read_body(response)
