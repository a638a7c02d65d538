"""The tables of operators: cases of contrary evidence, and the record of what operators did."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "audit, payment_case"

STATEMENTS = (
    """CREATE TABLE audit (
        id text COLLATE "C" PRIMARY KEY,
        at timestamptz NOT NULL,
        operator text NOT NULL,
        action text NOT NULL CHECK (action IN ('asked', 'settled', 'returned', 'case_opened', 'case_closed')),
        subject text COLLATE "C" NOT NULL REFERENCES payment,
        reason text NOT NULL,
        evidence text NOT NULL
    )""",
    "CREATE INDEX audit_subject ON audit (subject, id)",
    """CREATE TABLE payment_case (
        id text COLLATE "C" PRIMARY KEY,
        payment text COLLATE "C" NOT NULL REFERENCES payment,
        source text NOT NULL CHECK (source IN ('company', 'reconciliation', 'operator')),
        state text NOT NULL,
        said text NOT NULL,
        said_hash text NOT NULL,
        opened_at timestamptz NOT NULL,
        closed_at timestamptz,
        adjustment jsonb,
        CHECK ((closed_at IS NULL) = (adjustment IS NULL)),
        UNIQUE (payment, said_hash)
    )""",
    "CREATE INDEX payment_case_open ON payment_case (id) WHERE closed_at IS NULL",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
