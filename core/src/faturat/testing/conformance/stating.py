"""Statements: every booking of a day as the company lists it, of that day alone, and never a part for the whole."""

from datetime import date, timedelta

from msgspec.structs import replace

from faturat.clock import company_day, day_bounds
from faturat.errors import FaturatError
from faturat.exchange.types import ExchangeFile
from faturat.payments.types import Receipt, Settled
from faturat.reconciliation.types import Statement, StatementEntry
from faturat.testing.books import Booking
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import CALLED, STATES, DoesNotApply, check, expect, fail, said
from faturat.testing.daily import ONE_LEK

CUTS = (0.0, 0.3, 0.5, 0.9)
"""Where a file is cut, as a part of its length; and at each of its last lines, and a byte before its end."""
LAST_LINES = 4
SPOILT = ("not_a_number", "negative", "year_one", "wrong_currency")
SECOND = timedelta(seconds=1)


@check(
    "A statement lists what settled, by the order's id and as its receipt says.",
    "Take id, receipt number, amount and time from the same fields as the answer to a payment.",
    STATES,
)
def a_statement_lists_what_settled(bench: Bench) -> None:
    bench.noon()
    receipts: dict[str, Receipt] = {}
    entries: dict[str, StatementEntry] = {}
    for running in range(3):
        order = bench.order(*bench.owing(1000_00 + running))
        outcome = bench.settle(order)
        if not isinstance(outcome, Settled):
            raise DoesNotApply("a payment has no receipt at once")
        receipts[order.id] = outcome.receipt
        day = company_day(outcome.receipt.settled_at)
        entries |= {entry.order_id: entry for entry in stated(bench, day).entries}
    expect(set(entries) == set(receipts), f"three orders settled, and {len(set(receipts) & set(entries))} are listed")
    for order_id, receipt in receipts.items():
        entry = entries[order_id]
        shown = (entry.receipt, entry.amount, entry.currency, entry.settled_at)
        wanted = (receipt.number, receipt.amount, bench.biller.currency, receipt.settled_at)
        expect(shown == wanted, f"receipt, amount, currency and time should be {wanted}, and are {shown}")


@check(
    "A day on which nothing was booked is an empty statement, and not an error.",
    "Return Statement(()) where the company's list counts none.",
    STATES,
)
def an_empty_day_is_an_empty_statement(bench: Bench) -> None:
    bench.noon()
    answer = stated(bench, today(bench))
    expect(answer == Statement(), f"nothing was booked, and the statement was {said(answer)}")


@check(
    "A statement is of its day alone, from midnight to midnight in Europe/Tirane.",
    "Ask for the company's day, and never cut by UTC.",
    STATES,
)
def a_statement_is_of_its_day_alone(bench: Bench) -> None:
    bench.noon()
    day = today(bench)
    begin, end = day_bounds(day + timedelta(days=1))
    wanted: dict[date, list[str]] = {}
    for moment in (begin - SECOND, begin, end - SECOND, end):
        bench.clock.move(moment - bench.clock.now())
        booking = booked(bench)
        wanted.setdefault(company_day(moment), []).append(booking.order_id)
    bench.clock.move(SECOND)
    for each, orders in wanted.items():
        listed = [entry.order_id for entry in stated(bench, each).entries]
        expect(
            sorted(listed) == sorted(orders),
            f"of the bookings around midnight {len(orders)} are of a day, "
            f"and {len(set(listed) & set(orders))} of {len(listed)} listed are",
        )


@check(
    "A file of another day is refused.",
    "Compare the day in the file with the one that is asked for.",
    STATES,
)
def a_file_of_another_day_is_refused(bench: Bench) -> None:
    file = filled(bench)
    for day in (today(bench) - timedelta(days=1), today(bench) + timedelta(days=1)):
        answer = read(bench, file, day)
        expect(isinstance(answer, FaturatError), f"a file was read as that of another day: {said(answer)}")


@check(
    "A list that lacks bookings which it counts is refused.",
    "Compare the company's own count and total with what is listed: faturat.plugins.reading.whole_statement does.",
    STATES,
)
def a_list_that_lacks_bookings_is_refused(bench: Bench) -> None:
    filled(bench)
    bench.company.fault("cut_statement")
    booked(bench)
    answer = read(bench, fetched(bench), today(bench))
    expect(isinstance(answer, FaturatError), f"a list without its last booking was read as whole: {said(answer)}")


@check(
    "A file that was cut is refused, wherever it was cut.",
    "Know its end by its own trailer or count; without it raise BillerError.",
    STATES,
)
def a_cut_statement_is_refused(bench: Bench) -> None:
    file = filled(bench)
    whole = read(bench, file, today(bench))
    lines = [place for place, sign in enumerate(file.content) if sign == ord("\n")][-LAST_LINES:]
    for length in {*(int(len(file.content) * part) for part in CUTS), *lines, len(file.content) - 1}:
        answer = read(bench, replace(file, content=file.content[:length]), today(bench))
        right = isinstance(answer, FaturatError) or answer == whole
        expect(right, f"{length} of {len(file.content)} bytes of a statement were read as {said(answer)}")


