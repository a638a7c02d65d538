"""How the plugin behaves in the host: in time, at once, without state, closed at the end, and discreet."""

import asyncio
import gc
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import timedelta

import aiohttp

from faturat.billers import Subscriber
from faturat.errors import BillerError, FaturatError
from faturat.gate.call import code_of
from faturat.payments.types import Unknown
from faturat.testing.conformance.bench import HASTE, Bench
from faturat.testing.conformance.check import CALLED, DoesNotApply, check, expect, said
from faturat.testing.conformance.faults import AT_ONCE, SPOILT
from faturat.testing.conformance.paying import settled

NAME = "Test-Qxz Test"
"""A subscriber's name that occurs nowhere else."""
SHORTEST = 4
"""Shorter values occur by chance."""
AT_A_TIME = 8
CLOSES = 1.0
"""Seconds after which the company's side of a closed connection has ended too."""


@check(
    "A slow company holds the plugin up no longer than its own time-out.",
    "Give every request the time-out of the settings, and give Settings a `timeout` in seconds.",
    CALLED,
)
def a_slow_company_does_not_hold_it_up(bench: Bench) -> None:
    if "timeout" not in bench.subject.plugin.Settings.__struct_fields__:
        raise DoesNotApply("its settings have no `timeout`; the gate cuts it off")
    reference, _ = bench.owing()
    with bench.using(bench.hasty):
        for hook, arguments in (
            ("find_contract", {"reference": reference}),
            ("fetch_invoices", {"references": (reference,)}),
        ):
            bench.company.fault("slow", seconds=60)
            answer = bench.call(hook, arguments, within=10 * HASTE)
            if isinstance(answer, dict):
                answer = answer.get(reference)
            expect(isinstance(answer, FaturatError), f"a company that was too slow was answered for by {said(answer)}")


@check(
    "A payment that is cancelled half-way leaves the plugin usable, and is booked once at most.",
    "Hold locks and sessions by `async with`, and catch no CancelledError.",
    CALLED,
)
def cancelling_leaves_it_usable(bench: Bench) -> None:
    order, other = bench.order(*bench.owing()), bench.order(*bench.owing())
    opened = bench.open_plugin(timeout=2.0)
    bench.company.fault("timeout_after_debit")
    before = bench.company.debits_asked

    async def begun() -> asyncio.Task[object]:
        return asyncio.ensure_future(opened.relay.pay_invoice(order=order))

    paying = bench.run(begun())
    bench.wait_until(lambda: bench.company.debits_asked > before or paying.done())
    paying.cancel()
    bench.run(asyncio.wait({paying}))
    expect(paying.cancelled(), "a payment that was cancelled half-way went on, or answered")
    bench.company.clear_faults()
    with bench.using(opened):
        settled(bench, other)
    expect(len(bench.booked(order)) <= 1, "a payment that was cancelled was booked twice")


@check(
    "Calls at the same time do not mix their answers.",
    "Keep nothing of a call in self: pass it on as an argument.",
)
def calls_at_once_do_not_mix(bench: Bench) -> None:
    if bench.by_files:
        raise DoesNotApply("files are swapped by one worker at a time")
    gate = bench.opened.gate
    subscribers = {bench.new_contract(f"Test {number}"): f"Test {number}" for number in range(AT_A_TIME)}
    numbers = {reference: bench.new_invoice(reference, 1000_00).number for reference in subscribers}
    orders = [bench.order(reference, bench.only_invoice(reference)) for reference in numbers]
    until = bench.clock.now() + timedelta(days=1)

    async def at_once() -> list[object]:
        asked = [gate.find_contract(reference) for reference in subscribers]
        read = [gate.fetch_invoices((reference,)) for reference in subscribers]
        return await asyncio.gather(*asked, *read, return_exceptions=True)

    answers = bench.run(at_once())
    for reference, found, read in zip(subscribers, answers[:AT_A_TIME], answers[AT_A_TIME:], strict=True):
        wanted = Subscriber(subscribers[reference])
        expect(found == wanted, f"among {AT_A_TIME} calls at once {said(wanted)} was answered by {said(found)}")
        entry = read.get(reference) if isinstance(read, dict) else read
        held = [invoice.number for invoice in entry] if isinstance(entry, tuple) else said(entry)
        expect(held == [numbers[reference]], f"among {AT_A_TIME} calls at once {numbers[reference]} became {held}")

    async def pay_at_once() -> list[object]:
        return await asyncio.gather(*(gate.pay_invoice(order, until) for order in orders), return_exceptions=True)

    bench.run(pay_at_once())
    for order in orders:
        booked = [(each.invoice_key, each.amount) for each in bench.booked(order)]
        wanted_booking = [(numbers[order.reference], order.amount)]
        expect(booked == wanted_booking, f"among {AT_A_TIME} payments at once {wanted_booking} was booked as {booked}")


