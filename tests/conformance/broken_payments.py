"""Plugins that pay and ask wrongly."""

from datetime import timedelta
from typing import Any

from breaking import breaks
from model import Model
from model_variants import Once, ShowsPayments
from msgspec.structs import replace

from faturat import (
    Invoice,
    NotFound,
    Order,
    Outcome,
    PayChoice,
    PayChoices,
    PayRange,
    Pending,
    Receipt,
    Rejected,
    Rejection,
    Settled,
    StatusReply,
    Text,
    Unknown,
    hookimpl,
)

BOOKED = (
    "unknown_after_timeout_after_debit",
    "unknown_after_hang_up_after_debit",
    "unknown_after_error_500_after_debit",
    "unknown_after_malformed",
    "unknown_after_empty",
    "unknown_after_garbage",
    "unknown_after_oversized",
    "unknown_after_a_late_answer",
)
"""Faults after which the company has booked the payment."""


def answering(result: str, outcome: Outcome) -> type[Model]:
    """A model that maps one of the company's results to another outcome."""

    class Mapped(Model):
        def outcome(self, order: Order, reply: Any) -> Outcome:
            return outcome if reply["result"] == result else super().outcome(order, reply)

    Mapped.__name__ = f"{type(outcome).__name__}For{result.capitalize()}"
    return Mapped


breaks("a_payment_settles", "a_hostile_receipt_is_unknown")(answering("booked", Pending()))
breaks("paid_by_others_is_already_paid")(answering("paid", Unknown("paid")))
breaks("a_refusal_is_rejected")(answering("refused", Unknown("refused")))
breaks("a_changed_total_is_rejected", "another_amount_books_nothing")(answering("changed", Unknown("changed")))
breaks("a_late_settlement_is_never_rejected")(answering("later", Rejected(Rejection.NOT_ACCEPTED)))


@breaks("the_amount_booked_is_the_amount_ordered", "another_amount_books_nothing")
class RoundsToTenQindarka(Model):
    def payment(self, order: Order) -> dict[str, Any]:
        return super().payment(order) | {"amount": f"{order.amount / 100:.1f}0"}


@breaks(
    "the_order_id_is_the_companys_reference",
    "a_payment_settles",
    "the_amount_booked_is_the_amount_ordered",
    "the_receipt_says_what_was_booked",
    "every_offered_amount_is_taken",
    "the_same_order_twice_settles_once",
    "a_late_settlement_is_never_rejected",
    "calls_at_once_do_not_mix",
    *BOOKED,
    "a_statement_lists_what_settled",
)
class MakesItsOwnId(Model):
    """Pays under an id of its own, and translates it back wherever the order's is due."""

    def ours(self, order: Order) -> Order:
        return replace(order, id="own" + order.id)

    def payment(self, order: Order) -> dict[str, Any]:
        return super().payment(self.ours(order))

    def receipt(self, order: Order, booking: Any) -> Receipt:
        return super().receipt(self.ours(order), booking)

    @hookimpl
    async def payment_status(self, order: Order) -> StatusReply:
        return self.status(order, await self.read("status", {"id": self.ours(order).id}))


@breaks("the_receipt_says_what_was_booked", "a_statement_lists_what_settled")
class ReadsTheLocalTimeAsUtc(Model):
    def receipt(self, order: Order, booking: Any) -> Receipt:
        read = super().receipt(order, booking)
        return replace(read, settled_at=read.settled_at + timedelta(hours=2))


@breaks(
    "another_amount_books_nothing",
    "parts_are_paid_one_after_the_other",
    "every_offered_amount_is_taken",
    "a_refused_connection_is_not_sent",
    "cancelling_leaves_it_usable",
)
class PaysWhatIsOwed(Model):
    async def open(self, context: Any) -> None:
        await super().open(context)
        self.totals: dict[str, str] = {}

    def invoice(self, said: Any) -> Invoice:
        self.totals[said["number"]] = said["total"]
        return super().invoice(said)

    def payment(self, order: Order) -> dict[str, Any]:
        return super().payment(order) | {"amount": self.totals.get(order.invoice_key, "0.00")}


@breaks("a_second_order_of_a_paid_invoice_settles_nothing")
class TakesAnothersReceipt(Model):
    def outcome(self, order: Order, reply: Any) -> Outcome:
        if reply["result"] == "paid" and "receipt" in reply["booking"]:
            return Settled(self.receipt(replace(order, id=reply["booking"]["id"]), reply["booking"]))
        return super().outcome(order, reply)


class KnowsWhatItRead(Model):
    """Keeps the numbers of each contract's open invoices, as they were read last."""

    async def open(self, context: Any) -> None:
        await super().open(context)
        self.numbers: dict[str, list[str]] = {}

    def entry(self, contract: Any) -> Any:
        entry = super().entry(contract)
        if isinstance(entry, tuple):
            self.numbers[contract["contract"]] = [invoice.number for invoice in entry]
        return entry


@breaks("several_invoices_are_paid_one_by_one", "an_invoice_that_is_not_there_settles_nothing")
class PaysTheOldest(KnowsWhatItRead):
    def payment(self, order: Order) -> dict[str, Any]:
        numbers = self.numbers.get(self.contract(order.reference), [order.invoice_key])
        return super().payment(order) | {"invoice": numbers[0]}


