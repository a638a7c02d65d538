"""Notices of more than new invoices: `subject` is what one is about, `invoice` the invoice that it leads to."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0007"
VERSION = "1.38.0"
DESCRIPTION = "notice.subject, notice.version; invoices by when they are due, and those that are gone"

STATEMENTS = (
    "ALTER TABLE notice RENAME COLUMN invoice_version TO version",
    'ALTER TABLE notice ADD COLUMN subject text COLLATE "C"',
    "UPDATE notice SET subject = invoice",
    "ALTER TABLE notice ALTER COLUMN subject SET NOT NULL",
    "DROP INDEX notice_event",
    "CREATE UNIQUE INDEX notice_event ON notice (customer, event, subject, version)",
    "CREATE INDEX invoice_due ON invoice ((invoice->>'due_on')) WHERE state = 'open' AND contract IS NOT NULL",
    """CREATE INDEX invoice_gone ON invoice (read_at)
        WHERE state IN ('withdrawn', 'paid_elsewhere') AND contract IS NOT NULL AND version > 1""",
)


async def change_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(change_tables)
    return manager
