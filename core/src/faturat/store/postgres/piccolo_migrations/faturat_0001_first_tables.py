"""The first tables. Ids are compared byte by byte, so that they sort by creation under every collation."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "contract, invoice, payment, payment_event, idempotency, notice, delivery"

STATEMENTS = (
    """CREATE TABLE contract (
        id text COLLATE "C" PRIMARY KEY,
        customer text NOT NULL,
        biller text NOT NULL,
        reference jsonb NOT NULL,
        reference_key text NOT NULL,
        name text NOT NULL,
        subscriber text NOT NULL,
        created_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        checked_at timestamptz,
        failures integer NOT NULL CHECK (failures >= 0),
        version integer NOT NULL CHECK (version > 0),
        removed_at timestamptz
    )""",
    """CREATE UNIQUE INDEX contract_reference ON contract (customer, biller, reference_key)
        WHERE removed_at IS NULL""",
    "CREATE INDEX contract_due ON contract (due_at) WHERE removed_at IS NULL",
    """CREATE TABLE invoice (
        id text COLLATE "C" PRIMARY KEY,
        customer text NOT NULL,
        biller text NOT NULL,
        reference jsonb NOT NULL,
        contract text COLLATE "C" REFERENCES contract,
        invoice_key text NOT NULL,
        part integer NOT NULL CHECK (part > 0),
        invoice jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'paying', 'paid', 'paid_elsewhere', 'withdrawn')),
        version integer NOT NULL CHECK (version > 0),
        read_at timestamptz NOT NULL,
        subscriber text NOT NULL
    )""",
    "CREATE UNIQUE INDEX invoice_contract ON invoice (contract, invoice_key) WHERE contract IS NOT NULL",
    "CREATE INDEX invoice_biller ON invoice (biller, invoice_key)",
    "CREATE INDEX invoice_customer ON invoice (customer, id) WHERE contract IS NOT NULL",
    "CREATE INDEX invoice_quote ON invoice (read_at) WHERE contract IS NULL",
    """CREATE TABLE payment (
        id text COLLATE "C" PRIMARY KEY,
        customer text NOT NULL,
        account text NOT NULL,
        biller text NOT NULL,
        reference jsonb NOT NULL,
        invoice_key text NOT NULL,
        part integer NOT NULL CHECK (part > 0),
        amount bigint NOT NULL CHECK (amount > 0),
        fee bigint NOT NULL CHECK (fee >= 0),
        currency text NOT NULL,
        created_at timestamptz NOT NULL,
        invoice text COLLATE "C" NOT NULL,
        quoted_total bigint NOT NULL CHECK (quoted_total > 0),
        state text NOT NULL CHECK (state IN (
            'scheduled', 'confirming', 'created', 'cancelled', 'expired', 'holding', 'held', 'declined', 'submitting',
            'settled', 'rejected', 'not_sent', 'pending', 'unknown', 'under_review', 'capturing', 'paid', 'releasing',
            'failed')),
        version integer NOT NULL CHECK (version > 0),
        state_since timestamptz NOT NULL,
        due_at timestamptz,
        expires_at timestamptz NOT NULL,
        chain_head text NOT NULL,
        reason text NOT NULL,
        reason_amount bigint,
        hold_expires_at timestamptz,
        submitted_at timestamptz,
        asked integer NOT NULL CHECK (asked >= 0),
        receipt jsonb
    )""",
    """CREATE UNIQUE INDEX payment_occupied ON payment (biller, invoice_key, part) WHERE state IN (
        'holding', 'held', 'submitting', 'settled', 'rejected', 'not_sent', 'pending', 'unknown', 'under_review',
        'capturing', 'paid', 'releasing')""",
    """CREATE UNIQUE INDEX payment_live ON payment (biller, invoice_key) WHERE state IN (
        'holding', 'held', 'submitting', 'settled', 'rejected', 'not_sent', 'pending', 'unknown', 'under_review',
        'capturing', 'releasing')""",
    "CREATE INDEX payment_due ON payment (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX payment_customer ON payment (customer, id)",
    """CREATE TABLE payment_event (
        payment text COLLATE "C" NOT NULL REFERENCES payment,
        version integer NOT NULL CHECK (version > 0),
        at timestamptz NOT NULL,
        before text NOT NULL,
        after text NOT NULL,
        reason text NOT NULL,
        evidence text NOT NULL,
        previous_hash text NOT NULL,
        hash text NOT NULL,
        PRIMARY KEY (payment, version)
    )""",
    """CREATE TABLE idempotency (
        customer text NOT NULL,
        key text NOT NULL,
        body_hash text NOT NULL,
        payment text COLLATE "C" NOT NULL REFERENCES payment,
        PRIMARY KEY (customer, key)
    )""",
    """CREATE TABLE notice (
        id text COLLATE "C" PRIMARY KEY,
        customer text NOT NULL,
        event text NOT NULL,
        invoice text COLLATE "C" NOT NULL,
        invoice_version integer NOT NULL CHECK (invoice_version > 0),
        facts jsonb NOT NULL,
        created_at timestamptz NOT NULL
    )""",
    "CREATE UNIQUE INDEX notice_event ON notice (customer, event, invoice, invoice_version)",
    "CREATE INDEX notice_customer ON notice (customer, id)",
    """CREATE TABLE delivery (
        id text COLLATE "C" PRIMARY KEY,
        channel text NOT NULL,
        hook text NOT NULL,
        subject text COLLATE "C" NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        due_at timestamptz,
        deadline timestamptz NOT NULL,
        attempts integer NOT NULL CHECK (attempts >= 0),
        done_at timestamptz CHECK (done_at IS NULL OR due_at IS NULL)
    )""",
    "CREATE UNIQUE INDEX delivery_subject ON delivery (channel, hook, subject, version)",
    "CREATE INDEX delivery_due ON delivery (due_at) WHERE due_at IS NOT NULL",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
