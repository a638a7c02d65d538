"""Running the Piccolo migrations of several apps, forwards only, without a piccolo_conf.

A migration is a Piccolo migration file whose manager has `add_raw` functions; they call `run_ddl`, one statement a
call. All that is pending runs in one transaction: a migration that fails leaves the schema as it was.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from importlib.util import module_from_spec, spec_from_file_location
from inspect import isawaitable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from piccolo.conf.apps import AppConfig

from faturat.errors import StartError

Fetch: TypeAlias = Callable[..., Awaitable[list[Any]]]
"""`Database.fetch`."""

_fetch: ContextVar[Fetch] = ContextVar("migrating")

# the same table as Piccolo's own, so that its command line reads it too
_RECORD = """
CREATE TABLE IF NOT EXISTS migration (
    id serial PRIMARY KEY,
    name varchar(200) NOT NULL,
    app_name varchar(200) NOT NULL,
    ran_on timestamp NOT NULL DEFAULT now(),
    CONSTRAINT migration_once UNIQUE (app_name, name)
)
"""


class PendingMigration(NamedTuple):
    app: str
    id: str


class SchemaError(StartError):
    """The database's schema is not the one that this version of the code works with."""


async def run_ddl(statement: str) -> None:
    """Run one statement of the migration under way."""
    await _fetch.get()(statement)


async def pending_migrations(apps: Sequence[AppConfig], fetch: Fetch) -> list[PendingMigration]:
    """What has not run yet; raises SchemaError where something ran that this code does not know."""
    [record] = await fetch("SELECT to_regclass('migration') IS NOT NULL AS exists")
    rows = await fetch("SELECT app_name, name FROM migration") if record["exists"] else []
    pending: list[PendingMigration] = []
    for app in apps:
        applied = {row["name"] for row in rows if row["app_name"] == app.app_name}
        known = _modules(app).keys()
        if newer := applied - known:
            raise SchemaError(
                f"the database is newer than this version of {app.app_name}: it has the migrations "
                f"{', '.join(sorted(newer))}, which this version does not know. Install the version that made them."
            )
        pending += [PendingMigration(app.app_name, migration) for migration in sorted(known - applied)]
    return pending


async def run_pending(apps: Sequence[AppConfig], fetch: Fetch) -> list[PendingMigration]:
    """Run what is pending, in a transaction of the caller's; returns what was run."""
    await fetch(_RECORD)
    pending = await pending_migrations(apps, fetch)
    modules = {app.app_name: _modules(app) for app in apps}
    token = _fetch.set(fetch)
    try:
        for migration in pending:
            manager = await modules[migration.app][migration.id].forwards()
            if not manager.raw:
                raise SchemaError(f"migration {migration.id} of {migration.app} does nothing: use manager.add_raw")
            for function in manager.raw:
                result = function()
                if isawaitable(result):
                    await result
            await fetch("INSERT INTO migration (app_name, name) VALUES ($1, $2)", *migration)
    finally:
        _fetch.reset(token)
    return pending


def _modules(app: AppConfig) -> dict[str, Any]:
    """An app's migration modules by their ID. Piccolo's own loader would put every folder on sys.path."""
    modules: dict[str, Any] = {}
    for path in sorted(Path(app.resolved_migrations_folder_path).glob("*.py")):
        spec = spec_from_file_location(f"{app.app_name}_migrations.{path.stem}", path)
        if spec is None or spec.loader is None:
            raise SchemaError(f"{path.name} of {app.app_name} cannot be read as a migration")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        if hasattr(module, "ID"):
            modules[module.ID] = module
    return modules
