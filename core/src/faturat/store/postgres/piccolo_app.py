"""The core as a Piccolo app: its tables and its migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from faturat.store.postgres.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="faturat",
    migrations_folder_path=Path(__file__).parent / "piccolo_migrations",
    table_classes=TABLES,
)
