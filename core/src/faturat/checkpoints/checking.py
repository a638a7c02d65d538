"""The check of all checkpoints: each follows the one before, its heads give its root, and its key signed it.

That each head is still the one in its payment's chain is checked with the other rows, by Store.contradictions.
"""

from collections.abc import AsyncIterator, Sequence

import msgspec
from msgspec import Struct

from faturat.checkpoints.types import NO_ROOT, Checkpoint, Verifier, root_of
from faturat.faults import Fault
from faturat.store.port_checkpoints import CheckpointStore


class CheckpointsSeen(Struct):
    """`keys` are the public keys that signed, in the order of their first checkpoints."""

    number: int
    keys: tuple[str, ...]
    faults: list[Fault]
    unchecked: tuple[str, ...] = ()


async def check_checkpoints(
    store: CheckpointStore, paper: Checkpoint | None, trusted: Sequence[str]
) -> CheckpointsSeen:
    """Check those in the store, and one from paper against the store's; `trusted` empty: every key may sign."""
    faults: list[Fault] = []
    keys: dict[str, None] = {}
    number, root, same = 0, NO_ROOT, None
    is_signed = _verifier()
    async for checkpoint in _all(store):
        row = f"checkpoint {checkpoint.number}"
        heads = await store.checkpoint_heads(checkpoint.number)
        if checkpoint.number != number + 1:
            faults.append(Fault(9, row, f"checkpoint {number + 1} is missing before it"))
        elif checkpoint.previous_root != root:
            faults.append(Fault(9, row, "it does not follow the one before: its previous root is another"))
        if (checkpoint.payments, checkpoint.root) != (len(heads), root_of(checkpoint.previous_root, heads)):
            faults.append(Fault(9, row, "its heads do not give its root"))
        faults += _check_signature(row, checkpoint, trusted, is_signed)
        keys[checkpoint.public_key] = None
        number, root = checkpoint.number, checkpoint.root
        if paper is not None and paper.number == number:
            same = checkpoint
    if paper is not None:
        faults += _check_signature("the paper", paper, trusted, is_signed) or _compare(paper, same)
    missing = is_signed is None and (number > 0 or paper is not None)
    unchecked = ("the signatures of checkpoints: pip install 'faturat[checkpoints]'",) if missing else ()
    return CheckpointsSeen(number, tuple(keys), faults, unchecked)


async def _all(store: CheckpointStore) -> AsyncIterator[Checkpoint]:
    after = 0
    while page := await store.checkpoints(after):
        for checkpoint in page:
            yield checkpoint
        after = page[-1].number


def _verifier() -> Verifier | None:
    try:
        from faturat.checkpoints.signing import is_signed  # needs the extra
    except ImportError:
        return None
    return is_signed


def _check_signature(
    row: str, checkpoint: Checkpoint, trusted: Sequence[str], is_signed: Verifier | None
) -> list[Fault]:
    if is_signed is not None and not is_signed(checkpoint):
        return [Fault(9, row, "the signature is not that of its key: what it says was changed")]
    if trusted and checkpoint.public_key not in trusted:
        return [Fault(9, row, f"signed by {checkpoint.public_key}, which is none of the trusted keys")]
    return []


def _compare(paper: Checkpoint, stored: Checkpoint | None) -> list[Fault]:
    row = f"checkpoint {paper.number}"
    if stored is None:
        return [Fault(9, row, "the paper has it and the database has not: restored from before it, or cut short")]
    written, kept = msgspec.to_builtins(paper), msgspec.to_builtins(stored)
    other = [name for name in written if written[name] != kept[name]]
    return [Fault(9, row, f"not the one on the paper: another {', '.join(other)}")] if other else []
