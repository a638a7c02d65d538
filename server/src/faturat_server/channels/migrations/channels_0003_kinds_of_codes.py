"""The kind of channel that a code confirms."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "channel_code.kind"


async def add_columns() -> None:
    await run_ddl("ALTER TABLE channel_code ADD COLUMN kind text NOT NULL DEFAULT 'mail'")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="channels", description=DESCRIPTION)
    manager.add_raw(add_columns)
    return manager
