"""The Piccolo tables. Their keys, indexes and checks stand in piccolo_migrations.

Piccolo knows no composite keys: where one exists, its first column is marked here and the migration says the rest.
"""

from piccolo.columns import JSONB, Array, BigInt, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class ContractRow(Table, tablename="contract"):
    id = Text(primary_key=True)
    customer = Text()
    biller = Text()
    reference = JSONB()
    reference_key = Text()
    name = Text()
    subscriber = Text()
    created_at = Timestamptz()
    due_at = Timestamptz()
    checked_at = Timestamptz(null=True)
    failures = Integer()
    version = Integer()
    removed_at = Timestamptz(null=True)


class InvoiceRow(Table, tablename="invoice"):
    """An invoice of a contract, or a quote (no contract). `invoice_key` and `part` repeat what stands in `invoice`."""

    id = Text(primary_key=True)
    customer = Text()
    biller = Text()
    reference = JSONB()
    contract = Text(null=True)
    invoice_key = Text()
    part = Integer()
    invoice = JSONB()
    state = Text()
    version = Integer()
    read_at = Timestamptz()
    subscriber = Text()


class PaymentRow(Table, tablename="payment"):
    """A payment with the fields of its order beside its own. `settled_at` repeats what stands in `receipt`."""

    id = Text(primary_key=True)
    customer = Text()
    account = Text()
    biller = Text()
    reference = JSONB()
    invoice_key = Text()
    part = Integer()
    amount = BigInt()
    fee = BigInt()
    currency = Text()
    created_at = Timestamptz()
    invoice = Text()
    quoted_total = BigInt()
    state = Text()
    version = Integer()
    state_since = Timestamptz()
    due_at = Timestamptz(null=True)
    expires_at = Timestamptz()
    chain_head = Text()
    reason = Text()
    reason_amount = BigInt(null=True)
    hold_expires_at = Timestamptz(null=True)
    submitted_at = Timestamptz(null=True)
    asked = Integer()
    receipt = JSONB(null=True)
    settled_at = Timestamptz(null=True)
    covered_version = Integer()
    """That of the newest head of this payment which a checkpoint covers."""
    autopay = Text(null=True)


class AutopayRow(Table, tablename="autopay"):
    """A contract's autopay; without `due_at` it is stopped."""

    contract = Text(primary_key=True)
    customer = Text()
    account = Text()
    most_per_invoice = BigInt()
    most_per_month = BigInt()
    days_before = Integer()
    version = Integer()
    changed_at = Timestamptz()
    due_at = Timestamptz(null=True)
    seen = JSONB()


class PaymentEventRow(Table, tablename="payment_event"):
    payment = Text(primary_key=True)
    version = Integer()
    at = Timestamptz()
    before = Text()
    after = Text()
    reason = Text()
    evidence = Text()
    previous_hash = Text()
    hash = Text()


class IdempotencyRow(Table, tablename="idempotency"):
    customer = Text(primary_key=True)
    key = Text()
    body_hash = Text()
    payment = Text()


class NoticeRow(Table, tablename="notice"):
    id = Text(primary_key=True)
    customer = Text()
    event = Text()
    invoice = Text()
    version = Integer()
    facts = JSONB()
    created_at = Timestamptz()
    subject = Text()


class DeliveryRow(Table, tablename="delivery"):
    """A delivery; without `due_at` it is done (then `done_at` says when) or given up."""

    id = Text(primary_key=True)
    channel = Text()
    hook = Text()
    subject = Text()
    version = Integer()
    due_at = Timestamptz(null=True)
    deadline = Timestamptz()
    attempts = Integer()
    done_at = Timestamptz(null=True)


class ExchangeTurnRow(Table, tablename="exchange_turn"):
    """Whose turn it is to swap files with a biller: nobody's once `due_at` has passed."""

    biller = Text(primary_key=True)
    fence = BigInt()
    due_at = Timestamptz()


class TakenFileRow(Table, tablename="exchange_taken"):
    """A file that a biller sent and that was taken in; its content is evidence."""

    biller = Text(primary_key=True)
    name = Text()
    content = Bytea()
    taken_at = Timestamptz()


class OutgoingFileRow(Table, tablename="exchange_outgoing"):
    biller = Text(primary_key=True)
    name = Text()
    content = Bytea()
    stored_at = Timestamptz()
    sent_at = Timestamptz(null=True)


class CarriedRow(Table, tablename="exchange_order"):
    """An order in a file."""

    payment = Text(primary_key=True)
    biller = Text()
    name = Text()


class RegisterRow(Table, tablename="exchange_register"):
    """What a biller's newest file says of one reference."""

    biller = Text(primary_key=True)
    reference_key = Text()
    reference = JSONB()
    subscriber = Text()
    as_of = Timestamptz()
    invoices = JSONB()


class AuditRow(Table, tablename="audit"):
    """What an operator did, in their own words; `subject` is a payment."""

    id = Text(primary_key=True)
    at = Timestamptz()
    operator = Text()
    action = Text()
    subject = Text()
    reason = Text()
    evidence = Text()


class CaseRow(Table, tablename="payment_case"):
    """Contrary evidence about a payment; open without `closed_at`."""

    id = Text(primary_key=True)
    payment = Text()
    source = Text()
    state = Text()
    said = Text()
    said_hash = Text()
    opened_at = Timestamptz()
    closed_at = Timestamptz(null=True)
    adjustment = JSONB(null=True)


class CheckpointRow(Table, tablename="checkpoint"):
    number = Integer(primary_key=True)
    made_at = Timestamptz()
    payments = Integer()
    root = Text()
    previous_root = Text()
    public_key = Text()
    signature = Text()


class CheckpointHeadRow(Table, tablename="checkpoint_head"):
    """A head that a checkpoint covers."""

    checkpoint = Integer(primary_key=True)
    payment = Text()
    version = Integer()
    head = Text()


class CircuitRow(Table, tablename="circuit"):
    """A biller's circuit breaker, as all processes see it."""

    biller = Text(primary_key=True)
    version = Integer()
    failures = Integer()
    failing_since = Timestamptz(null=True)
    failed_at = Timestamptz(null=True)
    opened = Integer()
    open_until = Timestamptz(null=True)
    probe_until = Timestamptz(null=True)


class CallSlotRow(Table, tablename="call_slot"):
    """When the next call to a biller with a limit may begin."""

    biller = Text(primary_key=True)
    next_at = Timestamptz()


class LookUpRow(Table, tablename="look_up"):
    """When a customer looked up lately, oldest first."""

    customer = Text(primary_key=True)
    asked = Array(Timestamptz())


class ReconciliationRow(Table, tablename="reconciliation"):
    """One comparison with a biller's statement; its file is evidence."""

    id = Text(primary_key=True)
    biller = Text()
    day = Date()
    made_at = Timestamptz()
    currency = Text()
    file = Text()
    sha256 = Text()
    content = Bytea()
    totals = JSONB()
    findings = JSONB()


TABLES: list[type[Table]] = [
    ContractRow,
    InvoiceRow,
    PaymentRow,
    AutopayRow,
    PaymentEventRow,
    IdempotencyRow,
    NoticeRow,
    DeliveryRow,
    ExchangeTurnRow,
    TakenFileRow,
    OutgoingFileRow,
    CarriedRow,
    RegisterRow,
    AuditRow,
    CaseRow,
    CheckpointRow,
    CheckpointHeadRow,
    CircuitRow,
    CallSlotRow,
    LookUpRow,
    ReconciliationRow,
]
