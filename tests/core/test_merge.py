"""The merge of what the company says with what is known."""

from datetime import UTC, datetime
from itertools import count

from fakes.biller import make_invoice
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from faturat import Contract, Invoice, InvoiceState, KnownInvoice, Reference
from faturat.invoices.merge import Changes, Occupied, merge

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CONTRACT = Contract(
    id="con_1",
    customer="c1",
    biller="fake",
    reference=Reference("contract", {"code": "AB12"}),
    name="Home",
    subscriber="Test Test",
    created_at=NOW,
    due_at=NOW,
)
KEYS = st.sampled_from(["F1", "F2", "F3", "F4"])
SAID = st.dictionaries(KEYS, st.tuples(st.integers(1, 3), st.integers(1, 2))).map(
    lambda drawn: [make_invoice(key, total, part=part) for key, (total, part) in sorted(drawn.items())]
)


def merged(known: list[KnownInvoice], said: list[Invoice], occupied: Occupied | None = None) -> Changes:
    numbers = count(1)
    return merge(CONTRACT, known, said, occupied or {}, NOW, lambda: f"inv_{next(numbers)}")


def row(invoice: Invoice, state: InvoiceState = InvoiceState.OPEN) -> KnownInvoice:
    (first,) = merged([], [invoice]).new
    return replace(first, state=state, version=5)


def test_new_changed_withdrawn_and_back_again() -> None:
    old = row(make_invoice("F1"))
    assert merged([old], [make_invoice("F1")]) == Changes((), ())
    (changed,) = merged([old], [make_invoice("F1", total=5)]).changed
    assert (changed.invoice.total, changed.version, changed.id) == (5, 6, old.id)
    (withdrawn,) = merged([old], []).changed
    assert withdrawn.state is InvoiceState.WITHDRAWN
    (back,) = merged([withdrawn], [make_invoice("F1")]).changed
    assert back.state is InvoiceState.OPEN


def test_paid_elsewhere_is_the_companys_word() -> None:
    (elsewhere,) = merged([row(make_invoice("F1"))], [make_invoice("F1", paid_by_order="somebody's")]).changed
    assert elsewhere.state is InvoiceState.PAID_ELSEWHERE


def test_a_payment_under_way_owns_its_invoice() -> None:
    paying = row(make_invoice("F1"), InvoiceState.PAYING)
    occupied = {("F1", 1): InvoiceState.PAYING}
    assert merged([paying], [], occupied) == Changes((), ())
    assert merged([paying], [make_invoice("F1", total=5)], occupied) == Changes((), ())


def test_an_invoice_left_as_paying_by_a_payment_that_ended_heals() -> None:
    paying = row(make_invoice("F1"), InvoiceState.PAYING)
    (opened,) = merged([paying], [make_invoice("F1")]).changed
    assert opened.state is InvoiceState.OPEN
    (withdrawn,) = merged([paying], []).changed
    assert withdrawn.state is InvoiceState.WITHDRAWN


def test_a_paid_invoice_opens_only_for_a_remainder_that_the_company_quotes() -> None:
    paid = row(make_invoice("F1"), InvoiceState.PAID)
    assert merged([paid], [make_invoice("F1")]) == Changes((), ())
    (rest,) = merged([paid], [make_invoice("F1", total=5, part=2)]).changed
    assert (rest.state, rest.invoice.total) == (InvoiceState.OPEN, 5)


def test_an_invoice_that_another_payment_occupies_is_not_open() -> None:
    occupied = {("F1", 1): InvoiceState.PAYING}
    (new,) = merge(CONTRACT, [], [make_invoice("F1")], occupied, NOW, lambda: "inv_1").new
    assert new.state is InvoiceState.PAYING


@given(st.lists(SAID, max_size=6))
def test_after_any_answers_the_open_rows_are_what_was_said_last(answers: list[list[Invoice]]) -> None:
    known: dict[str, KnownInvoice] = {}
    for said in answers:
        before = dict(known)
        changes = merged(list(known.values()), said)
        for new in changes.new:
            assert new.invoice.invoice_key not in before
        for changed in changes.changed:
            assert changed.version == before[changed.invoice.invoice_key].version + 1
        known |= {each.invoice.invoice_key: each for each in (*changes.new, *changes.changed)}
        opened = {key: each.invoice for key, each in known.items() if each.state is InvoiceState.OPEN}
        assert opened == {invoice.invoice_key: invoice for invoice in said}
        assert merged(list(known.values()), said) == Changes((), ()), "the same answer again changes nothing"


def test_what_was_stored_as_paying_while_it_became_paid_is_paid() -> None:
    """Nobody moves such a row any more: its payment has ended."""
    paying = row(make_invoice("F1"), InvoiceState.PAYING)
    occupied = {("F1", 1): InvoiceState.PAID}
    for said in ([], [make_invoice("F1")]):
        (paid,) = merged([paying], said, occupied).changed
        assert (paid.state, paid.invoice) == (InvoiceState.PAID, paying.invoice)
    (rest,) = merged([paying], [make_invoice("F1", total=5, part=2)], occupied).changed
    assert (rest.state, rest.invoice.part) == (InvoiceState.OPEN, 2)
