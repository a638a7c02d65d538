"""How often links to a bot were opened from a chat lately."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0005"
VERSION = "1.38.0"
DESCRIPTION = "channel_opening"

STATEMENTS = (
    """CREATE TABLE channel_opening (
        id bigserial PRIMARY KEY,
        chat text COLLATE "C" NOT NULL,
        at timestamptz NOT NULL
    )""",
    "CREATE INDEX channel_opening_chat ON channel_opening (chat, at)",
    "CREATE INDEX channel_opening_at ON channel_opening (at)",
)


async def create_table() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="channels", description=DESCRIPTION)
    manager.add_raw(create_table)
    return manager
