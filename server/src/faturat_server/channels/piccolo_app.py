"""Channels as a Piccolo app: their tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from faturat_server.channels.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="channels",
    migrations_folder_path=Path(__file__).parent / "migrations",
    table_classes=TABLES,
)
