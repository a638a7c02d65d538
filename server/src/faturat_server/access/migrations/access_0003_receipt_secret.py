"""The secret that the codes of receipts are made with."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "the secret 'receipt'"

STATEMENT = """INSERT INTO access_secret (name, value)
    VALUES ('receipt', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''))"""


async def add_secret() -> None:
    await run_ddl(STATEMENT)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="access", description=DESCRIPTION)
    manager.add_raw(add_secret)
    return manager
