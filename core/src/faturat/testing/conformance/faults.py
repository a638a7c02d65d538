"""Paying a company that fails: Unknown after every fault, the truth learnt afterwards, and never booked twice."""

from collections.abc import Callable, Mapping

from faturat.errors import FaturatError
from faturat.payments.types import NotFound, NotSent, Order, Rejected, Settled, Unknown
from faturat.testing.conformance.bench import HASTE, Bench
from faturat.testing.conformance.check import CALLED, PAID_ONCE, check, expect, said
from faturat.testing.conformance.looking_up import SILENT

WAITED = ("timeout_before_debit", "timeout_after_debit")
AT_ONCE = ("hang_up_before_debit", "hang_up_after_debit", "error_500", "error_500_after_debit")
SPOILT = ("malformed", "empty", "garbage", "oversized")
SEEN = {
    "timeout_before_debit": "a time-out before the company booked it",
    "timeout_after_debit": "a time-out after the company booked it",
    "hang_up_before_debit": "a connection that is reset before the company booked it",
    "hang_up_after_debit": "a connection that is reset after the company booked it",
    "error_500": "a 500",
    "error_500_after_debit": "a 500 after the company booked it",
    "malformed": "half a reply",
    "empty": "an empty reply",
    "garbage": "a reply of bytes that are no text",
    "oversized": "a reply of 10 MB",
}


def _pays_under(fault: str) -> Callable[[Bench], None]:
    def is_unknown(bench: Bench) -> None:
        order = bench.order(*bench.owing())
        bench.company.fault(fault)
        with bench.using(bench.hasty if fault in WAITED else bench.opened):
            outcome = bench.pay(order)
        bench.company.clear_faults()
        expect_unknown(bench, order, outcome)
        expect_truth(bench, order)

    return is_unknown


for _fault in (*WAITED, *AT_ONCE, *SPOILT):
    check(
        f"After {SEEN[_fault]} a payment is Unknown, and what became of it is learnt afterwards.",
        "Return Unknown with a code; then payment_status, a repeat or an entry tells what the company booked.",
        CALLED,
        name=f"unknown_after_{_fault}",
    )(_pays_under(_fault))


@check(
    "A payment that is answered too late is Unknown, and the company may book it all the same.",
    "Let the request's own time-out make it Unknown.",
    CALLED,
)
def unknown_after_a_late_answer(bench: Bench) -> None:
    order = bench.order(*bench.owing())
    bench.company.fault("slow", seconds=2 * HASTE)
    with bench.using(bench.hasty):
        outcome = bench.pay(order)
    expect_unknown(bench, order, outcome)
    bench.wait_until(lambda: bench.company.books.taken(order.id), seconds=1.0)  # unless it gave up before it was heard
    expect_truth(bench, order)


@check(
    "A connection that was refused is NotSent, said by the gate: no byte left.",
    "Pay in a session of context.http(), and let aiohttp.ClientConnectorError out of pay_invoice.",
    CALLED,
)
def a_refused_connection_is_not_sent(bench: Bench) -> None:
    order = bench.order(*bench.owing())
    bench.company.fault("refused_connection")
    with bench.using(bench.open_plugin()):  # one without a connection that it could still hope for
        outcome = bench.pay(order)
        expect(isinstance(outcome, NotSent), f"with nobody listening a payment came to {said(outcome)}")
        bench.run(bench.company.listen())
        second = bench.settle(order)
        expect(isinstance(second, Settled), f"as the company listened again it came to {said(second)}")


@check(
    "After a fault the plugin goes on as before, without being opened again.",
    "Keep nothing of a failed request: no broken session, no flag, no lock.",
    CALLED,
)
def after_a_fault_it_goes_on(bench: Bench) -> None:
    reference, _ = bench.owing()
    for fault in SILENT:
        bench.company.fault(fault)
        bench.fetch(reference)
        bench.company.clear_faults()
        bench.only_invoice(reference)
    bench.company.fault("refused_connection")
    for _ in range(2):  # the first may find that a connection is gone, the second that there is no other
        bench.fetch(reference)
    bench.run(bench.company.listen())
    bench.only_invoice(reference)
    outcome = bench.settle(bench.order(reference, bench.only_invoice(reference)))
    expect(isinstance(outcome, Settled), f"after some faults a payment came to {said(outcome)}")


@check(
    "One call of pay_invoice sends one payment: without idempotent_pay nothing is sent again.",
    "Take retries out, the HTTP library's too: aiohttp repeats a PUT on a connection that was lost.",
    CALLED & PAID_ONCE,
)
def a_payment_is_sent_once(bench: Bench) -> None:
    for fault in ("error_500", "hang_up_before_debit", "malformed"):
        order = bench.order(*bench.owing())  # whose look-up leaves a connection open
        bench.company.fault(fault)
        before = bench.company.debits_asked
        bench.pay(order)
        sent = bench.company.debits_asked - before
        bench.company.clear_faults()
        expect(sent <= 1, f"after {fault} the payment was sent {sent} times in one call")


@check(
    "Look-ups and status fail in Faturat's words: nothing but its errors comes out of a hook.",
    "Turn what your libraries raise into BillerError in client.py and mapping.py.",
    CALLED,
)
def look_ups_fail_in_our_words(bench: Bench) -> None:
    reference, invoice = bench.owing()
    order = bench.order(reference, invoice)
    calls: list[tuple[str, Mapping[str, object]]] = [
        ("find_contract", {"reference": reference}),
        ("fetch_invoices", {"references": (reference,)}),
    ]
    if bench.biller.capabilities.status_inquiry:
        calls.append(("payment_status", {"order": order}))
    for fault in (*SILENT, "refused_connection"):
        for hook, arguments in calls:
            bench.company.fault(fault)
            answer = bench.call(hook, arguments)
            bench.company.clear_faults()
            if isinstance(answer, dict):
                answer = answer.get(reference)
            expect(isinstance(answer, FaturatError), f"after {fault} {hook} answered {said(answer)}")


def expect_unknown(bench: Bench, order: Order, outcome: object) -> None:
    """Unknown; or Settled, where the plugin asked again by itself and the company had booked it."""
    proven = isinstance(outcome, Settled) and [each.amount for each in bench.booked(order)] == [outcome.receipt.amount]
    expect(isinstance(outcome, Unknown) or proven, f"it came to {said(outcome)}")


def expect_truth(bench: Bench, order: Order) -> None:
    """What is learnt of an order afterwards agrees with the company's books, which hold it once at most."""
    booked = bench.booked(order)
    learnt = bench.ask(order)
    if learnt == Unknown("no_proof"):
        return
    if booked or isinstance(learnt, Settled):
        amounts = [booking.amount for booking in bench.booked(order)]
        agrees = isinstance(learnt, Settled) and amounts == [order.amount] == [learnt.receipt.amount]
        expect(agrees, f"the company booked {amounts} for the order of {order.amount}, and {said(learnt)} was learnt")
    else:
        expect(isinstance(learnt, NotFound | Unknown), f"the company booked nothing, and {said(learnt)} was learnt")
    expect(not isinstance(learnt, Rejected), "an order that may have been sent was Rejected")
