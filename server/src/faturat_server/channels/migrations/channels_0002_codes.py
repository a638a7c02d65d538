"""The codes by which mail addresses are confirmed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "channel_code"

STATEMENTS = (
    """CREATE TABLE channel_code (
        id text COLLATE "C" PRIMARY KEY,
        customer text NOT NULL,
        address text COLLATE "C" NOT NULL,
        hash text NOT NULL,
        sent_at timestamptz NOT NULL,
        tries integer NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX channel_code_customer ON channel_code (customer, sent_at)",
    "CREATE INDEX channel_code_address ON channel_code (address, sent_at)",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="channels", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
