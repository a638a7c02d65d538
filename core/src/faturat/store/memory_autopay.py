"""Autopay, in memory."""

from datetime import datetime

from msgspec.structs import replace

from faturat.autopay.types import Autopay
from faturat.payments.types import Payment, Plan


class MemoryAutopay:
    """The part of the memory store that keeps autopay; nothing awaits inside."""

    _payments: dict[str, Payment]

    def __init__(self) -> None:
        super().__init__()
        self._autopays: dict[str, Autopay] = {}

    async def autopay(self, contract_id: str) -> Autopay | None:
        return self._autopays.get(contract_id)

    async def save_autopay(self, autopay: Autopay) -> bool:
        before = self._autopays.get(autopay.contract)
        if (0 if before is None else before.version) != autopay.version - 1:
            return False
        self._autopays[autopay.contract] = autopay
        return True

    async def claim_autopays(self, now: datetime, lease_until: datetime, limit: int) -> list[Autopay]:
        due = [(row.due_at, row) for row in self._autopays.values() if row.due_at is not None and row.due_at <= now]
        due.sort(key=lambda pair: pair[0])
        claimed = [replace(row, due_at=lease_until) for _, row in due[:limit]]
        self._autopays |= {row.contract: row for row in claimed}
        return claimed

    async def autopay_payments(self, contract_id: str, limit: int) -> list[Payment]:
        found = (row for row in self._payments.values() if row.autopay == contract_id)
        return sorted(found, key=lambda row: row.id, reverse=True)[:limit]

    def _is_autopays_turn(self, plan: Plan) -> bool:
        """Whether a plan is none of autopay's, or was made of the version that autopay still has."""
        if plan.autopay_version is None:
            return True
        autopay = self._autopays.get(plan.payment.autopay or "")
        return autopay is not None and autopay.due_at is not None and autopay.version == plan.autopay_version

    def _count_autopays_turn(self, plan: Plan) -> None:
        if plan.autopay_version is not None:
            autopay = self._autopays[plan.payment.autopay or ""]
            self._autopays[autopay.contract] = replace(autopay, version=autopay.version + 1)
