"""The tables of push."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "push_device, push_choice, push_sent"

STATEMENTS = (
    """CREATE TABLE push_device (
        id text COLLATE "C" PRIMARY KEY,
        customer text NOT NULL,
        username text COLLATE "C" NOT NULL,
        endpoint text COLLATE "C" NOT NULL CONSTRAINT push_device_endpoint UNIQUE,
        p256dh text NOT NULL,
        auth text NOT NULL,
        created_at timestamptz NOT NULL
    )""",
    "CREATE INDEX push_device_customer ON push_device (customer, id)",
    """CREATE TABLE push_choice (
        customer text NOT NULL,
        event text NOT NULL,
        wanted boolean NOT NULL,
        PRIMARY KEY (customer, event)
    )""",
    """CREATE TABLE push_sent (
        notice text COLLATE "C" NOT NULL,
        device text COLLATE "C" NOT NULL REFERENCES push_device ON UPDATE CASCADE ON DELETE CASCADE,
        at timestamptz NOT NULL,
        PRIMARY KEY (notice, device)
    )""",
    "CREATE INDEX push_sent_device ON push_sent (device)",
    "CREATE INDEX push_sent_at ON push_sent (at)",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="push", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
