"""The tables of access."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from faturat.store.postgres.migrations import run_ddl

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "access_user, access_session, access_attempt, access_secret"

STATEMENTS = (
    """CREATE TABLE access_user (
        username text COLLATE "C" PRIMARY KEY CHECK (username ~ '^[a-z0-9._-]{1,40}$'),
        password_hash text NOT NULL,
        customer text NOT NULL,
        language text NOT NULL CHECK (language IN ('sq', 'en')),
        created_at timestamptz NOT NULL
    )""",
    """CREATE TABLE access_session (
        token_hash text COLLATE "C" PRIMARY KEY,
        username text COLLATE "C" NOT NULL REFERENCES access_user ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('web', 'token')),
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
    )""",
    "CREATE INDEX access_session_username ON access_session (username)",
    "CREATE INDEX access_session_expires ON access_session (expires_at)",
    """CREATE TABLE access_attempt (
        id bigserial PRIMARY KEY,
        username text COLLATE "C" NOT NULL,
        source text COLLATE "C" NOT NULL,
        at timestamptz NOT NULL
    )""",
    "CREATE INDEX access_attempt_username ON access_attempt (username, at)",
    "CREATE INDEX access_attempt_source ON access_attempt (source, at)",
    "CREATE INDEX access_attempt_at ON access_attempt (at)",
    "CREATE TABLE access_secret (name text PRIMARY KEY, value text NOT NULL)",
    """INSERT INTO access_secret (name, value)
        VALUES ('csrf', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''))""",
)


async def create_tables() -> None:
    for statement in STATEMENTS:
        await run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="access", description=DESCRIPTION)
    manager.add_raw(create_tables)
    return manager
