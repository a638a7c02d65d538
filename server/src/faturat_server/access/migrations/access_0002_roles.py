"""The role of a user: a customer of the bank, or an operator, who is no customer."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "access_user.role"

STATEMENTS = (
    """ALTER TABLE access_user
        ADD COLUMN role text NOT NULL DEFAULT 'customer' CHECK (role IN ('customer', 'operator')),
        ADD CHECK ((role = 'operator') = (customer = ''))""",
    "ALTER TABLE access_user ALTER COLUMN role DROP DEFAULT",
)


async def add_roles() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="access", description=DESCRIPTION)
    manager.add_raw(add_roles)
    return manager
