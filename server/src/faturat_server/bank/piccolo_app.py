"""The reference bank as a Piccolo app: its tables and their migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from faturat_server.bank.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="bank",
    migrations_folder_path=Path(__file__).parent / "migrations",
    table_classes=TABLES,
)
