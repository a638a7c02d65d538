"""What is kept of the billers' health, of how often they are called, and of how often a customer looks up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from faturat.health.types import Circuit


class HealthStore(Protocol):
    async def circuits(self) -> dict[str, Circuit]:
        """What is known of each biller, by id; of one that never failed there may be nothing."""
        ...

    async def move_circuit(self, circuit: Circuit) -> bool:
        """Store a circuit; False where the stored one is no longer one version below it."""
        ...

    async def take_slots(
        self, biller: str, now: datetime, latest: datetime, interval: timedelta, count: int
    ) -> datetime:
        """Take the next `count` slots, `interval` apart, none of them past: the first, where it is not after `latest`.

        A later moment is the first free slot, and nothing was taken.
        """
        ...

    async def count_look_up(self, customer: str, now: datetime, most: int, within: timedelta) -> datetime | None:
        """Count a look-up, of at most so many within that time. Where they are used up: when the next one is free."""
        ...

    async def purge_look_ups(self, before: datetime) -> int:
        """Forget the customers who last looked up before a moment; returns how many."""
        ...

    async def put_off_contracts(self, contract_ids: Sequence[str], due_at: datetime) -> None:
        """Let claimed contracts come due at another moment. Like a claim, it does not change their version."""
        ...
