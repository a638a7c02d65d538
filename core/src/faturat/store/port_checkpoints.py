"""What checkpoints and the check of the invariants ask of a store."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from faturat.checkpoints.types import Checkpoint, Head
from faturat.faults import Fault
from faturat.payments.types import Payment, PaymentEvent


class History(Struct, frozen=True):
    """A payment as its row and its events stand at one moment; without `payment` the row cannot be read."""

    id: str
    payment: Payment | None
    events: tuple[PaymentEvent, ...]


class CheckpointStore(Protocol):
    async def uncovered_heads(self, limit: int) -> list[Head]:
        """Heads that no checkpoint covers, by payment, all as of one moment."""
        ...

    async def add_checkpoint(self, checkpoint: Checkpoint, heads: Sequence[Head]) -> bool:
        """Store a checkpoint with the heads that it covers; False, and nothing stored, where its number is taken.

        A payment that moved since its head was read stays uncovered, so that the next checkpoint covers it again.
        """
        ...

    async def newest_checkpoint(self) -> Checkpoint | None: ...

    async def checkpoints(self, after: int = 0, limit: int = 100) -> list[Checkpoint]:
        """Checkpoints by number, those above `after`."""
        ...

    async def checkpoint_heads(self, number: int) -> list[Head]: ...

    async def histories(self, after: str = "", limit: int = 500) -> list[History]:
        """Payments with their events, oldest first, all of one moment; `after` is the last id of the batch before."""
        ...

    async def missing_payments(self, payment_ids: Sequence[str]) -> set[str]:
        """Which of some ids no payment has."""
        ...

    async def contradictions(self) -> list[Fault]:
        """What rows say against each other, each kind as of one moment, at most some hundred faults of a kind."""
        ...
