"""What reconciliation asks of a store."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from faturat.payments.types import Payment
from faturat.reconciliation.types import Reconciliation, ReconciliationHead

FAR = timedelta(days=62)
"""The longest settlement of a biller, and a person's time to decide."""


class ReconciliationStore(Protocol):
    async def settled_payments(self, biller: str, begin: datetime, end: datetime) -> list[Payment]:
        """The payments of a biller that are settled (settled, capturing or paid, or under review with a receipt), and
        whose receipt says that they settled from `begin` on and before `end`; by id.
        """
        ...

    async def payments_of(self, biller: str, ids: Sequence[str]) -> list[Payment]:
        """Those of some payments that are there and of this biller; by id."""
        ...

    async def save_reconciliation(self, made: Reconciliation) -> None: ...

    async def reconciliations(self, biller: str, limit: int) -> list[ReconciliationHead]:
        """The newest first."""
        ...

    async def reconciliation(self, reconciliation_id: str) -> Reconciliation | None: ...

    async def listed_on(self, biller: str, day: date, order_ids: Sequence[str]) -> dict[str, date]:
        """By order id, the last other day whose newest reconciliation found it in the biller's statement.

        Days further away than FAR are not looked at.
        """
        ...
