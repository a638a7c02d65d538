"""What a contract's autopay left to its customer as they set it; what it leaves is told by the company's key."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0011"
VERSION = "1.38.0"
DESCRIPTION = "autopay.seen, notice.subject"

STATEMENTS = (
    """UPDATE notice SET subject = invoice.contract || ' ' || invoice.invoice_key FROM invoice
        WHERE notice.event = 'autopay_left' AND notice.subject = invoice.id""",
    "ALTER TABLE autopay ADD COLUMN seen jsonb NOT NULL DEFAULT '[]'",
    # what was there as the terms were set was not told of
    """UPDATE autopay SET seen = there.seen FROM (
        SELECT autopay.contract,
            jsonb_agg(jsonb_build_array(invoice.invoice_key, (invoice.invoice ->> 'total')::bigint)) AS seen
        FROM autopay JOIN invoice ON invoice.contract = autopay.contract
        WHERE invoice.state = 'open' AND invoice.read_at <= autopay.changed_at GROUP BY autopay.contract
    ) AS there WHERE there.contract = autopay.contract""",
)


async def change_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(change_tables)
    return manager
