"""Hypothesis: amounts survive the wire, and no document does worse than an error of ours."""

from datetime import date, timedelta

from gjobat_kit import FRESH, SAMPLES, SHEET, order, sample
from hypothesis import given
from hypothesis import strategies as st

from faturat.errors import BillerError, UnknownReference
from faturat.money import MAX_MINOR, to_decimal
from faturat.payments.types import Rejected, Settled
from faturat_gjobat import mapping, wire
from faturat_gjobat.tariff import price

amounts = st.integers(0, MAX_MINOR - 1)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(amount=amounts, penalty=amounts, discount=amounts, total=amounts, day=days, due=st.none() | days)
def test_a_fine_round_trips(amount: int, penalty: int, discount: int, total: int, day: date, due: date | None) -> None:
    fine = wire.Fine(
        number="1",
        registered_on=day,
        due_on=due,
        amount=to_decimal(amount),
        penalty=to_decimal(penalty),
        discount=to_decimal(discount),
        total=to_decimal(total),
        currency="ALL",
    )
    document = wire.build(wire.SearchReply(result="OK", subscriber="Test Test", fines=(fine,)))
    (invoice,) = mapping.to_invoices(FRESH, wire.parse(document, wire.SearchReply))
    assert (invoice.amount, invoice.penalty, invoice.discount, invoice.total) == (amount, penalty, discount, total)
    assert (invoice.issued_on, invoice.due_on) == (day, due)
    assert [choice.amount for choice in invoice.payable.choices] == [total]


def read_everything(document: bytes) -> None:
    """Read a document as each reply; whatever it is, nothing but our two errors comes out."""
    readers = (
        lambda: mapping.to_subscriber(FRESH, wire.parse(document, wire.SearchReply)),
        lambda: mapping.to_invoices(FRESH, wire.parse(document, wire.SearchReply)),
        lambda: mapping.to_invoices(SHEET, wire.parse(document, wire.SearchReply)),
        lambda: mapping.to_outcome(order(), wire.parse(document, wire.PaymentReply)),
        lambda: mapping.to_status(order(), wire.parse(document, wire.PaymentReply)),
    )
    for read in readers:
        try:
            read()
        except (BillerError, UnknownReference):
            continue


@given(st.binary())
def test_any_bytes(document: bytes) -> None:
    read_everything(document)


hostile = st.one_of(
    st.binary(max_size=20),
    st.sampled_from([b"null", b"[]", b"{}", b"[" * 4000, b"\xff\xfe", b"1e5", b"\x00", b'"\\ud800"', b"-1", b"NaN"]),
)


@given(name=st.sampled_from(sorted(path.stem for path in SAMPLES.glob("*.json"))), data=st.data(), graft=hostile)
def test_damaged_samples(name: str, data: st.DataObject, graft: bytes) -> None:
    document = sample(name)
    start = data.draw(st.integers(0, len(document)))
    end = data.draw(st.integers(start, min(len(document), start + 40)))
    read_everything(document[:start] + graft + document[end:])


@given(st.text())
def test_no_other_result_ends_a_payment(result: str) -> None:
    try:
        outcome = mapping.to_outcome(order(), wire.PaymentReply(result=result))
    except BillerError:
        assert result in (mapping.PAID, mapping.ALREADY_PAID)
        return
    assert not isinstance(outcome, Settled)
    assert isinstance(outcome, Rejected) == (result in mapping.REFUSALS)


@given(value=st.text(), field=st.sampled_from(["amount", "currency", "receipt"]))
def test_any_text_in_a_payment(value: str, field: str) -> None:
    booked = wire.Payment(**({"order": order().id, "fine": order().invoice_key} | {field: value}))
    try:
        mapping.to_outcome(order(), wire.PaymentReply(result="PAID", payment=booked))
    except BillerError:
        return
    raise AssertionError("a payment with one field is nobody's receipt")


@given(amount=st.integers(1, 10**9), day=days, age=st.integers(-1, 1000))
def test_a_price_never_falls_and_is_capped(amount: int, day: date, age: int) -> None:
    today, tomorrow = (price(amount, day, day + timedelta(days=age + later)) for later in (0, 1))
    assert amount - amount // 2 <= today.total <= tomorrow.total <= amount + amount * 60 // 100
    assert not (today.penalty and today.discount)
    assert today.due_on >= day + timedelta(days=15)
