"""The billers' health, how often they are called, and how often a customer looks up."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0004"
VERSION = "1.38.0"
DESCRIPTION = "circuit, call_slot, look_up"

STATEMENTS = (
    """CREATE TABLE circuit (
        biller text PRIMARY KEY,
        version integer NOT NULL CHECK (version > 0),
        failures integer NOT NULL CHECK (failures >= 0),
        failing_since timestamptz,
        failed_at timestamptz,
        opened integer NOT NULL CHECK (opened >= 0),
        open_until timestamptz,
        probe_until timestamptz,
        CHECK ((failures = 0) = (failing_since IS NULL) AND (failures = 0) = (failed_at IS NULL)),
        CHECK ((opened = 0) = (open_until IS NULL)),
        CHECK (probe_until IS NULL OR open_until IS NOT NULL)
    )""",
    """CREATE TABLE call_slot (
        biller text PRIMARY KEY,
        next_at timestamptz NOT NULL
    )""",
    """CREATE TABLE look_up (
        customer text PRIMARY KEY,
        asked timestamptz[] NOT NULL CHECK (cardinality(asked) > 0)
    )""",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
