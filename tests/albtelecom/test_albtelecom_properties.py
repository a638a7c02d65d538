"""Hypothesis: what is written is read back the same, a cut file is never misread, and no bytes do worse than be cut."""

from contextlib import suppress
from datetime import UTC, date, datetime

import msgspec
from albtelecom_kit import MADE_AT, SAMPLES, order, reference
from hypothesis import given, settings
from hypothesis import strategies as st

from faturat.billers import Biller, Capabilities
from faturat.errors import BillerError
from faturat.exchange.types import ExchangeFile, ExchangeReply
from faturat.gate.files import check_exchange
from faturat.money import MAX_MINOR, to_decimal
from faturat.payments.types import Order
from faturat_albtelecom import mapping, wire
from faturat_albtelecom.plugin import _contract

BILLER = Biller("albtelecom", "ALBTELECOM", (_contract(None),), Capabilities(parts=True))
amounts = st.integers(1, MAX_MINOR - 1)
identifiers = st.from_regex(r"[0-9A-Za-z._/-]{1,64}", fullmatch=True)
contracts = st.from_regex(r"[0-9A-Z+./-]{1,64}", fullmatch=True)
moments = st.integers(946_800_000, 4_102_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
names = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=200)


@st.composite
def orders(draw: st.DrawFn) -> tuple[Order, ...]:
    ids = draw(st.lists(identifiers, min_size=1, max_size=12, unique=True))
    return tuple(
        order(
            id,
            contract=draw(contracts),
            invoice_key=draw(identifiers),
            amount=draw(amounts),
            part=draw(st.integers(1, 999)),
            created_at=draw(moments),
        )
        for id in ids
    )


@given(orders())
@settings(deadline=None)
def test_every_order_stands_in_one_file_and_is_read_back_the_same(queue: tuple[Order, ...]) -> None:
    assert all(map(mapping.can_be_written, queue))
    files = mapping.payment_files(queue)
    assert files == mapping.payment_files(queue[::-1])
    check_exchange(ExchangeReply(files=files), (), queue, BILLER, datetime.now(UTC))
    read = [record for file in files for record in wire.read(file.content, wire.PAY)[1]]
    assert sorted(record.order_id for record in read) == sorted(each.id for each in queue)
    for record in read:
        (sent,) = (each for each in queue if each.id == record.order_id)
        assert record == wire.Payment(
            sent.id,
            sent.reference.values["contract"],
            sent.invoice_key,
            str(sent.part),
            to_decimal(sent.amount),
            "ALL",
        )


@st.composite
def books(draw: st.DrawFn) -> dict[str, tuple[str, list[wire.OpenInvoice]]]:
    """Contracts with their subscriber and what they owe."""
    return {
        contract: (
            draw(names),
            [
                wire.OpenInvoice(
                    contract=contract,
                    invoice_number=number,
                    issued_on=draw(days).isoformat(),
                    due_on=draw(st.one_of(st.just(""), days.map(date.isoformat))),
                    part=str(draw(st.integers(1, 999))),
                    amount=to_decimal(draw(amounts)),
                    penalty=to_decimal(draw(amounts)),
                    discount=to_decimal(draw(amounts)),
                    total=to_decimal(draw(amounts)),
                    currency="ALL",
                )
                for number in draw(st.lists(identifiers, max_size=4, unique=True))
            ],
        )
        for contract in draw(st.lists(contracts, max_size=4, unique=True))
    }


def register(listed: dict[str, tuple[str, list[wire.OpenInvoice]]]) -> bytes:
    records: list[wire.Record] = []
    for contract, (subscriber, invoices) in listed.items():
        records += [wire.OpenContract(contract, subscriber, str(len(invoices))), *invoices]
    return wire.build(wire.OPEN, MADE_AT, records)


