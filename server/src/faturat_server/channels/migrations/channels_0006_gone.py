"""Channels that were removed because their receiver wants no more, for the customer to learn of it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0006"
VERSION = "1.38.0"
DESCRIPTION = "channel_gone"

STATEMENTS = (
    """CREATE TABLE channel_gone (
        id text COLLATE "C" PRIMARY KEY,
        customer text NOT NULL,
        kind text NOT NULL,
        address text COLLATE "C" NOT NULL,
        at timestamptz NOT NULL
    )""",
    "CREATE INDEX channel_gone_customer ON channel_gone (customer, at)",
    "CREATE INDEX channel_gone_at ON channel_gone (at)",
)


async def create_table() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="channels", description=DESCRIPTION)
    manager.add_raw(create_table)
    return manager
