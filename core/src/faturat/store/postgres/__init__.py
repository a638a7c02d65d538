"""The store in PostgreSQL, by Piccolo (extra `faturat[postgres]`)."""

from faturat.store.postgres.database import Database, DatabaseUnavailable
from faturat.store.postgres.migrations import PendingMigration, SchemaError
from faturat.store.postgres.piccolo_app import APP_CONFIG as APP
from faturat.store.postgres.store import PostgresStore
from faturat.store.postgres.tables import TABLES

__all__ = ["APP", "TABLES", "Database", "DatabaseUnavailable", "PendingMigration", "PostgresStore", "SchemaError"]
