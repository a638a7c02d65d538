"""The company's words in ours: entries whole or not at all, the status table, and acknowledgements that contradict."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
import structlog
from albtelecom_kit import FIRST, SAMPLES, SECOND, ack_file, order, reference, register_file, settled_record

from faturat.exchange.types import ExchangeFile, RegisterEntry
from faturat.gate.replies import check_outcome
from faturat.invoices.types import Invoice, PayRange
from faturat.payments.types import Outcome, Receipt, Rejected, Rejection, Settled, Unknown
from faturat_albtelecom import mapping, wire
from faturat_albtelecom.plugin import Albtelecom

PAID = "pay_0194f0000001"
RECEIPT = Receipt("R000000001", datetime(2018, 8, 15, 8, 30, tzinfo=UTC), 1850_00)
CONTRACT = wire.OpenContract(FIRST, "Test Test", "1")
INVOICE = wire.OpenInvoice(
    FIRST, "000000001", "2018-07-26", "2018-08-25", "1", "1850.00", "0.00", "0.00", "1850.00", "ALL"
)
OTHER = wire.OpenContract(SECOND, "Test Test", "0")
READ = Invoice(
    invoice_key="000000001",
    number="000000001",
    issued_on=date(2018, 7, 26),
    due_on=date(2018, 8, 25),
    amount=1850_00,
    total=1850_00,
    currency="ALL",
    payable=PayRange(1_00, 1850_00),
)


def sample(name: str) -> ExchangeFile:
    return ExchangeFile(name, (SAMPLES / name).read_bytes())


def entries(*records: wire.Record) -> dict[str, tuple[Invoice, ...]]:
    """What a register of these records says, by contract."""
    inbox = mapping.read_inbox([register_file(*records)])
    assert inbox.incomplete == ()
    return {entry.reference.values["contract"]: entry.invoices for entry in inbox.register}


def outcome(**changes: str) -> Outcome | None:
    """What comes of one acknowledgement; the gate accepts it."""
    outcomes = mapping.read_inbox([ack_file(settled_record(**changes))]).outcomes
    assert set(outcomes) <= {PAID}
    return check_outcome(outcomes[PAID], Outcome) if outcomes else None


def test_the_sample_register() -> None:
    inbox = mapping.read_inbox([sample("OPEN-20180815-001.csv")])
    first, second, third = inbox.register
    as_of = datetime(2018, 8, 15, 8, 30, tzinfo=UTC)
    assert first == RegisterEntry(reference=reference(FIRST), subscriber="Test Test", as_of=as_of, invoices=(READ,))
    assert second.subscriber == 'Test; "Çelësi"'
    overdue, partly_paid = second.invoices
    assert (overdue.amount, overdue.penalty, overdue.total) == (2400_00, 48_00, 2448_00)
    assert (partly_paid.part, partly_paid.due_on, partly_paid.discount) == (2, None, 20_50)
    assert partly_paid.payable == PayRange(1_00, 2100_00)
    assert third.invoices == ()
    assert (inbox.skipped, inbox.incomplete) == ({}, ())


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "1850.0"},
        {"amount": "1.850,00"},
        {"total": "NaN"},
        {"total": "-1850.00"},
        {"total": "0.00"},
        {"total": "1e5"},
        {"total": "١٨٥٠.٠٠"},
        {"penalty": ""},
        {"discount": "?"},
        {"currency": "EUR"},
        {"currency": ""},
        {"issued_on": "26.07.2018"},
        {"issued_on": "2018-02-30"},
        {"issued_on": ""},
        {"due_on": "soon"},
        {"invoice_number": ""},
        {"invoice_number": "Test Test"},
        {"part": "0"},
        {"part": "1000"},
        {"part": "one"},
        {"contract": SECOND},
        {"contract": ""},
    ],
)
def test_a_bad_invoice_leaves_out_its_contract_alone(changes: dict[str, str]) -> None:
    assert entries(CONTRACT, INVOICE, OTHER) == {FIRST: (READ,), SECOND: ()}
    assert FIRST not in entries(CONTRACT, msgspec.structs.replace(INVOICE, **changes), OTHER)
    other = {} if changes == {"contract": SECOND} else {SECOND: ()}  # an invoice more than announced
    assert entries(CONTRACT, msgspec.structs.replace(INVOICE, **changes), OTHER) == other


@pytest.mark.parametrize("announced", ["0", "2", "", "one", "01"])
def test_an_entry_is_whole_or_not_at_all(announced: str) -> None:
    contract = msgspec.structs.replace(CONTRACT, invoices=announced)
    assert entries(contract, INVOICE, OTHER) == {SECOND: ()}


def test_a_contract_listed_twice_is_left_out() -> None:
    assert entries(CONTRACT, INVOICE, CONTRACT, OTHER) == {SECOND: ()}


def test_an_invoice_of_no_contract_is_nobodys() -> None:
    assert entries(INVOICE, OTHER) == {SECOND: ()}


def test_the_order_of_records_does_not_matter() -> None:
    assert entries(OTHER, INVOICE, CONTRACT) == {FIRST: (READ,), SECOND: ()}


def test_records_of_another_kind_of_file_are_left_out() -> None:
    assert entries(OTHER, settled_record(), wire.Payment("1", FIRST, "1", "1", "1.00", "ALL")) == {SECOND: ()}
    assert mapping.read_inbox([ack_file(CONTRACT, INVOICE)]).outcomes == {}


def test_entries_come_the_oldest_first_whatever_the_files_are_called() -> None:
    newer = register_file(OTHER, number=1, made_at="2018-08-15T09:00:00+00:00")
    older = register_file(CONTRACT, INVOICE, number=2, made_at="2018-08-15T10:00:00+02:00")
    for files in ([newer, older], [older, newer]):
        assert [entry.as_of.hour for entry in mapping.read_inbox(files).register] == [8, 9]


@pytest.mark.parametrize("made_at", ["", "2018-08-15", "2018-08-15T08:30:00", "0001-01-01T00:00:00+14:00", "soon"])
def test_a_file_of_no_moment_is_incomplete(made_at: str) -> None:
    register, ack = register_file(OTHER, made_at=made_at), wire.build(wire.ACK, made_at, [settled_record()])
    inbox = mapping.read_inbox([register, ExchangeFile("ACK-PAY-1-001.csv", ack)])
    assert inbox.incomplete == ("ACK-PAY-1-001.csv", register.name)
    assert (inbox.register, inbox.outcomes) == ((), {})


def test_files_of_another_kind_are_passed_over() -> None:
    files = [ExchangeFile(name, b"?") for name in ("README.txt", "PAY-1.csv", "open-1.csv", "OPENING.csv")]
    inbox = mapping.read_inbox(files)
    assert (inbox.register, inbox.outcomes, inbox.incomplete, inbox.skipped) == ((), {}, (), {})


def test_a_file_under_the_name_of_another_kind_is_incomplete() -> None:
    ack = ack_file(settled_record())
    inbox = mapping.read_inbox([ExchangeFile("OPEN-20180815-001.csv", ack.content)])
    assert (inbox.incomplete, inbox.outcomes) == (("OPEN-20180815-001.csv",), {})


def test_the_sample_acknowledgements() -> None:
    names = [f"ACK-PAY-20180815-8509505353f0-00{number}.csv" for number in (1, 2)]
    assert mapping.read_inbox(map(sample, names)).outcomes == {
        PAID: Settled(RECEIPT),
        "pay_0194f0000002": Rejected(Rejection.AMOUNT_CHANGED),
    }


def test_status_table() -> None:
    assert outcome() == Settled(RECEIPT)
    assert {code: outcome(result="REJECTED", code=code) for code in (*mapping.REFUSALS, "BUSY", "OK", "Test Test")} == {
        "AMOUNT_CHANGED": Rejected(Rejection.AMOUNT_CHANGED),
        "ALREADY_PAID": Rejected(Rejection.ALREADY_PAID),
        "UNKNOWN_CONTRACT": Rejected(Rejection.UNKNOWN_REFERENCE),
        "REFUSED": Rejected(Rejection.NOT_ACCEPTED),
        "BUSY": Unknown("code_busy"),
        "OK": Unknown("code_ok"),
        "Test Test": Unknown("code_unreadable"),
    }
    assert outcome(result="REJECTED") == Unknown("code_unreadable")
    assert {result: outcome(result=result) for result in ("PENDING", "ok", "", "REFUSED")} == {
        "PENDING": Unknown("result_pending"),
        "ok": Unknown("result_ok"),
        "": Unknown("result_unreadable"),
        "REFUSED": Unknown("result_refused"),
    }


def test_the_amount_of_a_receipt_is_the_companys_word() -> None:
    assert outcome(amount="1849.99") == Settled(Receipt("R000000001", RECEIPT.settled_at, 1849_99))


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": ""},
        {"order_id": "Test Test"},
        {"amount": "1850"},
        {"amount": "NaN"},
        {"amount": "-1850.00"},
        {"amount": ""},
        {"currency": "EUR"},
        {"receipt_number": ""},
        {"receipt_number": "R 1"},
        {"receipt_number": "R" * 65},
        {"settled_at": ""},
        {"settled_at": "2018-08-15T10:30:00"},
        {"settled_at": "0001-01-01T00:00:00+14:00"},
        {"settled_at": "1999-12-31T23:59:59+00:00"},
        {"settled_at": "9999-12-31T23:59:59-14:00"},
    ],
)
def test_an_acknowledgement_that_cannot_be_read_settles_nothing(changes: dict[str, str]) -> None:
    file = ack_file(settled_record(**changes), settled_record(order_id="pay_2"))
    inbox = mapping.read_inbox([file])
    assert inbox.outcomes == {"pay_2": Settled(RECEIPT)}
    assert inbox.skipped == {file.name: 1}


REFUSED = settled_record(result="REJECTED", code="REFUSED")


def test_one_outcome_said_twice_is_one() -> None:
    inbox = mapping.read_inbox([ack_file(settled_record(), settled_record()), ack_file(settled_record(), number=2)])
    assert (inbox.outcomes, inbox.contradicted) == ({PAID: Settled(RECEIPT)}, ())


@pytest.mark.parametrize(
    "other",
    [REFUSED, settled_record(amount="1850.01"), settled_record(receipt_number="R2")],
)
def test_outcomes_that_contradict_are_unknown(other: wire.Acknowledgement) -> None:
    both = (ack_file(settled_record(), other), ack_file(other, settled_record()))
    apart = [ack_file(settled_record()), ack_file(other, number=2), ack_file(settled_record(), number=3)]
    for files in ([both[0]], [both[1]], apart):
        inbox = mapping.read_inbox(files)
        assert inbox.outcomes == {PAID: Unknown("acknowledgements_contradict")}
        assert inbox.contradicted == (PAID,)


def test_an_unknown_code_says_nothing_against_a_definite_answer() -> None:
    lost = settled_record(result="LOST")
    for records in ((lost, settled_record()), (settled_record(), lost), (lost, settled_record(), lost)):
        inbox = mapping.read_inbox([ack_file(*records)])
        assert (inbox.outcomes, inbox.contradicted) == ({PAID: Settled(RECEIPT)}, ())
    assert isinstance(mapping.read_inbox([ack_file(lost)]).outcomes[PAID], Unknown)


def test_queued_orders_are_cut_into_files_the_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "MAX_ORDERS", 2)
    start = datetime(2018, 8, 14, 23, 59, 59, tzinfo=UTC)
    orders = [order(f"pay_{9 - number}", created_at=start + timedelta(seconds=number)) for number in range(3)]
    files = mapping.payment_files(orders)
    assert [file.orders for file in files] == [("pay_8", "pay_9"), ("pay_7",)]
    assert [file.name[:13] for file in files] == ["PAY-20180815-"] * 2
    assert mapping.payment_files(orders[::-1]) == files
    assert len({file.name for file in files}) == 2


def test_no_orders_no_file() -> None:
    assert mapping.payment_files([]) == ()


async def test_nothing_personal_is_logged(plugin: Albtelecom) -> None:
    bad = wire.OpenContract(FIRST, "Arta Test", "7")
    inbox = (
        register_file(bad, INVOICE),
        ack_file(settled_record(), REFUSED, settled_record(receipt_number="Arta Test")),
        ExchangeFile("OPEN-2.csv", b"C;1;Arta Test;"),
    )
    with structlog.testing.capture_logs() as logged:
        await plugin.exchange(inbox, ())
    assert [each["event"] for each in logged] == [
        "records_left_out",
        "records_left_out",
        "file_incomplete",
        "acknowledgements_contradict",
    ]
    assert "Arta" not in str(logged)
    assert FIRST not in str(logged)
