"""Reading invoices: whole, exact, each with its own reference, and no empty list where there is no answer."""

from collections.abc import Mapping
from datetime import timedelta

from hypothesis import strategies as st

from faturat.billers import Reference
from faturat.errors import FaturatError
from faturat.hookspecs import InvoicesByReference
from faturat.testing.cases import INVOICES, Case
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import BULK, CALLED, LIVE, check, expect, fail, said
from faturat.testing.conformance.drawing import for_all, minor_units
from faturat.testing.conformance.looking_up import SILENT


@check(
    "A contract without debts is answered by an empty list.",
    "Tell `no invoices` from `no answer`: only the company's complete answer is ().",
)
def no_debts_are_an_empty_list(bench: Bench) -> None:
    for reference in (bench.case(Case.NO_DEBTS), bench.new_contract()):
        entry = bench.fetch(reference)[reference]
        expect(entry == (), f"a contract without debts was answered by {said(entry)}")


@check(
    "An invoice is read whole: its number, its dates, its total and the company's currency.",
    "Compare mapping.py with the simulator field by field; dates are the company's days.",
)
def an_invoice_is_read_whole(bench: Bench) -> None:
    reference = bench.new_contract()
    issued = bench.new_invoice(reference)
    invoice = bench.only_invoice(reference)
    wanted = (issued.number, issued.issued_on, issued.due_on, issued.amount, bench.biller.currency, 1)
    read = (invoice.number, invoice.issued_on, invoice.due_on, invoice.total, invoice.currency, invoice.part)
    expect(read == wanted, f"the company issued {wanted}, and {read} was read")


@check(
    "Amounts are exact to the qindarka, whatever they are.",
    "Read decimals by faturat.money.parse_decimal; a float cannot hold 1707.40.",
)
def amounts_are_exact(bench: Bench) -> None:
    def exact(amounts: list[int]) -> None:
        reference = bench.new_contract()
        owed = {bench.new_invoice(reference, amount).number: amount for amount in amounts}
        read = {invoice.number: invoice.total for invoice in bench.unpaid(reference)}
        wrong = {number: (amount, read.get(number)) for number, amount in owed.items() if read.get(number) != amount}
        expect(not wrong, f"owed and read, in minor units, by number: {wrong}")

    for_all(st.lists(minor_units(), min_size=1, max_size=8), exact, 8)


@check(
    "Penalty and total are the company's word, as of now.",
    "Read them from the reply; compute nothing and keep nothing.",
)
def penalties_are_the_companys_word(bench: Bench) -> None:
    reference, before = bench.owing(1000_00)
    expect((before.penalty, before.total) == (0, 1000_00), f"1000.00 without penalty was read as {said(before)}")
    bench.company.books.raise_penalties(12_34, bench.company.contract_of(reference))
    after = bench.only_invoice(reference)
    read = (after.amount, after.penalty, after.total)
    whole = (1012_34, 0, 1012_34)  # of a company that asks for one sum
    right = read in ((1000_00, 12_34, 1012_34), whole)
    expect(right, f"1000.00 and a penalty of 12.34 were read as {read}, in minor units")


@check(
    "Two readings of the same books are equal.",
    "Answer from the company's reply alone: no counter, no clock, no random key.",
)
def two_readings_agree(bench: Bench) -> None:
    reference = bench.case(Case.MANY)
    first, second = bench.unpaid(reference), bench.unpaid(reference)
    expect(len(first) == INVOICES[Case.MANY], f"{len(first)} of {INVOICES[Case.MANY]} invoices were read")
    expect(first == second, "two readings of the same contract differ")


@check(
    "An invoice keeps its invoice_key, whatever comes and goes beside it.",
    "Take the company's own name of the invoice; never its place in the list.",
)
def an_invoice_keeps_its_key(bench: Bench) -> None:
    reference, invoice = bench.owing()
    bench.new_invoice(reference, age=40)
    bench.new_invoice(reference, age=1)
    keys = [each.invoice_key for each in bench.unpaid(reference) if each.number == invoice.number]
    expect(keys == [invoice.invoice_key], f"the key {invoice.invoice_key!r} became {keys} as other invoices appeared")


@check(
    "An invoice_key is unique at the company, not in its contract alone.",
    "Where the company counts invoices by contract, make the key of both.",
)
def keys_are_unique_at_the_company(bench: Bench) -> None:
    seen: dict[str, str] = {}
    for reference in (bench.case(Case.MANY), bench.case(Case.ONE), bench.owing()[0], bench.owing()[0]):
        for invoice in bench.unpaid(reference):
            expect(invoice.invoice_key not in seen, f"two invoices of the company have the key {invoice.invoice_key!r}")
            seen[invoice.invoice_key] = invoice.number


@check(
    "Two hundred invoices of one contract are all read.",
    "Follow the company's pages to the last; raise max_invoices where it is lower.",
)
def two_hundred_invoices_are_read(bench: Bench) -> None:
    invoices = bench.unpaid(bench.case(Case.TWO_HUNDRED))
    expect(len(invoices) == INVOICES[Case.TWO_HUNDRED], f"{len(invoices)} of {INVOICES[Case.TWO_HUNDRED]} were read")
    ordered = sorted(invoices, key=lambda each: (each.issued_on, each.number))
    expect(list(invoices) == ordered, "they are not sorted by date and number behind the gate")


