"""The code on a receipt: the payment's id, and in front of it what only this server can have made of that id.

Whoever knows a payment's id, as its company does, cannot make its code. A code is checked before anything is looked up,
so that guessing costs as little as it brings.
"""

import hashlib
import hmac

SEAL = 20
"""Hexadecimal digits in front: 80 bits."""
PREFIX = "pay_"
LONGEST = 100


def code_of(secret: str, payment_id: str) -> str:
    return _seal(secret, payment_id) + payment_id.removeprefix(PREFIX)


def payment_of(secret: str, code: str) -> str | None:
    """The id of the payment that a code was made for; None for a code that was never made here."""
    typed = code.strip().lower()
    if not typed.isascii() or not SEAL < len(typed) <= LONGEST:
        return None
    payment_id = PREFIX + typed[SEAL:]
    return payment_id if hmac.compare_digest(_seal(secret, payment_id), typed[:SEAL]) else None


def _seal(secret: str, payment_id: str) -> str:
    return hmac.digest(secret.encode(), payment_id.encode(), hashlib.sha256).hex()[:SEAL]
