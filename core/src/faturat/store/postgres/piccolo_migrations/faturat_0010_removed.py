"""Contracts that were removed a while ago, by their customer."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0010"
VERSION = "1.38.0"
DESCRIPTION = "contract_removed"


async def create_index() -> None:
    await run_ddl("CREATE INDEX contract_removed ON contract (customer, removed_at) WHERE removed_at IS NOT NULL")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(create_index)
    return manager