@check(
    "An unknown reference is an error, never an empty list: that would withdraw all its invoices.",
    "Put UnknownReference() in as the entry of this reference.",
)
def an_unknown_reference_is_no_empty_list(bench: Bench) -> None:
    reference = bench.case(Case.UNKNOWN)
    entry = bench.fetch(reference)[reference]
    unknown = isinstance(entry, FaturatError) and entry.code == "unknown_reference"
    expect(unknown, f"a reference that the company does not know was answered by {said(entry)}")


@check(
    "fetch_invoices answers with exactly one entry for each reference asked.",
    "Build the answer over the references asked, not over the company's reply.",
    CALLED,
)
def every_reference_has_one_entry(bench: Bench) -> None:
    asked = (bench.case(Case.ONE), bench.case(Case.UNKNOWN), bench.case(Case.NO_DEBTS), bench.case(Case.MANY))
    bulk = bench.biller.capabilities.max_bulk
    for start in range(0, len(asked), bulk):
        part = asked[start : start + bulk]
        reply = entries(bench, part)
        expect(set(reply) == set(part), f"{len(part)} references were asked, and {len(reply)} entries answered")


@check(
    "One reference that the company does not know spoils no other of the same call.",
    "Answer the others; the unknown one's entry is UnknownReference().",
    CALLED & BULK,
)
def one_unknown_reference_spoils_no_other(bench: Bench) -> None:
    good, bad = bench.owing()[0], bench.case(Case.UNKNOWN)
    reply = entries(bench, (bad, good))
    expect(
        not isinstance(reply.get(good), FaturatError), f"the known reference was answered by {said(reply.get(good))}"
    )
    expect(isinstance(reply.get(bad), FaturatError), f"the unknown reference was answered by {said(reply.get(bad))}")


@check(
    "Invoices never go to another reference than their own, in whatever order several are asked.",
    "Match the reply's contracts by their reference, never by their place.",
)
def invoices_are_never_mixed_up(bench: Bench) -> None:
    owed: dict[Reference, str] = {}
    for number in range(5):
        reference = bench.new_contract(f"Test {number}")
        owed[reference] = bench.new_invoice(reference, 1000_00 + number).number
    for asked in (tuple(owed), tuple(reversed(owed))):
        for reference, entry in bench.fetch(*asked).items():
            numbers = said(entry) if isinstance(entry, FaturatError) else [invoice.number for invoice in entry]
            expect(numbers == [owed[reference]], f"a contract with the invoice {owed[reference]} got {numbers}")


@check(
    "As many references as max_bulk says are answered in one call.",
    "Declare the number that the company takes.",
    CALLED & BULK,
)
def max_bulk_is_honoured(bench: Bench) -> None:
    bulk = min(bench.biller.capabilities.max_bulk, 500)
    last, _ = bench.owing()
    asked = (*(bench.new_reference() for _ in range(bulk - 1)), last)
    reply = entries(bench, asked)
    expect(len(reply) == bulk, f"{bulk} references were asked, and {len(reply)} entries answered")
    entry = reply.get(last, ())
    expect(not isinstance(entry, FaturatError) and len(entry) == 1, f"the last of {bulk} was answered by {said(entry)}")


@check(
    "A company that does not answer has not said that there are no debts.",
    "Raise BillerError for a time-out, a status that is not expected and a reply that cannot be read.",
    CALLED,
)
def silence_is_no_empty_list(bench: Bench) -> None:
    reference, _ = bench.owing()
    for fault in SILENT:
        bench.company.fault(fault)
        entry = bench.fetch(reference)[reference]
        silent = isinstance(entry, FaturatError) and entry.code in ("biller_unavailable", "biller_bad_reply")
        expect(silent, f"after {fault} the entry was {said(entry)}")
        bench.company.clear_faults()
    down = bench.case(Case.DOWN)
    entry = bench.fetch(down)[down]
    expect(isinstance(entry, FaturatError), f"a company that is down was answered for by {said(entry)}")


@check(
    "With live_quote a total that rose a moment ago is what is read.",
    "Ask the company at each call; keep no reply.",
    CALLED & LIVE,
)
def a_new_total_is_seen(bench: Bench) -> None:
    reference, before = bench.owing()
    bench.clock.move(timedelta(seconds=1))
    bench.company.fault("changed_total")
    after = bench.only_invoice(reference)
    expect(after.total > before.total, f"the company raised the total, and {after.total} was read again")


def entries(bench: Bench, references: tuple[Reference, ...]) -> InvoicesByReference:
    """What the hook itself answers, without the gate."""
    reply = bench.call("fetch_invoices", {"references": references})
    if not isinstance(reply, Mapping):
        fail(f"fetch_invoices answered {said(reply)}")
    return reply
