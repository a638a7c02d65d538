"""How long the steps of a payment may take, and when a biller is asked again."""

from datetime import timedelta

from msgspec import Struct

from faturat.billers import Biller

_SECONDS = (2, 5, 15, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)
ASK_AGAIN: tuple[timedelta, ...] = tuple(timedelta(seconds=seconds) for seconds in _SECONDS)
"""When to ask a biller again for an outcome, by how often it was asked."""


class Timing(Struct, frozen=True):
    """How long things may take. A row's due_at lies one call and `margin` ahead while somebody drives it."""

    bank_call: timedelta = timedelta(seconds=10)
    biller_call: timedelta = timedelta(seconds=30)
    margin: timedelta = timedelta(seconds=5)
    window: timedelta = timedelta(minutes=10)
    """From creation to the last moment at which money may begin to move."""
    unknown_limit: timedelta = timedelta(days=1)
    """From not knowing to calling a person."""

    @property
    def lease(self) -> timedelta:
        """How long a worker that goes on with a payment may take."""
        return self.biller_call + self.bank_call * 3 + self.margin

    def longest_settlement(self, biller: Biller) -> timedelta:
        """How long a hold has to live so that it outlasts whatever the biller may still do."""
        return (biller.capabilities.settles_later or timedelta()) + self.unknown_limit
