"""Asking what became of an order: by its id alone, with what the company booked, and NotFound in time."""

from datetime import timedelta

from msgspec.structs import replace

from faturat.errors import FaturatError
from faturat.payments.types import NotFound, Rejected, Settled, Unknown
from faturat.testing.cases import Case
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import ASKED, CALLED, FINAL, DoesNotApply, check, expect, said
from faturat.testing.conformance.looking_up import SILENT
from faturat.testing.conformance.paying import settled


@check(
    "An order that never came is NotFound.",
    "Map the company's answer for a payment that it does not know to NotFound().",
    ASKED,
)
def an_order_that_never_came_is_not_found(bench: Bench) -> None:
    answer = bench.status(bench.order(*bench.owing()))
    expect(answer == NotFound(), f"an order that never came was answered by {said(answer)}")


@check(
    "The status of a settled order is the same Settled, with the same receipt.",
    "Read the receipt of both replies by one function.",
    ASKED,
)
def the_status_says_what_was_settled(bench: Bench) -> None:
    order = bench.order(*bench.owing())
    paid = settled(bench, order)
    answer = bench.status(order)
    expect(answer == paid, f"it was {said(paid)} when paid, and {said(answer)} when asked")


@check(
    "A status is of this order alone: what another order paid proves nothing.",
    "Ask by order.id, compare it with the reply's, and take the receipt's amount from the reply.",
    ASKED,
)
def the_status_is_of_this_order_alone(bench: Bench) -> None:
    reference, invoice = bench.owing()
    paid = bench.order(reference, invoice)
    settled(bench, paid)
    answer = bench.status(bench.order(reference, invoice))
    expect(not isinstance(answer, Settled), f"an order was answered by another one's receipt: {said(answer)}")
    answer = bench.status(replace(paid, amount=paid.amount + 1))
    invented = isinstance(answer, Settled) and answer.receipt.amount != paid.amount
    expect(not invented, f"{paid.amount} was booked, and an order of one more was answered by {said(answer)}")


@check(
    "After not_found_final_after the company's NotFound is true: what it may still book is not NotFound then.",
    "Declare a longer time, or None where the company does not say one.",
    ASKED & FINAL,
)
def not_found_is_not_final_too_soon(bench: Bench) -> None:
    reference = bench.case(Case.SETTLES_LATE)
    order = bench.order(reference, bench.only_invoice(reference))
    bench.pay(order)
    final = bench.biller.capabilities.not_found_final_after
    bench.clock.move(final or timedelta())
    answer = bench.status(order)
    bench.clock.move(timedelta(days=1))
    if bench.booked(order):
        expect(answer != NotFound(), f"{final} after it was sent it was NotFound, and was booked later")


@check(
    "A company that does not answer for an order has said nothing of it: neither NotFound nor Rejected.",
    "Raise BillerError for a time-out, a status that is not expected and a reply that cannot be read.",
    ASKED,
)
def a_silent_status_says_nothing(bench: Bench) -> None:
    never_sent = bench.order(*bench.owing())
    paid = bench.order(*bench.owing())
    settled(bench, paid)
    for fault in SILENT:
        for order in (never_sent, paid):
            bench.company.fault(fault)
            answer = bench.status(order)
            expect(isinstance(answer, Unknown), f"after {fault} the status was {said(answer)}")
            bench.company.clear_faults()


@check(
    "An entry with paid_by_order shows what was booked under that order, of that invoice.",
    "Put the order's id from the company's booking there, and its amount into total.",
    CALLED,
)
def an_entry_proves_its_own_order(bench: Bench) -> None:
    reference, invoice = bench.owing()
    order = bench.order(reference, invoice)
    settled(bench, order)
    read = bench.fetch(reference)[reference]
    proofs = [] if isinstance(read, FaturatError) else [each for each in read if each.paid_by_order is not None]
    if not proofs:
        raise DoesNotApply("no entry carries paid_by_order")
    shown = [(each.paid_by_order, each.invoice_key, each.total) for each in proofs]
    wanted = [(order.id, invoice.invoice_key, order.amount)]
    expect(shown == wanted, f"order, key and total should be {wanted}, and are {shown}")


@check(
    "A status is never Rejected for an order that the company may still book.",
    "Rejected is its explicit and final no; `in progress` and `not found` are not.",
    ASKED,
)
def a_status_under_way_is_no_rejection(bench: Bench) -> None:
    reference = bench.case(Case.SETTLES_LATE)
    order = bench.order(reference, bench.only_invoice(reference))
    bench.pay(order)
    answer = bench.status(order)
    expect(not isinstance(answer, Rejected | Settled), f"before it was booked its status was {said(answer)}")
