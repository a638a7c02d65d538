"""The hash chain of a payment's events: each covers its own facts and the one before. Nothing in it is personal."""

import hashlib
from datetime import datetime

import msgspec

from faturat.payments.types import Order, PaymentEvent


def event_hash(event: PaymentEvent) -> str:
    """The hash of an event over its own facts and the hash before it, whatever its `hash` says."""
    bare = msgspec.structs.replace(event, hash="")
    return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()


def new_event(
    payment: str, version: int, at: datetime, before: str, after: str, previous: str, **facts: str
) -> PaymentEvent:
    """The next event of a payment; `facts` are reason and evidence."""
    event = PaymentEvent(
        payment=payment,
        version=version,
        at=at,
        before=before,
        after=after,
        reason=facts.get("reason", ""),
        evidence=facts.get("evidence", ""),
        previous_hash=previous,
        hash="",
    )
    return msgspec.structs.replace(event, hash=event_hash(event))


def order_evidence(order: Order, quoted_total: int) -> str:
    """What the first event says: amounts, the total seen, and a hash of the whole order, its random id included."""
    whole = hashlib.sha256(msgspec.json.encode(order)).hexdigest()
    return f"amount={order.amount} fee={order.fee} total={quoted_total} order={whole}"
