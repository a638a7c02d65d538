"""The SQL that Piccolo's query builder does not say: statements that change several tables at once, and claims.

One data-modifying statement is one round trip and one atomic step. Column lists come from the Piccolo tables; several
rows travel as one array a column (`unnest`). State lists are literals, because an index on some states is only used
where the planner can see them.
"""

from faturat.invoices.types import InvoiceState
from faturat.payments.states import OCCUPYING
from faturat.store.postgres.columns import Columns, literals
from faturat.store.postgres.tables import (
    AuditRow,
    AutopayRow,
    ContractRow,
    DeliveryRow,
    IdempotencyRow,
    InvoiceRow,
    NoticeRow,
    PaymentEventRow,
    PaymentRow,
)

STAYING = (InvoiceState.PAID, InvoiceState.PAYING)
"""The states in which an invoice stays in its customer's lists though its contract is removed."""

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
AUDIT = Columns(AuditRow)
AUTOPAY = Columns(AutopayRow)


ADD_CONTRACT = f"""
WITH added AS (
    INSERT INTO contract ({CONTRACT.names}) VALUES ({CONTRACT.parameters(1)}) RETURNING id
)
INSERT INTO invoice ({INVOICE.names})
SELECT {INVOICE.of("found")} FROM added, {INVOICE.rows("found", 1 + len(CONTRACT))}
"""

# a receipt says what its invoice was: it is kept as one that was paid without a contract
DETACH_INVOICES = f"""
UPDATE invoice SET contract = NULL WHERE contract = $1 AND state NOT IN ({literals(STAYING)}) AND EXISTS (
    SELECT FROM payment WHERE payment.customer = invoice.customer AND payment.invoice = invoice.id
)
"""
RESTORE_CONTRACT = """
WITH restored AS (
    UPDATE contract SET removed_at = NULL, checked_at = NULL, due_at = $2, version = version + 1
    WHERE id = $1 AND removed_at IS NOT NULL
    RETURNING id
), planned AS (
    UPDATE autopay SET due_at = $2 FROM restored WHERE autopay.contract = restored.id AND due_at IS NOT NULL
)
SELECT id FROM restored
"""

ADD_QUOTES = f"INSERT INTO invoice ({INVOICE.names}) SELECT * FROM {INVOICE.rows('quote', 1)}"


def _after_move(first: int, *, by_operator: bool = False) -> str:
    """The rest of a plan's statement, for the payment that `moved`: event, invoice, notices, deliveries, a deed."""
    state = first + len(EVENT)
    notices = state + 1
    owed = notices + len(NOTICE)
    deed = owed + len(DELIVERY)
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
), told AS (
    INSERT INTO notice ({NOTICE.names})
    SELECT {NOTICE.of("new")} FROM moved, {NOTICE.rows("new", notices)}
    ON CONFLICT (customer, event, subject, version) DO NOTHING
    RETURNING id
), owed AS (
    INSERT INTO delivery ({DELIVERY.names})
    SELECT {DELIVERY.of("new")} FROM moved, {DELIVERY.rows("new", owed)}
    WHERE new.subject <> ALL(${notices}::text[]) OR EXISTS (SELECT FROM told WHERE told.id = new.subject)
    ON CONFLICT (channel, hook, subject, version) DO NOTHING
){audited if by_operator else ""}
SELECT count(*) FROM moved
"""


def _begin_payment(*, by_autopay: bool) -> str:
    """A payment that exists already is a race lost, not an error, and so is an autopay that has moved."""
    event = 1 + len(PAYMENT) + len(KEY)
    last = event + len(EVENT) + 1 + len(NOTICE) + len(DELIVERY)
    turn = f"""turn AS (
    UPDATE autopay SET version = version + 1
    WHERE contract = ${last}::text AND version = ${last + 1}::integer AND due_at IS NOT NULL
    RETURNING contract
), """
    return f"""
WITH {turn if by_autopay else ""}moved AS (
    INSERT INTO payment ({PAYMENT.names}) SELECT {PAYMENT.parameters(1)}{" FROM turn" if by_autopay else ""}
    ON CONFLICT (id) DO NOTHING
    RETURNING id, biller, invoice_key, part
), taken AS (
    INSERT INTO idempotency ({KEY.names})
    SELECT {KEY.of("new")} FROM moved, {KEY.rows("new", 1 + len(PAYMENT))}
), {_after_move(event)}
"""


BEGIN_PAYMENT = _begin_payment(by_autopay=False)
BEGIN_BY_AUTOPAY = _begin_payment(by_autopay=True)

SAVE_AUTOPAY = f"""
INSERT INTO autopay AS known ({AUTOPAY.names})
SELECT {AUTOPAY.of("new")} FROM (SELECT {AUTOPAY.parameters(1)}) AS new ({AUTOPAY.names})
WHERE new.version = 1 OR EXISTS (SELECT FROM autopay WHERE contract = new.contract)
ON CONFLICT (contract) DO UPDATE SET {AUTOPAY.assignments("excluded")} WHERE known.version = excluded.version - 1
RETURNING contract
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

