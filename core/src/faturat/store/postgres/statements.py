"""The SQL that Piccolo's query builder does not say: statements that change several tables at once, and claims.

One data-modifying statement is one round trip and one atomic step. Column lists come from the Piccolo tables; several
rows travel as one array a column (`unnest`). State lists are literals, because an index on some states is only used
where the planner can see them.
"""
# ruff: noqa: S608  (only names of tables, columns and states are put into the texts)

from collections.abc import Iterable, Sequence

from piccolo.columns import JSONB, BigInt, Bytea, Column, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from faturat.payments.states import LIVE, OCCUPYING
from faturat.reconciliation.rules import SETTLED
from faturat.store.postgres.rows import Row
from faturat.store.postgres.tables import (
    AuditRow,
    CaseRow,
    CheckpointRow,
    ContractRow,
    DeliveryRow,
    IdempotencyRow,
    InvoiceRow,
    NoticeRow,
    PaymentEventRow,
    PaymentRow,
    ReconciliationRow,
    RegisterRow,
)

_TYPES: dict[type[Column], str] = {
    Text: "text",
    Integer: "integer",
    BigInt: "bigint",
    Bytea: "bytea",
    Date: "date",
    JSONB: "jsonb",
    Timestamptz: "timestamptz",
}


class Columns:
    """Some columns of a table, in the order in which their values are passed."""

    def __init__(self, table: type[Table], *, only: Sequence[str] = (), without: Sequence[str] = ()) -> None:
        self.table = table._meta.tablename
        columns = [column for column in table._meta.columns if column._meta.name not in without]
        self._types = {
            column._meta.name: _TYPES[type(column)] for column in columns if not only or column._meta.name in only
        }
        self.names = ", ".join(self._types)

    def __len__(self) -> int:
        return len(self._types)

    def values(self, row: Row) -> list[object]:
        return [row[name] for name in self._types]

    def arrays(self, rows: Sequence[Row]) -> list[list[object]]:
        return [[row[name] for row in rows] for name in self._types]

    def parameters(self, first: int) -> str:
        """`$1::text, $2::bigint, ...`"""
        return ", ".join(f"${n}::{kind}" for n, kind in enumerate(self._types.values(), first))

    def rows(self, alias: str, first: int) -> str:
        """`unnest($1::text[], ...) AS alias(id, ...)`"""
        arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(self._types.values(), first))
        return f"unnest({arrays}) AS {alias}({self.names})"

    def assignments(self, source: str) -> str:
        return ", ".join(f"{name} = {source}.{name}" for name in self._types)

    def of(self, source: str) -> str:
        return ", ".join(f"{source}.{name}" for name in self._types)


CONTRACT = Columns(ContractRow, without=("removed_at",))
READ_CONTRACT = Columns(ContractRow, only=("subscriber", "due_at", "checked_at", "failures", "version"))
"""What a reading changes of its contract; the name is the customer's."""
INVOICE = Columns(InvoiceRow)
READ_INVOICE = Columns(InvoiceRow, only=("part", "invoice", "state", "version", "read_at", "subscriber"))
"""What a reading changes of an invoice."""
PAYMENT = Columns(PaymentRow, without=("covered_version",))
MOVED_PAYMENT = Columns(
    PaymentRow,
    only=(
        "state",
        "version",
        "state_since",
        "due_at",
        "expires_at",
        "chain_head",
        "reason",
        "reason_amount",
        "hold_expires_at",
        "submitted_at",
        "asked",
        "receipt",
        "settled_at",
    ),
)
"""What a transition changes of its payment; the order stays."""
EVENT = Columns(PaymentEventRow)
KEY = Columns(IdempotencyRow)
NOTICE = Columns(NoticeRow)
DELIVERY = Columns(DeliveryRow, without=("done_at",))
REGISTER = Columns(RegisterRow)
AUDIT = Columns(AuditRow)
CASE = Columns(CaseRow)
CHECKPOINT = Columns(CheckpointRow)
RECONCILIATION = Columns(ReconciliationRow)
RECONCILIATION_HEAD = Columns(ReconciliationRow, without=("content", "findings"))


