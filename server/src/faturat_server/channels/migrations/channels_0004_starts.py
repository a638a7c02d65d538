"""The codes of links to a bot: whose they are, before anybody knows of which chat."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0004"
VERSION = "1.38.0"
DESCRIPTION = "channel_code.username, channel_code.address may be null"

STATEMENTS = (
    "ALTER TABLE channel_code ADD COLUMN username text COLLATE \"C\" NOT NULL DEFAULT ''",
    "ALTER TABLE channel_code ALTER COLUMN address DROP NOT NULL",
    "CREATE INDEX channel_code_hash ON channel_code (hash)",
)


async def change_table() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="channels", description=DESCRIPTION)
    manager.add_raw(change_table)
    return manager
