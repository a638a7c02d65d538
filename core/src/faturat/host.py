"""One process on one database: the store opened, the plugins loaded, the services put together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from faturat.checkpoints.types import Signer
from faturat.clock import Clock
from faturat.engine import Faturat, open_faturat
from faturat.errors import StartError
from faturat.plugins.loading import load_plugins
from faturat.settings import Settings
from faturat.store.postgres import APP, TABLES, Database, PostgresStore


@dataclass(frozen=True)
class Host:
    faturat: Faturat
    database: Database


@asynccontextmanager
async def open_host(
    settings: Settings,
    tables: Sequence[type[Table]] = (),
    apps: Sequence[AppConfig] = (),
    clock: Clock | None = None,
) -> AsyncIterator[Host]:
    """Load the plugins, open the database and check its schema, open the plugins; closes all of it at the end.

    `tables` and `apps` are those that the caller keeps beside Faturat's own. Raises BadSettings, BadKey,
    PluginRefused, DatabaseUnavailable, SchemaError.
    """
    signer = _signer(settings.checkpoint_key)
    plugins = load_plugins(settings.plugins)
    database = await Database.open(settings.require_database(), [*TABLES, *tables], pool_size=settings.database_pool)
    try:
        await database.require_schema([APP, *apps])
        async with open_faturat(plugins, PostgresStore(database), settings.engine, clock, signer) as faturat:
            yield Host(faturat, database)
    finally:
        await database.close()


def _signer(secret: str) -> Signer | None:
    if not secret:
        return None
    try:
        from faturat.checkpoints.signing import SigningKey  # needs the extra
    except ImportError as error:
        raise StartError("checkpoint_key is set, and nothing here signs. pip install 'faturat[checkpoints]'") from error
    return SigningKey(secret)
