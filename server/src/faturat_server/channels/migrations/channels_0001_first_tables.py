"""The tables of channels."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "channel, channel_choice, channel_sent"

STATEMENTS = (
    """CREATE TABLE channel (
        id text COLLATE "C" PRIMARY KEY,
        customer text NOT NULL,
        username text COLLATE "C" NOT NULL,
        kind text NOT NULL,
        address text COLLATE "C" NOT NULL,
        secret text NOT NULL,
        created_at timestamptz NOT NULL,
        tested_at timestamptz,
        CONSTRAINT channel_once UNIQUE (customer, kind, address)
    )""",
    """CREATE TABLE channel_choice (
        channel text COLLATE "C" NOT NULL REFERENCES channel ON DELETE CASCADE,
        event text NOT NULL,
        wanted boolean NOT NULL,
        PRIMARY KEY (channel, event)
    )""",
    """CREATE TABLE channel_sent (
        notice text COLLATE "C" NOT NULL,
        channel text COLLATE "C" NOT NULL REFERENCES channel ON DELETE CASCADE,
        at timestamptz NOT NULL,
        PRIMARY KEY (notice, channel)
    )""",
    "CREATE INDEX channel_sent_channel ON channel_sent (channel)",
    "CREATE INDEX channel_sent_at ON channel_sent (at)",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="channels", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
