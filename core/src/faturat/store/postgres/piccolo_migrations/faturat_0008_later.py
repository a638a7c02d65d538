"""Payments on a later day: one is scheduled for an invoice of a customer, never two."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0008"
VERSION = "1.38.0"
DESCRIPTION = "payment_scheduled"


async def create_index() -> None:
    await run_ddl("CREATE UNIQUE INDEX payment_scheduled ON payment (invoice) WHERE state = 'scheduled'")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(create_index)
    return manager
