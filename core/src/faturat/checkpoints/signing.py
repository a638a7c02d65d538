"""Ed25519 for checkpoints (extra `faturat[checkpoints]`).

A key is 32 random bytes in hex, as `openssl rand -hex 32` makes.
"""

import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from faturat.checkpoints.types import Checkpoint, statement
from faturat.errors import StartError


class BadKey(StartError):
    """A checkpoint_key that is none; the words do not show it."""


class SigningKey:
    def __init__(self, secret: str) -> None:
        try:
            self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
        except ValueError as error:
            raise BadKey("checkpoint_key is not 32 bytes in hex. Make one: openssl rand -hex 32") from error
        self.public_key = self._key.public_key().public_bytes_raw().hex()

    def sign(self, statement: bytes) -> str:
        return self._key.sign(statement).hex()


def new_secret() -> str:
    return secrets.token_hex(32)


def is_signed(checkpoint: Checkpoint) -> bool:
    """Whether the signature of a checkpoint is that of the key beside it; who holds that key is another question."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.public_key))
        key.verify(bytes.fromhex(checkpoint.signature), statement(checkpoint))
    except (ValueError, InvalidSignature):
        return False
    return True
