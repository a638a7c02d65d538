"""Hypothesis: amounts and lists survive the wire, and no document does worse than an error of ours."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from ukt_kit import CURRENT, OVERDUE, SAMPLES, order, sample

from faturat.errors import BillerError, UnknownReference
from faturat.money import MAX_MINOR, to_decimal
from faturat.payments.types import Rejected, Settled, Unknown
from faturat_ukt import mapping, wire
from faturat_ukt.simulator import _lines

amounts = st.integers(0, MAX_MINOR // 1000)


def invoice(number: int, amount: int, penalty: int) -> wire.OpenInvoice:
    return wire.OpenInvoice(
        invoice=f"U-{number}",
        issued_on=date(2018, 8, 1),
        lines=tuple(_lines(amount)),
        amount=to_decimal(amount),
        penalty=to_decimal(penalty),
        total=to_decimal(amount + penalty),
        currency="ALL",
    )


@st.composite
def lists(draw: st.DrawFn) -> list[wire.InvoicePage]:
    """A contract's invoices, cut into pages anywhere."""
    sums = draw(st.lists(st.tuples(amounts, amounts), max_size=30))
    invoices = [invoice(number, *each) for number, each in enumerate(sums)]
    cuts = sorted(draw(st.lists(st.integers(0, len(invoices)), max_size=5)))
    return [
        wire.InvoicePage(
            contract=CURRENT,
            page=number,
            pages=len(cuts) + 1,
            count=len(invoices),
            owed=to_decimal(sum(map(sum, sums))),
            items=tuple(invoices[start:end]),
        )
        for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(invoices)], strict=True), 1)
    ]


def over_the_wire(pages: list[wire.InvoicePage]) -> list[wire.InvoicePage]:
    return [mapping.to_page(CURRENT, number, wire.Reply(200, wire.build(page))) for number, page in enumerate(pages, 1)]


@given(pages=lists())
def test_every_invoice_is_read_once_however_the_pages_are_cut(pages: list[wire.InvoicePage]) -> None:
    sent = [entry for page in pages for entry in page.items]
    read = mapping.to_invoices(over_the_wire(pages))
    assert [each.number for each in read] == [entry.invoice for entry in sent]
    for each, entry in zip(read, sent, strict=True):
        assert [to_decimal(amount) for amount in (each.amount, each.penalty, each.total)] == [
            entry.amount,
            entry.penalty,
            entry.total,
        ]
        assert sum(line.amount for line in each.lines) == each.amount
        assert [choice.amount for choice in each.payable.choices] == [each.total]


@given(pages=lists().filter(lambda pages: any(page.items for page in pages)), data=st.data())
def test_an_invoice_lost_or_doubled_between_pages_is_noticed(
    pages: list[wire.InvoicePage], data: st.DataObject
) -> None:
    page = data.draw(st.sampled_from([page for page in pages if page.items]))
    entry = data.draw(st.sampled_from(page.items))
    other = data.draw(st.sampled_from(pages))
    lost = tuple(each for each in page.items if each is not entry)
    doubled = (*other.items, entry)
    for bad, items in ((page, lost), (other, doubled)):
        changed = [
            wire.InvoicePage(
                contract=CURRENT, page=each.page, pages=each.pages, count=each.count, owed=each.owed, items=items
            )
            if each is bad
            else each
            for each in pages
        ]
        try:
            mapping.to_invoices(over_the_wire(changed))
        except BillerError as error:
            assert error.why in ("missing_invoice", "doubled_invoice")
            continue
        raise AssertionError("a part of the list was taken for all of it")


statuses = st.sampled_from([200, 201, 202, 204, 307, 400, 401, 404, 409, 422, 429, 500, 503])


def read_everything(status: int, document: bytes) -> None:
    """Read a document as each reply; whatever it is, nothing but our two errors comes out."""
    answer = wire.Reply(status, document)
    try:
        mapping.to_subscriber(CURRENT, answer)
    except (BillerError, UnknownReference):
        assert True
    try:
        mapping.to_invoices([mapping.to_page(OVERDUE, 1, answer)])
    except (BillerError, UnknownReference):
        assert True
    try:
        outcome = mapping.to_outcome(order(), answer)
    except BillerError:
        return
    assert isinstance(outcome, Settled | Rejected | Unknown)
    assert not isinstance(outcome, Settled) or (status in (200, 201, 409) and outcome.receipt.amount == order().amount)
    assert not isinstance(outcome, Rejected) or status in (409, 422)


@given(status=statuses, document=st.binary())
def test_any_bytes(status: int, document: bytes) -> None:
    read_everything(status, document)


hostile = st.one_of(
    st.binary(max_size=20),
    st.sampled_from([b"NaN", b"1e5", b"\x00", b"\\u0000", b"[" * 2000, b"\xff\xfe", b"-", b'"', b"null", b"{}", b","]),
)


@given(
    name=st.sampled_from(sorted(path.stem for path in SAMPLES.iterdir())),
    status=statuses,
    data=st.data(),
    graft=hostile,
)
def test_damaged_samples(name: str, status: int, data: st.DataObject, graft: bytes) -> None:
    document = sample(name)
    start = data.draw(st.integers(0, len(document)))
    end = data.draw(st.integers(start, min(len(document), start + 40)))
    read_everything(status, document[:start] + graft + document[end:])


@given(value=st.text(), field=st.sampled_from(["order_id", "invoice", "status", "contract", "amount", "currency"]))
def test_any_other_text_in_a_booking_settles_nothing(value: str, field: str) -> None:
    booked = wire.parse(sample("pay_reply"), wire.BookedPayment)
    fields = {name: getattr(booked, name) for name in booked.__struct_fields__}
    if fields[field] == value:
        return
    document = wire.build(wire.BookedPayment(**(fields | {field: value})))
    try:
        mapping.to_outcome(order(), wire.Reply(201, document))
    except BillerError:
        return
    raise AssertionError("this is nobody's receipt")
