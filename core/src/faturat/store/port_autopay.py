"""What the services ask of a store about autopay."""

from datetime import datetime
from typing import Protocol

from faturat.autopay.types import Autopay
from faturat.payments.types import Payment


class AutopayStore(Protocol):
    async def autopay(self, contract_id: str) -> Autopay | None:
        """A contract's autopay, also one that is stopped."""
        ...

    async def save_autopay(self, autopay: Autopay) -> bool:
        """Store what it is after a change; False where the row is not one version below (1: there is none yet)."""
        ...

    async def claim_autopays(self, now: datetime, lease_until: datetime, limit: int) -> list[Autopay]:
        """Take those due and move their due_at to lease_until, each to one claimer. The version stays."""
        ...

    async def autopay_payments(self, contract_id: str, limit: int) -> list[Payment]:
        """The newest payments that a contract's autopay scheduled, whatever became of them, newest first."""
        ...
