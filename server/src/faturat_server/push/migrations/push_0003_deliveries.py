"""The delivery log."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "push_delivery"

STATEMENTS = (
    # `target` is a device or a channel; what is left of one that was removed goes by its age
    """CREATE TABLE push_delivery (
        target text COLLATE "C" NOT NULL,
        notice text COLLATE "C" NOT NULL,
        event text NOT NULL,
        at timestamptz NOT NULL,
        failure text,
        tries integer NOT NULL DEFAULT 1,
        PRIMARY KEY (target, notice)
    )""",
    "CREATE INDEX push_delivery_newest ON push_delivery (target, at DESC)",
    "CREATE INDEX push_delivery_at ON push_delivery (at)",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="push", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
