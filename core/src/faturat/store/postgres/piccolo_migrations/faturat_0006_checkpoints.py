"""Checkpoints. `covered_version` is that of the newest head of a payment that a checkpoint covers.

A checkpoint's heads do not refer to the payments: they are to outlive one that somebody deletes.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0006"
VERSION = "1.38.0"
DESCRIPTION = "checkpoint, checkpoint_head, payment.covered_version"

STATEMENTS = (
    "ALTER TABLE payment ADD COLUMN covered_version integer NOT NULL DEFAULT 0",
    "CREATE INDEX payment_uncovered ON payment (id) WHERE covered_version <> version",
    """CREATE TABLE checkpoint (
        number integer PRIMARY KEY CHECK (number > 0),
        made_at timestamptz NOT NULL,
        payments integer NOT NULL CHECK (payments > 0),
        root text NOT NULL,
        previous_root text NOT NULL,
        public_key text NOT NULL,
        signature text NOT NULL
    )""",
    """CREATE TABLE checkpoint_head (
        checkpoint integer NOT NULL REFERENCES checkpoint,
        payment text COLLATE "C" NOT NULL,
        version integer NOT NULL,
        head text NOT NULL,
        PRIMARY KEY (checkpoint, payment)
    )""",
    "CREATE INDEX checkpoint_head_payment ON checkpoint_head (payment, version)",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="faturat", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
