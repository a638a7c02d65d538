"""One PostgreSQL database: Piccolo's engine with its pool, one safe transaction, and the migrations."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from piccolo.conf.apps import AppConfig
from piccolo.engine.postgres import PostgresEngine
from piccolo.table import Table

from faturat.errors import StartError
from faturat.store.postgres.migrations import PendingMigration, SchemaError, pending_migrations, run_pending

_MIGRATION_LOCK = 0x66617475726174  # any number that everybody who migrates this database agrees on
_DEADLOCKS = 4
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class DatabaseUnavailable(StartError):
    """The database does not answer, or does not let us in."""


class Database:
    """An open database. Piccolo binds a table to one engine, so a process may have several with different tables."""

    def __init__(self, engine: PostgresEngine, tables: Sequence[type[Table]]) -> None:
        self.engine = engine
        self._tables = tables

    @classmethod
    async def open(cls, url: str, tables: Sequence[type[Table]] = (), *, pool_size: int = 16) -> "Database":
        """Connect to `url` (a libpq URL; Unix sockets by `?host=/folder`) and bind `tables` to it."""
        if bound := [table for table in tables if table._meta._db is not None]:
            raise RuntimeError(f"{bound[0].__name__} is bound to another database that is still open")
        engine = _Engine({"dsn": url})
        try:
            await engine.start_connection_pool(min_size=1, max_size=pool_size, init=_set_up, reset=_reset)
        except (OSError, ValueError, asyncpg.PostgresError) as error:
            raise DatabaseUnavailable(
                f"cannot open the database: {error}. Check the database URL, and that the server runs."
            ) from error
        for table in tables:
            table._meta.db = engine
        return cls(engine, tables)

    @property
    def pool(self) -> Any:
        """asyncpg's pool; raises RuntimeError once closed."""
        if self.engine.pool is None:
            raise RuntimeError("the database is closed")
        return self.engine.pool

    async def close(self) -> None:
        for table in self._tables:
            table._meta._db = None
        await self.engine.close_connection_pool()

    async def fetch(self, statement: str, *parameters: object) -> list[Any]:
        """Run one statement of our own, in the transaction that is open here, if one is.

        Alone, it is repeated where it lost a deadlock: it left nothing, and giving up would lose the evidence in it.
        """
        transaction = self.engine.current_transaction.get()
        if transaction is not None:
            return list(await transaction.connection.fetch(statement, *parameters))
        for _ in range(_DEADLOCKS):
            with suppress(asyncpg.DeadlockDetectedError):
                return list(await self.pool.fetch(statement, *parameters))
        return list(await self.pool.fetch(statement, *parameters))

    @asynccontextmanager
    async def transaction(self, isolation: str = "read_committed") -> AsyncIterator[None]:
        """A transaction for Piccolo's queries and `fetch`. One inside another is refused.

        Piccolo's own block leaks its connection, and leaves the task in a dead transaction, where COMMIT or ROLLBACK
        fails; asyncpg's blocks do not, so they do the work and Piccolo is only told the connection.
        Raises asyncpg.PostgresConnectionError where the connection was lost.
        """
        transaction = self.engine.transaction(allow_nested=False)
        with _lost_connections():
            async with self.pool.acquire() as connection, connection.transaction(isolation=isolation):
                transaction.connection = connection
                token = self.engine.current_transaction.set(transaction)
                try:
                    yield
                finally:
                    self.engine.current_transaction.reset(token)

    async def migrate(self, apps: Sequence[AppConfig]) -> list[PendingMigration]:
        """Bring the schema of some Piccolo apps to this version; of several processes at once, one does it."""
        async with self.transaction():
            await self.fetch("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK)
            return await run_pending(apps, self.fetch)

    async def pending_migrations(self, apps: Sequence[AppConfig]) -> list[PendingMigration]:
        """What `migrate` would run; raises SchemaError where the database is newer than the code."""
        return await pending_migrations(apps, self.fetch)

    async def require_schema(self, apps: Sequence[AppConfig]) -> None:
        """Raise SchemaError unless the schema is exactly this version's."""
        if pending := await pending_migrations(apps, self.fetch):
            names = ", ".join(f"{migration.app} {migration.id}" for migration in pending)
            raise SchemaError(f"the database is older than this version; run `faturat migrate`. Pending: {names}")


@contextmanager
def _lost_connections() -> Iterator[None]:
    """A block that loses its connection ends with an error that says so, like a statement does: asyncpg's blocks
    raise InterfaceError, which is also what wrong calls raise, or InternalClientError (its issue 1069).
    """
    try:
        yield
    except asyncpg.InternalClientError as error:
        raise asyncpg.ConnectionDoesNotExistError("the connection was lost") from error
    except asyncpg.InterfaceError as error:
        if "connection is closed" not in str(error):
            raise
        raise asyncpg.ConnectionDoesNotExistError("the connection was lost") from error


class _Engine(PostgresEngine):
    async def check_version(self) -> None:
        """Nothing: Piccolo would connect here, and only warn where it cannot; opening the pool says it."""


async def _set_up(connection: Any) -> None:
    """Keep naive datetimes out, whoever sends them: the driver would take them for local time."""
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", format="tuple", encoder=_microseconds, decoder=_instant
    )


async def _reset(connection: Any) -> None:
    """Spare the round trip of the pool's reset, for no session state is ever set, but let no open transaction back."""
    if connection.is_in_transaction():
        await connection.reset()


def _microseconds(value: datetime) -> tuple[int]:
    if value.tzinfo is None:
        raise ValueError(f"a datetime without a time zone: {value.isoformat()}")
    return ((value - _EPOCH) // timedelta(microseconds=1),)


def _instant(value: tuple[int]) -> datetime:
    return _EPOCH + timedelta(microseconds=value[0])