@check(
    "What is no statement is refused in Faturat's words.",
    "Raise BillerError for a file that cannot be read.",
    STATES,
)
def what_is_no_statement_is_refused(bench: Bench) -> None:
    bench.noon()
    for content in (b"", b"\n", bytes(range(256)), b"{}", b"<a/>", b"a;b;c\n" * 3, b"[" * 100_000):
        answer = read(bench, ExchangeFile("statement", content), today(bench))
        expect(isinstance(answer, FaturatError), f"{content[:20]!r} was read as {said(answer)}")


@check(
    "Reading a statement is pure: a file reads the same under another name, days later, and without the company.",
    "Read the file's content alone: no clock, no state, no request, no name.",
    STATES,
)
def reading_a_statement_is_pure(bench: Bench) -> None:
    file, day = filled(bench), today(bench)
    first = read(bench, file, day)
    bench.clock.move(timedelta(days=3))
    other = bench.open_plugin()
    bench.company.fault("refused_connection")
    with bench.using(other):
        again = read(bench, replace(file, name="by-mail"), day)
    bench.run(bench.company.listen())
    expect(again == first, f"a statement was read as {said(first)}, and again as {said(again)}")


@check(
    "A company that does not answer has not said that nothing was booked.",
    "Raise BillerError from fetch_statement.",
    STATES,
)
def silence_is_no_empty_statement(bench: Bench) -> None:
    filled(bench)
    bench.company.fault("refused_connection")
    answer = bench.call("fetch_statement", {"day": today(bench)})
    bench.run(bench.company.listen())
    expect(isinstance(answer, FaturatError), f"with the company out of reach fetch_statement answered {said(answer)}")
    if not bench.by_files:
        for fault in ("error_500", "redirect", "empty"):
            bench.company.fault(fault)
            answer = bench.statement(today(bench))
            expect(isinstance(answer, FaturatError), f"after {fault} the statement was {said(answer)}")


@check(
    "A statement is the company's word: nothing in it is left out, mended or merged.",
    "Return every booking as it stands there, also one that the plugin would not expect.",
    STATES,
)
def a_statement_is_the_companys_word(bench: Bench) -> None:
    filled(bench)
    before = sorted((each.order_id, each.amount) for each in stated(bench, today(bench)).entries)
    last = bench.company.books.bookings()[-1]
    rest = [each for each in before if each[0] != last.order_id]
    wanted = {
        "missing_row": rest,
        "other_amount": [*rest, (last.order_id, last.amount + ONE_LEK)],
        "double_row": [*before, (last.order_id, last.amount)],
    }
    for fault, rows in wanted.items():
        shown = sorted((each.order_id, each.amount) for each in faulty(bench, fault).entries)
        expect(shown == sorted(rows), f"after {fault} the statement should list {sorted(rows)}, and lists {shown}")
    extra = [each for each in faulty(bench, "extra_row").entries if each.order_id not in dict(before)]
    expect(len(extra) == 1, "a booking that the bank never ordered was left out")


@check(
    "One entry that is hostile refuses the whole statement: an amount that is none, another currency, the year 1.",
    "Let it through as it is, or raise BillerError; never leave an entry out.",
    STATES & CALLED,
)
def a_hostile_entry_refuses_the_statement(bench: Bench) -> None:
    filled(bench)
    for fault in SPOILT:
        before = bench.company.spoilt
        bench.company.fault(fault)
        answer = bench.statement(today(bench))
        bench.company.clear_faults()
        if bench.company.spoilt > before:
            expect(isinstance(answer, FaturatError), f"after {fault} the statement was {said(answer)}")


def today(bench: Bench) -> date:
    return company_day(bench.clock.now())


def booked(bench: Bench, amount: int = 1000_00) -> Booking:
    """A booking in the company's books, as of now, of an invoice and an order of its own."""
    reference = bench.new_contract()
    invoice = bench.new_invoice(reference, amount)
    order_id = f"pay_{invoice.number.lower()}"
    return bench.company.books.book(order_id, invoice.key, 1, amount)


def filled(bench: Bench) -> ExchangeFile:
    """The statement's file of a day on which three payments were booked."""
    bench.noon()
    for running in range(3):
        booked(bench, 1000_00 + running)
    return fetched(bench)


def fetched(bench: Bench) -> ExchangeFile:
    """The file of today."""
    bench.run(bench.company.close_day())
    answer = bench.call("fetch_statement", {"day": today(bench)})
    if not isinstance(answer, ExchangeFile):
        fail(f"fetch_statement answered {said(answer)}")
    return answer


def read(bench: Bench, file: ExchangeFile, day: date) -> object:
    """What the hook reads, without the gate."""
    return bench.call("read_statement", {"file": file, "day": day})


def stated(bench: Bench, day: date) -> Statement:
    answer = bench.statement(day)
    if isinstance(answer, FaturatError):
        fail(f"the statement of {day} was {said(answer)}")
    return answer


def faulty(bench: Bench, fault: str) -> Statement:
    """The statement of today with a fault in it, after one more day's work of the company."""
    bench.company.fault(fault)
    statement = stated(bench, today(bench))
    bench.company.clear_faults()
    return statement
