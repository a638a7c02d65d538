"""The tables of billers that work by files."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "exchange_turn, exchange_taken, exchange_outgoing, exchange_order, exchange_register"

STATEMENTS = (
    """CREATE TABLE exchange_turn (
        biller text PRIMARY KEY,
        fence bigint NOT NULL CHECK (fence > 0),
        due_at timestamptz NOT NULL
    )""",
    """CREATE TABLE exchange_taken (
        biller text NOT NULL,
        name text COLLATE "C" NOT NULL,
        content bytea NOT NULL,
        taken_at timestamptz NOT NULL,
        PRIMARY KEY (biller, name)
    )""",
    """CREATE TABLE exchange_outgoing (
        biller text NOT NULL,
        name text COLLATE "C" NOT NULL,
        content bytea NOT NULL,
        stored_at timestamptz NOT NULL,
        sent_at timestamptz,
        PRIMARY KEY (biller, name)
    )""",
    "CREATE INDEX exchange_unsent ON exchange_outgoing (biller) WHERE sent_at IS NULL",
    """CREATE TABLE exchange_order (
        payment text COLLATE "C" PRIMARY KEY REFERENCES payment,
        biller text NOT NULL,
        name text COLLATE "C" NOT NULL,
        FOREIGN KEY (biller, name) REFERENCES exchange_outgoing
    )""",
    "CREATE INDEX exchange_order_file ON exchange_order (biller, name)",
    """CREATE TABLE exchange_register (
        biller text NOT NULL,
        reference_key text NOT NULL,
        reference jsonb NOT NULL,
        subscriber text NOT NULL,
        as_of timestamptz NOT NULL,
        invoices jsonb NOT NULL,
        PRIMARY KEY (biller, reference_key)
    )""",
    "CREATE INDEX payment_pending ON payment (biller, id) WHERE state = 'pending'",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
