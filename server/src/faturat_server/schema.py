"""What the server keeps in the database beside Faturat's own, for `open_host` and for `Database.migrate`."""

from faturat_server.access.piccolo_app import APP_CONFIG as ACCESS
from faturat_server.access.tables import TABLES as ACCESS_TABLES
from faturat_server.bank.piccolo_app import APP_CONFIG as BANK
from faturat_server.channels.piccolo_app import APP_CONFIG as CHANNELS
from faturat_server.channels.tables import TABLES as CHANNEL_TABLES
from faturat_server.push.piccolo_app import APP_CONFIG as PUSH
from faturat_server.push.tables import TABLES as PUSH_TABLES

__all__ = ["APPS", "TABLES"]

# the reference bank binds its tables itself, by a pool of its own, so they are not among TABLES
TABLES = [*ACCESS_TABLES, *PUSH_TABLES, *CHANNEL_TABLES]
APPS = [ACCESS, BANK, PUSH, CHANNELS]
