"""Quiet hours, and when a device was last sent a test."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "push_quiet, push_device.tested_at"

STATEMENTS = (
    """CREATE TABLE push_quiet (
        customer text PRIMARY KEY,
        begins text NOT NULL,
        ends text NOT NULL
    )""",
    "ALTER TABLE push_device ADD COLUMN tested_at timestamptz",
)


async def change_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="push", description=DESCRIPTION)
    manager.add_raw(change_tables)
    return manager
