"""Plugins that misread a failing company, or behave badly in the host."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import aiohttp
from breaking import breaks
from model import Model
from model_variants import Once

from faturat import (
    BillerError,
    Order,
    Outcome,
    Receipt,
    Reference,
    Rejected,
    Rejection,
    Subscriber,
    Unknown,
    hookimpl,
    parse_decimal,
)
from faturat.plugins.http import read_body


def rejecting(name: str, after: Callable[[str, bytes], bool]) -> type[Model]:
    """A model that takes a payment for refused after some failures: `after` has the reason and the reply's body."""

    class Rejecting(Model):
        content = b""

        async def post(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
            status, self.content = await super().post(path, body)
            return status, self.content

        @hookimpl
        async def pay_invoice(self, order: Order) -> Outcome:
            outcome = await super().pay_invoice(order)
            failed = isinstance(outcome, Unknown) and after(outcome.why, self.content)
            return Rejected(Rejection.NOT_ACCEPTED) if failed else outcome

    Rejecting.__name__ = f"Rejects{name}"
    return Rejecting


TimeOuts = rejecting("TimeOuts", lambda why, _: why == "timeout")
LostConnections = rejecting("LostConnections", lambda why, _: why == "connection_lost")
ServerErrors = rejecting("ServerErrors", lambda why, _: why == "http_500")
_WAITS = ("unknown_after_timeout_before_debit", "unknown_after_timeout_after_debit", "unknown_after_a_late_answer")
_RESETS = ("unknown_after_hang_up_before_debit", "unknown_after_hang_up_after_debit")
_ERRORS = ("unknown_after_error_500", "unknown_after_error_500_after_debit")
for plugin, alike in ((TimeOuts, _WAITS), (LostConnections, _RESETS), (ServerErrors, _ERRORS)):
    for check in alike:  # to the plugin these are one, so all of them find it
        breaks(check, *(other for other in alike if other != check))(plugin)
breaks("unknown_after_empty")(rejecting("EmptyReplies", lambda why, body: why == "bad_json" and not body))
breaks("unknown_after_garbage")(rejecting("Garbage", lambda why, body: why == "bad_json" and body.startswith(b"\0")))
breaks("unknown_after_malformed")(rejecting("HalfReplies", lambda why, body: why == "bad_json" and body[:1] == b"{"))
breaks("unknown_after_oversized")(rejecting("LongReplies", lambda why, _: why == "reply_too_large"))


@breaks("a_refused_connection_is_not_sent")
class KeepsARefusedConnectionToItself(Model):
    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        try:
            return await super().pay_invoice(order)
        except aiohttp.ClientConnectorError:
            return Unknown("no_connection")


@breaks("after_a_fault_it_goes_on", "a_refused_connection_is_not_sent")
class GivesUpForGood(Model):
    unreachable = False

    async def ask(self, path: str, body: dict[str, Any]) -> Any:
        if self.unreachable:
            raise BillerError("unreachable")
        try:
            return await super().ask(path, body)
        except aiohttp.ClientConnectorError:
            self.unreachable = True
            raise


@breaks("a_payment_is_sent_once")
class TriesAgain(Once):
    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        outcome = await super().pay_invoice(order)
        return await super().pay_invoice(order) if outcome == Unknown("http_500") else outcome


@breaks(
    "look_ups_fail_in_our_words",
    "a_huge_reply_is_not_read",
    "a_slow_company_does_not_hold_it_up",
    "reasons_are_codes",
)
class RaisesAnything(Model):
    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        try:
            return await super().find_contract(reference)
        except BillerError as error:
            raise ConnectionError(error.why) from error


@breaks("a_hostile_receipt_is_unknown")
class TakesReceiptsInAnyCurrency(Model):
    def receipt(self, order: Order, booking: Any) -> Receipt:
        return super().receipt(order, booking | {"currency": order.currency})


@breaks("a_hostile_receipt_is_unknown")
class MakesUpWhatItCannotRead(Model):
    def receipt(self, order: Order, booking: Any) -> Receipt:
        try:
            parse_decimal(booking["amount"])
        except Exception:
            booking = booking | {"amount": self.payment(order)["amount"]}
        return super().receipt(order, booking)


@breaks("a_slow_company_does_not_hold_it_up")
class WaitsForEver(Model):
    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        never = aiohttp.ClientTimeout(total=None)
        address = f"{self.settings.url}/{path}"
        async with self.session.post(address, json=body, timeout=never, allow_redirects=False) as response:
            return response.status, await read_body(response)


@breaks("cancelling_leaves_it_usable")
class IgnoresItsCancellation(Model):
    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        try:
            return await super().pay_invoice(order)
        except asyncio.CancelledError:
            return Unknown("cancelled")


@breaks("cancelling_leaves_it_usable")
class KeepsItsLock(Model):
    async def open(self, context: Any) -> None:
        await super().open(context)
        self.lock = asyncio.Lock()

    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        await self.lock.acquire()
        try:
            outcome = await super().pay_invoice(order)
        except Exception:
            self.lock.release()
            raise
        self.lock.release()
        return outcome


@breaks("calls_at_once_do_not_mix")
class KeepsTheReferenceInItself(Model):
    @hookimpl
    async def find_contract(self, reference: Reference) -> Subscriber:
        self.reference = reference
        await asyncio.sleep(0)
        return await super().find_contract(self.reference)


@breaks("calls_at_once_do_not_mix")
class KeepsTheOrderInItself(Model):
    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        self.order = order
        await asyncio.sleep(0)
        return await super().pay_invoice(self.order)


@breaks("no_state_is_kept", "a_statement_lists_what_settled")
class CountsItsReceipts(Model):
    async def open(self, context: Any) -> None:
        await super().open(context)
        self.numbers: dict[str, str] = {}
        self.next = count(1)

    def receipt(self, order: Order, booking: Any) -> Receipt:
        read = super().receipt(order, booking)
        number = self.numbers.setdefault(order.id, f"{id(self)}-{next(self.next)}")
        return Receipt(number, read.settled_at, read.amount)


@breaks("closing_leaves_nothing_open")
class LeavesItsSessionOpen(Model):
    async def close(self) -> None: ...


@breaks("closing_leaves_nothing_open", "a_refused_connection_is_not_sent")
class LeavesASessionOfItsOwn(Model):
    async def open(self, context: Any) -> None:
        self.context = context
        self.session = aiohttp.ClientSession()

    async def close(self) -> None: ...


@breaks("closing_leaves_nothing_open")
class LeavesATaskRunning(Model):
    async def open(self, context: Any) -> None:
        await super().open(context)
        self.task = asyncio.create_task(asyncio.sleep(3600))


@breaks("it_can_be_opened_again")
class StaysClosed(Model):
    closed = False

    async def close(self) -> None:
        self.closed = True
        await super().close()

    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        if self.closed:
            raise BillerError("closed")
        return await super().post(path, body)


@breaks("nothing_personal_is_logged")
class LogsNames(Model):
    def subscriber(self, reply: Any) -> Subscriber:
        found = super().subscriber(reply)
        self.context.logger.info("found", subscriber=found.name)
        return found


@breaks("nothing_personal_is_logged")
class PrintsReferences(Model):
    def contract(self, reference: Reference) -> str:
        print(reference.values)
        return super().contract(reference)


@breaks("reasons_are_codes")
class WritesSentences(Model):
    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        outcome = await super().pay_invoice(order)
        return Unknown(f"The company said {outcome.why}.") if isinstance(outcome, Unknown) else outcome