# a division by zero where a changed invoice has moved: only an error takes back what the statement has done by then
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
    JOIN stored ON stored.id = new.subject AND stored.version = new.version
    ON CONFLICT (customer, event, subject, version) DO NOTHING
    RETURNING id
), owed AS (
    INSERT INTO delivery ({DELIVERY.names})
    SELECT {DELIVERY.of("new")} FROM {DELIVERY.rows("new", _OWED)}
    WHERE EXISTS (SELECT FROM told WHERE told.id = new.subject)
        OR EXISTS (SELECT FROM stored WHERE stored.id = new.subject AND stored.version = new.version)
    ON CONFLICT (channel, hook, subject, version) DO NOTHING
)
SELECT (SELECT count(*) FROM read) / CASE
    WHEN EXISTS (SELECT FROM read) AND (SELECT count(*) FROM changed) < cardinality(${_CHANGED}::text[]) THEN 0 ELSE 1
END AS count
"""

ADD_NOTICES = f"""
WITH told AS (
    INSERT INTO notice ({NOTICE.names}) SELECT * FROM {NOTICE.rows("new", 1)}
    ON CONFLICT (customer, event, subject, version) DO NOTHING
    RETURNING id
), owed AS (
    INSERT INTO delivery ({DELIVERY.names})
    SELECT {DELIVERY.of("new")} FROM {DELIVERY.rows("new", 1 + len(NOTICE))} JOIN told ON told.id = new.subject
    ON CONFLICT (channel, hook, subject, version) DO NOTHING
)
SELECT count(*) FROM told
"""


def _untold(event: str, version: str, where: str) -> str:
    """Invoices of contracts that are kept, of which a notice with this version was not made yet."""
    return f"""
SELECT invoice.*, contract.name AS contract_name FROM invoice JOIN contract ON contract.id = invoice.contract
WHERE {where} AND contract.removed_at IS NULL AND NOT EXISTS (
    SELECT FROM notice WHERE notice.customer = invoice.customer AND notice.event = '{event}'
        AND notice.subject = invoice.id AND notice.version = {version}
)
ORDER BY invoice.id LIMIT $3
"""


_DUE_ON = "invoice.invoice->>'due_on'"
INVOICES_DUE = _untold(
    "invoice_due",
    f"({_DUE_ON})::date - ($1::text[])[1]::date + 1",
    f"{_DUE_ON} = ANY($1::text[]) AND invoice.state = 'open' AND (invoice.version > 1 OR invoice.read_at < $2) "
    "AND NOT EXISTS (SELECT FROM payment WHERE payment.invoice = invoice.id AND payment.state = 'scheduled')",
)
INVOICES_GONE = _untold(
    "invoice_withdrawn",
    "invoice.version",
    "invoice.state IN ('withdrawn', 'paid_elsewhere') AND invoice.version > 1 "
    "AND invoice.read_at >= $1 AND invoice.read_at < $2",
)

NAMES_OF = """
SELECT coalesce(contract.name, '') AS contract, invoice.invoice->>'number' AS number
FROM invoice LEFT JOIN contract ON contract.id = invoice.contract WHERE invoice.id = $1
"""


def _claim(table: str, where: str = "", key: str = "id") -> str:
    """Take the due rows that nobody else is taking. As an array they are found once, and the rows then by their ids."""
    return f"""
UPDATE {table} SET due_at = $2 WHERE {key} = ANY(ARRAY(
    SELECT {key} FROM {table} WHERE due_at <= $1 {where} ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
))
RETURNING *
"""


CLAIM_CONTRACTS = _claim("contract", "AND removed_at IS NULL")
CLAIM_PAYMENTS = _claim("payment")
CLAIM_AUTOPAYS = _claim("autopay", key="contract")
CLAIM_DELIVERIES = _claim("delivery")

KNOWN_INVOICES = "SELECT * FROM invoice WHERE contract = ANY($1::text[]) ORDER BY id"

OCCUPIED = f"""
SELECT * FROM payment
WHERE biller = $1 AND invoice_key = ANY($2::text[]) AND state IN ({literals(OCCUPYING)})
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
