"""The store in PostgreSQL."""

from faturat.store.postgres.autopay import Autopays
from faturat.store.postgres.checkpoints import Checkpoints
from faturat.store.postgres.contracts import Contracts
from faturat.store.postgres.database import Database
from faturat.store.postgres.exchange import Exchange
from faturat.store.postgres.health import Health
from faturat.store.postgres.history import History
from faturat.store.postgres.operators import Operators
from faturat.store.postgres.outbox import Outbox
from faturat.store.postgres.payments import Payments
from faturat.store.postgres.readings import Readings
from faturat.store.postgres.reconciliation import Reconciliations


class PostgresStore(
    Autopays, Contracts, Payments, Exchange, Operators, Outbox, Readings, Checkpoints, Health, History, Reconciliations
):
    """The Store port on a Database whose tables.TABLES are bound. Several processes may share one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
