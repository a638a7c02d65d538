"""A checkpoint, its root, and the text of it that is printed: what is on paper is what was signed. All of it is pure.

The root covers the root before it, so checkpoints are a chain too; nothing in them is personal.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
from msgspec import Struct

from faturat.errors import StartError

TITLE = "Faturat checkpoint"
NO_ROOT = "0" * 64
"""What stands for the root before the first checkpoint's."""


class Head(Struct, frozen=True):
    """The head of one payment's chain at one version."""

    payment: str
    version: int
    head: str


class Checkpoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`payments` is how many heads the root covers; key and signature are Ed25519's, all bytes in hex."""

    number: int
    made_at: datetime
    payments: int
    root: str
    previous_root: str
    public_key: str
    signature: str = ""


class Signer(Protocol):
    """Who signs checkpoints; see signing.SigningKey."""

    public_key: str

    def sign(self, statement: bytes) -> str: ...


class BadPaper(StartError):
    """A printed checkpoint that cannot be read; the words name the line and the mend."""


def make_checkpoint(before: Checkpoint | None, heads: Sequence[Head], now: datetime, signer: Signer) -> Checkpoint:
    """The checkpoint that follows `before` (None: the first one) over some heads."""
    previous = NO_ROOT if before is None else before.root
    unsigned = Checkpoint(
        number=1 if before is None else before.number + 1,
        made_at=now,
        payments=len(heads),
        root=root_of(previous, heads),
        previous_root=previous,
        public_key=signer.public_key,
    )
    return msgspec.structs.replace(unsigned, signature=signer.sign(statement(unsigned)))


def root_of(previous_root: str, heads: Sequence[Head]) -> str:
    """The hash over the root before and the heads, one line each, by payment."""
    root = hashlib.sha256(f"{previous_root}\n".encode())
    for head in sorted(heads, key=lambda head: head.payment):
        root.update(f"{head.payment} {head.version} {head.head}\n".encode())
    return root.hexdigest()


def statement(checkpoint: Checkpoint) -> bytes:
    """What is signed: the printed text without its last line."""
    return paper(checkpoint).rpartition("signature")[0].encode()


def paper(checkpoint: Checkpoint) -> str:
    """The text to print: a line for each field."""
    fields = msgspec.to_builtins(checkpoint)
    return "\n".join([TITLE, *(f"{name + ':':15}{fields[name]}" for name in fields)]) + "\n"


def read_paper(text: str) -> Checkpoint:
    """The checkpoint of a printed text, whatever spaces it was typed with; raises BadPaper."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or lines[0] != TITLE:
        raise BadPaper(
            f"this is no checkpoint: its first line is not {TITLE!r}. Name a file that has all of its lines."
        )
    fields: dict[str, str] = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        fields[name.strip()] = "".join(value.split())
    try:
        return msgspec.convert(fields, Checkpoint, strict=False)
    except msgspec.ValidationError as error:
        raise BadPaper(f"the printed checkpoint cannot be read: {error}. Compare it with the paper.") from error


Verifier = Callable[[Checkpoint], bool]
"""Whether a checkpoint's signature is its key's own."""
