"""The reference bank's tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "bank_account, bank_hold, bank_entry"

STATEMENTS = (
    """
    CREATE TABLE bank_account (
        id text PRIMARY KEY CHECK (id NOT LIKE '%:%'),
        customer text NOT NULL,
        name text NOT NULL,
        position smallint NOT NULL,
        currency text NOT NULL,
        balance bigint NOT NULL CONSTRAINT bank_account_not_overdrawn CHECK (balance >= 0)
    )
    """,
    "CREATE INDEX bank_account_customer ON bank_account (customer)",
    """
    CREATE TABLE bank_hold (
        order_id text PRIMARY KEY,
        customer text NOT NULL,
        account text NOT NULL,
        biller text NOT NULL,
        amount bigint NOT NULL,
        fee bigint NOT NULL,
        currency text NOT NULL,
        state text NOT NULL CHECK (state IN ('held', 'captured', 'released')),
        expires_at timestamptz
    )
    """,
    """
    CREATE TABLE bank_entry (
        id bigserial PRIMARY KEY,
        subject text NOT NULL,
        kind text NOT NULL,
        account text NOT NULL,
        amount bigint NOT NULL,
        posted_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT bank_entry_once UNIQUE (subject, kind, account)
    )
    """,
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="bank", description=DESCRIPTION)

    async def create() -> None:
        for statement in STATEMENTS:
            await run_ddl(statement)

    manager.add_raw(create)
    return manager
