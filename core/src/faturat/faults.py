"""A broken invariant, as the store and the check of the invariants name it."""

from msgspec import Struct


class Fault(Struct, frozen=True):
    """One broken invariant, with its number in the design and the row that is wrong."""

    invariant: int
    row: str
    what: str

    def __str__(self) -> str:
        return f"invariant {self.invariant}: {self.row}: {self.what}"
