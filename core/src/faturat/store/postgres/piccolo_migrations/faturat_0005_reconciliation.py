"""Reconciliations, and payments found by when they settled."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0005"
VERSION = "1.38.0"
DESCRIPTION = "payment.settled_at, reconciliation"

STATEMENTS = (
    "ALTER TABLE payment ADD COLUMN settled_at timestamptz",
    "UPDATE payment SET settled_at = (receipt ->> 'settled_at')::timestamptz WHERE receipt IS NOT NULL",
    "ALTER TABLE payment ADD CHECK ((settled_at IS NULL) = (receipt IS NULL))",
    "CREATE INDEX payment_settled ON payment (biller, settled_at) WHERE settled_at IS NOT NULL",
    """CREATE TABLE reconciliation (
        id text COLLATE "C" PRIMARY KEY,
        biller text NOT NULL,
        day date NOT NULL,
        made_at timestamptz NOT NULL,
        currency text NOT NULL,
        file text NOT NULL,
        sha256 text NOT NULL,
        content bytea NOT NULL,
        totals jsonb NOT NULL,
        findings jsonb NOT NULL
    )""",
    "CREATE INDEX reconciliation_biller ON reconciliation (biller, id)",
    "CREATE INDEX reconciliation_day ON reconciliation (biller, day, id)",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
