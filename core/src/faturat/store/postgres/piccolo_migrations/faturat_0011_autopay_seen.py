"""What a contract's autopay left to its customer as they set it; what it leaves is told by the company's key."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0011"
VERSION = "1.38.0"
DESCRIPTION = "autopay.seen, notice.subject"

STATEMENTS = (
    "ALTER TABLE autopay ADD COLUMN seen jsonb NOT NULL DEFAULT '[]'",
    """UPDATE notice SET subject = invoice.contract || ' ' || invoice.invoice_key FROM invoice
        WHERE notice.event = 'autopay_left' AND notice.subject = invoice.id""",
)


async def change_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(change_tables)
    return manager
