"""Hostile input: what a company should never say is an error or plain text, never a wrong amount."""

from faturat.billers import Subscriber
from faturat.errors import FaturatError
from faturat.payments.types import Unknown
from faturat.plugins.http import MAX_REPLY
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import CALLED, DoesNotApply, check, expect, said

MARKUP = (
    "<b>Test</b> & Test",
    "Test &amp; Test",
    "]]>Test<![CDATA[",
    "Test'; DROP TABLE t; --",
    'Test "Test", Test; Test|Test',
    "{Test} %s \\n ${Test} {{7*7}}",
    "=1+1",
)
HOSTILE = ("Test\x00Test", "Test\x1b[31m", "Test\r\nTest", "\u202eTest", "Test" * 20_000, " ", "Test\u0000\ud7ff")


def _fetches_under(bench: Bench, *faults: str, certainly: bool = False) -> None:
    """The entry is an error; or the very invoice, unless what was spoilt is `certainly` a part of it."""
    reference, invoice = bench.owing(1707_40, penalty=12_34)
    before = bench.company.spoilt
    for fault in faults:
        bench.company.fault(fault)
        entry = bench.fetch(reference)[reference]
        bench.company.clear_faults()
        unharmed = entry == (invoice,) and not (certainly and bench.company.spoilt > before)
        contained = isinstance(entry, FaturatError) or unharmed
        expect(contained, f"with {fault} in the reply the entry was {said(entry)}")
    if bench.company.spoilt == before:
        raise DoesNotApply(f"the simulator's replies hold nothing that {' or '.join(faults)} changes")


@check(
    "An amount that is none, or is below zero, is an error of its reference.",
    "Read amounts by faturat.money.parse_decimal, and refuse the entry that holds another.",
    CALLED,
)
def amounts_that_are_none_are_refused(bench: Bench) -> None:
    _fetches_under(bench, "not_a_number", "negative")


@check(
    "A date of the year 1 is an error of its reference.",
    "Let a date that is none, or is far away, refuse its entry; put no other date in its place.",
    CALLED,
)
def dates_out_of_range_are_refused(bench: Bench) -> None:
    _fetches_under(bench, "year_one")


@check(
    "An amount in another currency is an error of its reference.",
    "Compare the reply's currency with the biller's; never take it for granted.",
    CALLED,
)
def another_currency_is_refused(bench: Bench) -> None:
    _fetches_under(bench, "wrong_currency", certainly=True)


@check(
    "A receipt with another amount or currency, or none, is no receipt: the payment is Unknown.",
    "Compare amount, currency and id of the booking in the reply with the order's.",
    CALLED,
)
def a_hostile_receipt_is_unknown(bench: Bench) -> None:
    spoilt = False
    for fault in ("not_a_number", "negative", "wrong_currency"):
        order = bench.order(*bench.owing(1707_40))
        before = bench.company.spoilt
        bench.company.fault(fault)
        outcome = bench.pay(order)
        bench.company.clear_faults()
        if bench.company.spoilt > before:
            spoilt = True
            expect(isinstance(outcome, Unknown), f"with {fault} in the reply a payment came to {said(outcome)}")
    if not spoilt:
        raise DoesNotApply("the simulator's receipts hold neither a decimal amount nor a currency")


@check(
    "Markup in a name is text like any other: it comes as it is.",
    "Build and read messages by a library; never paste a name into markup, nor clean it.",
)
def markup_in_names_stays_text(bench: Bench) -> None:
    for name in MARKUP:
        answer = bench.find(bench.new_contract(name))
        expect(answer == Subscriber(name), f"the company knows {name!r}; the answer was {said(answer)}")


@check(
    "A name with control characters, or without end, is an error or plain text.",
    "Let it through as it is, or raise BillerError; the gate refuses what cannot be shown.",
)
def hostile_names_are_contained(bench: Bench) -> None:
    for name in HOSTILE:
        reference = bench.new_contract(name)
        if not bench.by_files:
            bench.call("find_contract", {"reference": reference})
        answer = bench.find(reference)
        plain = isinstance(answer, Subscriber) and answer.name.isprintable()
        expect(isinstance(answer, FaturatError) or plain, f"a hostile name was answered by {said(answer)}")


@check(
    f"No more than {MAX_REPLY // 1024 // 1024} MB of a reply are read.",
    "Read bodies by faturat.plugins.http.read_body.",
    CALLED,
)
def a_huge_reply_is_not_read(bench: Bench) -> None:
    reference, _ = bench.owing()
    for hook, arguments in (
        ("find_contract", {"reference": reference}),
        ("fetch_invoices", {"references": (reference,)}),
    ):
        bench.company.fault("oversized")
        answer = bench.call(hook, arguments)
        if isinstance(answer, dict):
            answer = answer.get(reference)
        expect(isinstance(answer, FaturatError), f"a reply of 10 MB to {hook} was read, and answered by {said(answer)}")


@check(
    "A redirect is not followed: a 307 would send a payment twice, and whatever it holds elsewhere.",
    "Pass allow_redirects=False, and take 3xx for an answer that was not expected.",
    CALLED,
)
def a_redirect_is_not_followed(bench: Bench) -> None:
    reference, invoice = bench.owing()
    bench.company.fault("redirect")
    entry = bench.fetch(reference)[reference]
    expect(isinstance(entry, FaturatError), f"a redirected look-up was answered by {said(entry)}")
    bench.company.fault("redirect")
    outcome = bench.pay(bench.order(reference, invoice))
    expect(isinstance(outcome, Unknown), f"a redirected payment came to {said(outcome)}")
    expect(not bench.company.books.bookings(), "a redirected payment was booked")