@breaks("an_invoice_that_is_not_there_settles_nothing")
class PaysAnotherOne(KnowsWhatItRead):
    def payment(self, order: Order) -> dict[str, Any]:
        numbers = self.numbers.get(self.contract(order.reference), [])
        other = order.invoice_key not in numbers and numbers
        return super().payment(order) | ({"invoice": numbers[0]} if other else {})


@breaks(
    "what_is_paid_is_no_longer_owed",
    "several_invoices_are_paid_one_by_one",
    "parts_are_paid_one_after_the_other",
    "no_state_is_kept",
)
class ShowsWhatItReadLast(Model):
    async def open(self, context: Any) -> None:
        await super().open(context)
        self.last: dict[str, tuple[Invoice, ...]] = {}

    def entry(self, contract: Any) -> Any:
        entry = super().entry(contract)
        if not isinstance(entry, tuple):
            return entry
        known = {invoice.number for invoice in entry}
        before = self.last.get(contract["contract"], ())
        self.last[contract["contract"]] = entry
        return (*entry, *(invoice for invoice in before if invoice.number not in known))


@breaks("every_offered_amount_is_taken")
class OffersWhatIsNotTaken(Model):
    def invoice(self, said: Any) -> Invoice:
        read = super().invoice(said)
        less = PayChoice(read.total - 1, Text("Pak më pak", "A little less"))
        return replace(read, payable=PayChoices((*read.payable.choices, less))) if read.penalty else read


@breaks("parts_are_paid_one_after_the_other")
class CountsNoParts(Model):
    def invoice(self, said: Any) -> Invoice:
        return replace(super().invoice(said), part=1)


class Remembers(Model):
    """Keeps which orders it paid."""

    async def open(self, context: Any) -> None:
        await super().open(context)
        self.paid: dict[str, Receipt] = {}

    def remember(self, order: Order, receipt: Receipt) -> None:
        self.paid[order.id] = receipt

    def outcome(self, order: Order, reply: Any) -> Outcome:
        outcome = super().outcome(order, reply)
        if isinstance(outcome, Settled):
            self.remember(order, outcome.receipt)
        return outcome


class RefusesRepeats(Remembers):
    def outcome(self, order: Order, reply: Any) -> Outcome:
        known = order.id in self.paid
        return Rejected(Rejection.ALREADY_PAID) if known else super().outcome(order, reply)


breaks("the_same_order_twice_settles_once")(RefusesRepeats)


@breaks("a_repeat_is_never_rejected")
class RefusesRepeatsOnce(RefusesRepeats, Once):
    pass


def asked(result: str, reply: StatusReply) -> type[Model]:
    """A model that maps one of the company's answers to a status to another one."""

    class Mapped(Model):
        def status(self, order: Order, said: Any) -> StatusReply:
            return reply if said["result"] == result else super().status(order, said)

    Mapped.__name__ = f"Asked{type(reply).__name__}For{result.capitalize()}"
    return Mapped


breaks("an_order_that_never_came_is_not_found")(asked("none", Unknown("none")))
breaks(
    "a_status_under_way_is_no_rejection",
    "an_order_that_never_came_is_not_found",
    "a_late_settlement_is_never_rejected",
    "unknown_after_timeout_before_debit",
    "unknown_after_hang_up_before_debit",
    "unknown_after_error_500",
)(asked("none", Rejected(Rejection.NOT_ACCEPTED)))


@breaks("the_status_says_what_was_settled", "no_state_is_kept")
class WritesReceiptsAnew(Model):
    def status(self, order: Order, reply: Any) -> StatusReply:
        status = super().status(order, reply)
        again = isinstance(status, Settled)
        return Settled(replace(status.receipt, number="S" + status.receipt.number)) if again else status


@breaks("the_status_is_of_this_order_alone", "a_silent_status_says_nothing")
class AnswersByInvoice(Remembers):
    def remember(self, order: Order, receipt: Receipt) -> None:
        self.paid[order.invoice_key] = receipt

    @hookimpl
    async def payment_status(self, order: Order) -> StatusReply:
        known = self.paid.get(order.invoice_key)
        return await super().payment_status(order) if known is None else Settled(known)


@breaks("the_status_is_of_this_order_alone")
class SettlesWhateverWasOrdered(Model):
    def receipt(self, order: Order, booking: Any) -> Receipt:
        return replace(super().receipt(order, booking), amount=order.amount)


@breaks("a_silent_status_says_nothing", "look_ups_fail_in_our_words")
class TakesSilenceForNotFound(Model):
    @hookimpl
    async def payment_status(self, order: Order) -> StatusReply:
        try:
            return await super().payment_status(order)
        except Exception:
            return NotFound()


@breaks("an_entry_proves_its_own_order", *BOOKED)
class ShowsAnotherAmount(ShowsPayments):
    def paid(self, said: Any) -> Invoice:
        return replace(super().paid(said), total=1_00, payable=PayRange(1_00, 1_00))
