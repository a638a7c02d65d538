"""Hypothesis: amounts survive the wire, and no document does worse than an error of ours."""

from hypothesis import given
from hypothesis import strategies as st
from oshee_kit import GUIDE, NOBODY, OVERDUE, SAMPLES, order, reference, sample

from faturat.errors import BillerError, FaturatError, UnknownReference
from faturat.invoices.types import Invoice
from faturat.money import MAX_MINOR, to_decimal
from faturat_oshee import mapping, wire

ASKED = (reference(GUIDE), reference(OVERDUE), reference(NOBODY))
amounts = st.integers(0, MAX_MINOR - 1)


@given(principal=amounts, penalty=amounts, total=amounts)
def test_amounts_round_trip(principal: int, penalty: int, total: int) -> None:
    entry = wire.OpenInvoice(
        invoice_number="1",
        issued_on="2018-08-01",
        part="1",
        principal=to_decimal(principal),
        penalty=to_decimal(penalty),
        total=to_decimal(total),
        currency="ALL",
    )
    customer = wire.Customer(customer_code=GUIDE, result="OK", open_invoice=(entry,))
    document = wire.build(wire.ListOpenInvoicesResponse(customer=(customer,)))
    answers = mapping.to_invoices(ASKED[:1], wire.parse(document, wire.ListOpenInvoicesResponse))
    (invoice,) = answers[ASKED[0]]
    assert isinstance(invoice, Invoice)
    assert (invoice.amount, invoice.penalty, invoice.total) == (principal, penalty, total)


def read_everything(document: bytes) -> None:
    """Read a document as each reply; whatever it is, nothing but our two errors comes out."""
    wire.is_fault(document)
    readers = (
        lambda: mapping.to_subscriber(wire.parse(document, wire.FindContractResponse)),
        lambda: mapping.to_outcome(order(), wire.parse(document, wire.PayInvoiceResponse)),
        lambda: mapping.to_status(order(), wire.parse(document, wire.PaymentStatusResponse)),
        lambda: mapping.to_invoices(ASKED, wire.parse(document, wire.ListOpenInvoicesResponse)),
    )
    for read in readers:
        try:
            answer = read()
        except (BillerError, UnknownReference):
            continue
        if isinstance(answer, dict):
            assert set(answer) == set(ASKED)
            assert all(isinstance(entry, tuple | FaturatError) for entry in answer.values())


@given(st.binary())
def test_any_bytes(document: bytes) -> None:
    read_everything(document)


hostile = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [b"<!DOCTYPE x>", b"&#0;", b"&e;", b"<![CDATA[", b"<a>" * 400, b"\xff\xfe", b"1e5", b"\x00", b"<!--"]
    ),
)


@given(name=st.sampled_from(sorted(path.stem for path in SAMPLES.glob("*.xml"))), data=st.data(), graft=hostile)
def test_damaged_samples(name: str, data: st.DataObject, graft: bytes) -> None:
    document = sample(name)
    start = data.draw(st.integers(0, len(document)))
    end = data.draw(st.integers(start, min(len(document), start + 40)))
    read_everything(document[:start] + graft + document[end:])


@given(value=st.text(), field=st.sampled_from(sorted(wire.BookedPayment.__struct_fields__)))
def test_any_text_in_a_booking(value: str, field: str) -> None:
    booked = wire.BookedPayment(**{field: value})
    try:
        mapping.to_outcome(order(), wire.PayInvoiceResponse(result="SETTLED", booked_payment=(booked,)))
    except BillerError:
        return
    raise AssertionError("a booking with one field is nobody's receipt")