def _literals(states: Iterable[str]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


ADD_CONTRACT = f"""
WITH added AS (
    INSERT INTO contract ({CONTRACT.names}) VALUES ({CONTRACT.parameters(1)}) RETURNING id
)
INSERT INTO invoice ({INVOICE.names})
SELECT {INVOICE.of("found")} FROM added, {INVOICE.rows("found", 1 + len(CONTRACT))}
"""

ADD_QUOTES = f"INSERT INTO invoice ({INVOICE.names}) SELECT * FROM {INVOICE.rows('quote', 1)}"


def _after_move(first: int, *, by_operator: bool = False) -> str:
    """The rest of a plan's statement, for the payment that `moved`: event, invoice state, deliveries, a deed."""
    state = first + len(EVENT)
    deed = state + 1 + len(DELIVERY)
    audited = f""", audited AS (
    INSERT INTO audit ({AUDIT.names}) SELECT {AUDIT.parameters(deed)} FROM moved
)"""
    return f"""
event AS (
    INSERT INTO payment_event ({EVENT.names}) SELECT {EVENT.parameters(first)} FROM moved
), touched AS (
    UPDATE invoice SET state = ${state}::text, version = invoice.version + 1 FROM moved
    WHERE invoice.biller = moved.biller AND invoice.invoice_key = moved.invoice_key AND invoice.part = moved.part
        AND invoice.state <> ${state} AND (invoice.state IN ('open', 'paying') OR ${state} = 'paid')
), owed AS (
    INSERT INTO delivery ({DELIVERY.names})
    SELECT {DELIVERY.of("new")} FROM moved, {DELIVERY.rows("new", state + 1)}
    ON CONFLICT (channel, hook, subject, version) DO NOTHING
){audited if by_operator else ""}
SELECT count(*) FROM moved
"""


# a payment that exists already is a race lost, not an error
BEGIN_PAYMENT = f"""
WITH moved AS (
    INSERT INTO payment ({PAYMENT.names}) VALUES ({PAYMENT.parameters(1)})
    ON CONFLICT (id) DO NOTHING
    RETURNING id, biller, invoice_key, part
), taken AS (
    INSERT INTO idempotency ({KEY.names})
    SELECT {KEY.of("new")} FROM moved, {KEY.rows("new", 1 + len(PAYMENT))}
), {_after_move(1 + len(PAYMENT) + len(KEY))}
"""


def _move_payment(*, by_operator: bool) -> str:
    return f"""
WITH moved AS (
    UPDATE payment SET ({MOVED_PAYMENT.names}) = ROW({MOVED_PAYMENT.parameters(3)})
    WHERE id = $1 AND version = $2
    RETURNING id, biller, invoice_key, part
), {_after_move(3 + len(MOVED_PAYMENT), by_operator=by_operator)}
"""


MOVE_PAYMENT = _move_payment(by_operator=False)
DECIDE_PAYMENT = _move_payment(by_operator=True)

_NEW = 3 + len(READ_CONTRACT)
_CHANGED = _NEW + len(INVOICE)
_NOTICES = _CHANGED + len(INVOICE)
_OWED = _NOTICES + len(NOTICE)

COMMIT_READING = f"""
WITH read AS (
    UPDATE contract SET ({READ_CONTRACT.names}) = ROW({READ_CONTRACT.parameters(3)})
    WHERE id = $1 AND version = $2 AND removed_at IS NULL
    RETURNING id
), added AS (
    INSERT INTO invoice ({INVOICE.names})
    SELECT {INVOICE.of("new")} FROM read, {INVOICE.rows("new", _NEW)}
    ON CONFLICT (contract, invoice_key) WHERE contract IS NOT NULL DO NOTHING
    RETURNING id, version
), changed AS (
    UPDATE invoice SET {READ_INVOICE.assignments("now")}
    FROM read, {INVOICE.rows("now", _CHANGED)}
    WHERE invoice.id = now.id AND invoice.version = now.version - 1
    RETURNING invoice.id, invoice.version
), stored AS (
    SELECT id, version FROM added UNION ALL SELECT id, version FROM changed
), told AS (
    INSERT INTO notice ({NOTICE.names})
    SELECT {NOTICE.of("new")} FROM {NOTICE.rows("new", _NOTICES)}
    JOIN stored ON stored.id = new.invoice AND stored.version = new.invoice_version
    ON CONFLICT (customer, event, invoice, invoice_version) DO NOTHING
    RETURNING id
), owed AS (
    INSERT INTO delivery ({DELIVERY.names})
    SELECT {DELIVERY.of("new")} FROM {DELIVERY.rows("new", _OWED)}
    WHERE EXISTS (SELECT FROM told WHERE told.id = new.subject)
        OR EXISTS (SELECT FROM stored WHERE stored.id = new.subject AND stored.version = new.version)
    ON CONFLICT (channel, hook, subject, version) DO NOTHING
)
SELECT count(*) FROM read
"""


def _claim(table: str, where: str = "") -> str:
    """Take the due rows that nobody else is taking. As an array they are found once, and the rows then by their ids."""
    return f"""
UPDATE {table} SET due_at = $2 WHERE id = ANY(ARRAY(
    SELECT id FROM {table} WHERE due_at <= $1 {where} ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
))
RETURNING *
"""


CLAIM_CONTRACTS = _claim("contract", "AND removed_at IS NULL")
CLAIM_PAYMENTS = _claim("payment")
CLAIM_DELIVERIES = _claim("delivery")

KNOWN_INVOICES = "SELECT * FROM invoice WHERE contract = ANY($1::text[]) ORDER BY id"

OCCUPIED = f"""
SELECT * FROM payment
WHERE biller = $1 AND invoice_key = ANY($2::text[]) AND state IN ({_literals(OCCUPYING)})
"""

PAYMENT_BY_KEY = """
SELECT payment.*, idempotency.key, idempotency.body_hash
FROM idempotency JOIN payment ON payment.id = idempotency.payment
WHERE idempotency.customer = $1 AND idempotency.key = $2
"""

# only the customer who asked may pay a quote, so their payments alone are looked through
PURGE_QUOTES = """
WITH gone AS (
    DELETE FROM invoice
    WHERE contract IS NULL AND read_at < $1 AND NOT EXISTS (
        SELECT FROM payment WHERE payment.customer = invoice.customer AND payment.invoice = invoice.id
    )
    RETURNING 1
)
SELECT count(*) FROM gone
"""

# the first turn of a biller makes its row
CLAIM_EXCHANGE = """
INSERT INTO exchange_turn AS turn (biller, fence, due_at) VALUES ($1, 1, $3)
ON CONFLICT (biller) DO UPDATE SET fence = turn.fence + 1, due_at = excluded.due_at WHERE turn.due_at <= $2
RETURNING fence
"""

HOLD_EXCHANGE = "UPDATE exchange_turn SET due_at = $3 WHERE biller = $1 AND fence = $2 RETURNING biller"

LOCK_TURN = "SELECT FROM exchange_turn WHERE biller = $1 AND fence = $2 FOR UPDATE"

QUEUED_ORDERS = """
SELECT * FROM payment
WHERE biller = $1 AND state = 'pending' AND hold_expires_at >= $2
    AND NOT EXISTS (SELECT FROM exchange_order WHERE payment = payment.id)
ORDER BY id LIMIT $3
"""

TAKE_IN = """
INSERT INTO exchange_taken (biller, name, content, taken_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (biller, name) DO NOTHING
"""

PUT_OUT = """
INSERT INTO exchange_outgoing (biller, name, content, stored_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (biller, name) DO NOTHING
RETURNING name
"""

# locked, so that none of them leaves pending before it is carried
CARRY = """
WITH pending AS (
    SELECT id FROM payment WHERE id = ANY($3::text[]) AND biller = $1 AND state = 'pending' FOR UPDATE
)
INSERT INTO exchange_order (payment, biller, name) SELECT id, $1, $2 FROM pending
ON CONFLICT (payment) DO NOTHING
RETURNING payment
"""

UNSENT_FILES = """
SELECT name, content, (
    SELECT array_agg(payment ORDER BY payment) FROM exchange_order AS carried
    WHERE carried.biller = file.biller AND carried.name = file.name
) AS orders
FROM exchange_outgoing AS file
WHERE biller = $1 AND sent_at IS NULL AND NOT EXISTS (
    SELECT FROM exchange_order AS carried JOIN payment ON payment.id = carried.payment
    WHERE carried.biller = file.biller AND carried.name = file.name
        AND (payment.state <> 'pending' OR payment.hold_expires_at < $2)
)
ORDER BY name
"""

FILES_SENT = "UPDATE exchange_outgoing SET sent_at = $3 WHERE biller = $1 AND name = ANY($2::text[])"

WRITE_REGISTER = f"""
INSERT INTO exchange_register AS known ({REGISTER.names}) SELECT * FROM {REGISTER.rows("new", 1)}
ON CONFLICT (biller, reference_key) DO UPDATE
SET subscriber = excluded.subscriber, as_of = excluded.as_of, invoices = excluded.invoices
WHERE known.as_of <= excluded.as_of
"""

REGISTER_ENTRIES = "SELECT * FROM exchange_register WHERE biller = $1 AND reference_key = ANY($2::text[])"


def _payments_in(where: str = "") -> str:
    return f"""
SELECT * FROM payment
WHERE state = ANY($1::text[]) {where} AND ($2::text IS NULL OR biller = $2)
    AND ($3::timestamptz IS NULL OR state_since <= $3) AND id > $4
ORDER BY id LIMIT $5
"""


_LIVE = f"AND state IN ({_literals(LIVE)})"
PAYMENTS_IN = _payments_in()
LIVE_PAYMENTS_IN = _payments_in(_LIVE)  # few rows of many, by the index that knows them

COUNT_PAYMENTS = f"""
SELECT state, count(*), min(state_since) AS since FROM payment
WHERE state = ANY($1::text[]) {_LIVE} GROUP BY state
"""

CARRIED_BY = """
SELECT file.name, file.sent_at FROM exchange_order AS carried
JOIN exchange_outgoing AS file ON file.biller = carried.biller AND file.name = carried.name
WHERE carried.payment = $1
"""

OPEN_CASE = f"""
WITH opened AS (
    INSERT INTO payment_case ({CASE.names}) VALUES ({CASE.parameters(1)})
    ON CONFLICT (payment, said_hash) DO NOTHING
    RETURNING id
), audited AS (
    INSERT INTO audit ({AUDIT.names}) SELECT {AUDIT.of("new")} FROM opened, {AUDIT.rows("new", 1 + len(CASE))}
)
SELECT count(*) FROM opened
"""

CLOSE_CASE = f"""
WITH closed AS (
    UPDATE payment_case SET closed_at = $2, adjustment = $3 WHERE id = $1 AND closed_at IS NULL RETURNING id
), audited AS (
    INSERT INTO audit ({AUDIT.names}) SELECT {AUDIT.parameters(4)} FROM closed
)
SELECT count(*) FROM closed
"""

ADD_AUDIT = f"INSERT INTO audit ({AUDIT.names}) VALUES ({AUDIT.parameters(1)})"
UNCOVERED_HEADS = """
SELECT id AS payment, version, chain_head AS head FROM payment WHERE covered_version <> version ORDER BY id LIMIT $1
"""

CHECKPOINT_HEADS = "SELECT payment, version, head FROM checkpoint_head WHERE checkpoint = $1 ORDER BY payment"

_HEADS = 1 + len(CHECKPOINT)

# a row that somebody else holds is not waited for: it stays uncovered, and the next checkpoint has it again
ADD_CHECKPOINT = f"""
WITH made AS (
    INSERT INTO checkpoint ({CHECKPOINT.names}) VALUES ({CHECKPOINT.parameters(1)})
    ON CONFLICT (number) DO NOTHING
    RETURNING number
), covered AS (
    INSERT INTO checkpoint_head (checkpoint, payment, version, head)
    SELECT made.number, new.* FROM made,
        unnest(${_HEADS}::text[], ${_HEADS + 1}::integer[], ${_HEADS + 2}::text[]) AS new
    RETURNING payment, version
), free AS (
    SELECT id FROM payment WHERE id = ANY(${_HEADS}::text[]) AND EXISTS (SELECT FROM made) FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE payment SET covered_version = covered.version FROM free, covered
    WHERE payment.id = free.id AND payment.id = covered.payment
)
SELECT count(*) FROM made
"""

SETTLED_PAYMENTS = f"""
SELECT * FROM payment
WHERE biller = $1 AND settled_at >= $2 AND settled_at < $3 AND state IN ({_literals(SETTLED)})
ORDER BY id
"""

PAYMENTS_OF = "SELECT * FROM payment WHERE id = ANY($2::text[]) AND biller = $1 ORDER BY id"

SAVE_RECONCILIATION = f"INSERT INTO reconciliation ({RECONCILIATION.names}) VALUES ({RECONCILIATION.parameters(1)})"

RECONCILIATIONS = f"SELECT {RECONCILIATION_HEAD.names} FROM reconciliation WHERE biller = $1 ORDER BY id DESC LIMIT $2"

LISTED_ON = """
WITH newest AS (
    SELECT DISTINCT ON (day) day, findings FROM reconciliation
    WHERE biller = $1 AND day BETWEEN $3 AND $4 AND day <> $2
    ORDER BY day, id DESC
)
SELECT finding ->> 'order_id' AS order_id, max(day) AS day
FROM newest, jsonb_array_elements(findings) AS finding
WHERE finding ->> 'order_id' = ANY($5::text[]) AND finding ->> 'amount_there' IS NOT NULL
GROUP BY 1
"""
