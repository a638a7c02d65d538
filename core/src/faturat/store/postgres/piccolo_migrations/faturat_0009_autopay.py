"""Autopay: a contract's terms, and which payments it scheduled."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0009"
VERSION = "1.38.0"
DESCRIPTION = "autopay, payment.autopay"

STATEMENTS = (
    """CREATE TABLE autopay (
        contract text COLLATE "C" PRIMARY KEY REFERENCES contract,
        customer text NOT NULL,
        account text NOT NULL,
        most_per_invoice bigint NOT NULL CHECK (most_per_invoice > 0),
        most_per_month bigint NOT NULL CHECK (most_per_month > 0),
        days_before integer NOT NULL CHECK (days_before >= 0),
        version integer NOT NULL CHECK (version > 0),
        changed_at timestamptz NOT NULL,
        due_at timestamptz
    )""",
    "CREATE INDEX autopay_due ON autopay (due_at) WHERE due_at IS NOT NULL",
    'ALTER TABLE payment ADD COLUMN autopay text COLLATE "C"',
    "CREATE INDEX payment_autopay ON payment (autopay, id) WHERE autopay IS NOT NULL",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