@check(
    "A plugin keeps no state: another object of it answers the same.",
    "Ask the company; the host keeps what must be kept.",
)
def no_state_is_kept(bench: Bench) -> None:
    reference, invoice = bench.owing()
    order = bench.order(reference, invoice)
    paid = settled(bench, order)
    other = bench.open_plugin()
    with bench.using(other):
        expect(bench.find(reference) == Subscriber("Test Test"), "another object does not find the contract")
        expect(bench.unpaid(reference) == (), "another object reads an invoice that the first one paid")
        if bench.biller.capabilities.status_inquiry:
            answer = bench.status(order)
            expect(answer == paid, f"another object answers {said(answer)} for the order that the first one paid")
        second = bench.new_invoice(reference)
        seen = bench.only_invoice(reference)
        settled(bench, bench.order(reference, seen))
    left = bench.unpaid(reference)
    expect(left == (), f"the first object still reads {second.number}, which another one paid")


@check(
    "close() closes all that open() and the hooks opened: sessions, connections, tasks.",
    "Await session.close() in close(), and end the tasks that you started.",
)
def closing_leaves_nothing_open(bench: Bench) -> None:
    reference, _ = bench.owing()
    before = bench.run(_open_things())
    opened = bench.open_plugin()
    with bench.using(opened):
        bench.only_invoice(reference)
    bench.run(opened.close())
    expect(all(session.closed for session in opened.sessions), "a session of context.http() was left open")

    def left() -> list[object]:
        now = bench.run(_open_things())
        return [thing for thing in now if not any(thing is each for each in before)]

    bench.wait_until(lambda: not left(), CLOSES)
    things = sorted({type(thing).__name__ for thing in left()})
    expect(not things, f"it was closed, and there are still open: {', '.join(things)}")


async def _open_things() -> list[object]:
    """Sessions, connections and tasks that are open now."""
    sessions = [each for each in gc.get_objects() if isinstance(each, aiohttp.ClientSession) and not each.closed]
    transports = [each for each in gc.get_objects() if isinstance(each, asyncio.Transport) and not each.is_closing()]
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    return [*sessions, *transports, *tasks]


@check(
    "A plugin that was closed can be opened again.",
    "Make sessions in open(), not in __init__; keep no flag of a former life.",
)
def it_can_be_opened_again(bench: Bench) -> None:
    reference, _ = bench.owing()
    bench.run(bench.opened.close())
    bench.run(bench.opened.open())
    bench.only_invoice(reference)


@check(
    "Nothing personal is logged: no subscriber's name and no reference, whatever happens.",
    "Log codes and counts; no reply, no exception's words, no reference.",
)
def nothing_personal_is_logged(bench: Bench) -> None:
    reference = bench.new_contract(NAME)
    bench.new_invoice(reference)
    with _listening(bench) as heard:
        bench.find(reference)
        order = bench.order(reference, bench.only_invoice(reference))
        if not bench.by_files:
            for fault in ("malformed", "error_500", "not_a_number"):
                bench.company.fault(fault, times=2)
                bench.find(reference)
                bench.fetch(reference)
                bench.company.clear_faults()
            bench.company.fault("error_500_after_debit")
            bench.pay(order)
        bench.settle(order)
    numbers = [value for value in reference.values.values() if len(value) >= SHORTEST]
    for what, words in (("a subscriber's name", NAME), *(("a reference", value) for value in numbers)):
        expect(words not in heard.getvalue(), f"{what} was logged or printed")


@contextmanager
def _listening(bench: Bench) -> Iterator[io.StringIO]:
    """All that is logged or printed meanwhile."""
    heard = io.StringIO()
    handler, root = logging.StreamHandler(heard), logging.getLogger()
    before, level = len(bench.logged), root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        with redirect_stdout(heard), redirect_stderr(heard):
            yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        heard.write(repr(bench.logged[before:]))


@check(
    "The reason of an Unknown or a BillerError is a code, for operators; free words may hold a name.",
    "Write it in a-z, 0-9 and _, up to 40; make none of what the company said.",
    CALLED,
)
def reasons_are_codes(bench: Bench) -> None:
    reference, _ = bench.owing()
    for fault in (*AT_ONCE, *SPOILT):
        order = bench.order(*bench.owing())
        for hook, arguments in (("pay_invoice", {"order": order}), ("find_contract", {"reference": reference})):
            bench.company.fault(fault)
            answer = bench.call(hook, arguments)
            bench.company.clear_faults()
            if isinstance(answer, Unknown | BillerError):
                expect(code_of(answer.why) == answer.why, f"after {fault} the reason is {answer.why!r}")