@given(books())
@settings(deadline=None)
def test_any_books_become_entries_that_the_gate_takes(listed: dict[str, tuple[str, list[wire.OpenInvoice]]]) -> None:
    file = ExchangeFile("OPEN-20180815-001.csv", register(listed))
    inbox = mapping.read_inbox([file])
    assert (inbox.incomplete, inbox.skipped) == ((), {})
    reply = check_exchange(ExchangeReply(register=inbox.register), (file,), (), BILLER, datetime.now(UTC))
    entries = {entry.reference: entry for entry in reply.register}
    assert set(entries) == {reference(contract) for contract in listed}
    for contract, (subscriber, invoices) in listed.items():
        entry = entries[reference(contract)]
        assert entry.subscriber == subscriber
        said = {each.invoice_number: (each.amount, each.penalty, each.discount, each.total) for each in invoices}
        assert {
            each.number: tuple(map(to_decimal, (each.amount, each.penalty, each.discount, each.total)))
            for each in entry.invoices
        } == said


@given(books())
@settings(deadline=None, max_examples=20)
def test_a_register_cut_at_any_byte_is_incomplete(listed: dict[str, tuple[str, list[wire.OpenInvoice]]]) -> None:
    whole = register(listed)
    for end in range(len(whole)):
        inbox = mapping.read_inbox([ExchangeFile("OPEN-1.csv", whole[:end])])
        assert (inbox.incomplete, inbox.register) == (("OPEN-1.csv",), ())


def test_every_sample_cut_at_any_byte_is_incomplete() -> None:
    for path in SAMPLES.glob("*.csv"):
        whole = path.read_bytes()
        for end in range(len(whole)):
            if not path.name.startswith(("OPEN-", "ACK-")):
                assert read_kind(whole[:end], path.name.partition("-")[0]) is None
                continue
            inbox = mapping.read_inbox([ExchangeFile(path.name, whole[:end])])
            assert (inbox.incomplete, inbox.register, inbox.outcomes) == ((path.name,), (), {})


def read_kind(content: bytes, kind: str) -> list[wire.Record | None] | None:
    """What is read of a file of a kind; None where it is cut."""
    try:
        return list(wire.read(content, kind)[1])
    except wire.Cut:
        return None


def read_everything(content: bytes) -> None:
    """Read as each kind: nothing is raised, and the gate takes whatever is read; of a statement all or nothing."""
    read_kind(content, wire.PAY)
    with suppress(BillerError):
        mapping.read_statement(content, date(2018, 8, 15))
    for name in ("OPEN-1.csv", "ACK-PAY-1-001.csv"):
        file = ExchangeFile(name, content)
        inbox = mapping.read_inbox([file])
        reply = ExchangeReply(register=inbox.register, outcomes=inbox.outcomes, incomplete=inbox.incomplete)
        check_exchange(reply, (file,), (), BILLER, datetime.now(UTC))


@given(st.binary())
def test_any_bytes(content: bytes) -> None:
    read_everything(content)
    read_everything(wire.seal(content))
    read_everything(wire.seal(wire.write([wire.Header(wire.ACK, "1", MADE_AT)]) + content))


hostile = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [b'"', b";;", b"\n", b"\r\n", b"\x00", b"\xff\xfe", b"NaN", b"-", b"1e5", b"0001-01-01", b"T;0;0;"]
    ),
)


@given(name=st.sampled_from(sorted(path.name for path in SAMPLES.glob("*.csv"))), data=st.data(), graft=hostile)
def test_damaged_samples_under_a_right_trailer(name: str, data: st.DataObject, graft: bytes) -> None:
    whole = (SAMPLES / name).read_bytes()
    body = whole[: whole.rindex(b"T;")]
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 40)))
    read_everything(wire.seal(body[:start] + graft + body[end:]))


@given(value=st.text(), field=st.sampled_from(sorted(wire.Acknowledgement.__struct_fields__)))
def test_any_text_in_an_acknowledgement(value: str, field: str) -> None:
    record = wire.Acknowledgement(*[""] * 7)
    if "\n" in value or "\r" in value:
        return
    try:
        content = wire.build(wire.ACK, MADE_AT, [msgspec.structs.replace(record, **{field: value})])
    except UnicodeEncodeError:
        return
    assert mapping.read_inbox([ExchangeFile("ACK-1.csv", content)]).outcomes == {}
