"""Push as a Piccolo app: its tables and their migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from faturat_server.push.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="push",
    migrations_folder_path=Path(__file__).parent / "migrations",
    table_classes=TABLES,
)
