"""Notices and their deliveries."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct


class NoticeEvent(StrEnum):
    INVOICE_NEW = "invoice_new"


class NoticeFacts(Struct, frozen=True):
    """What a notice says, kept as data so that each channel words it in the customer's language."""

    biller_name: str
    contract_name: str
    number: str
    total: int
    currency: str
    due_on: date | None


class Notice(Struct, frozen=True, kw_only=True):
    """One message to one customer about one event; unique by (customer, event, invoice, invoice_version)."""

    id: str
    customer: str
    event: NoticeEvent
    invoice: str
    invoice_version: int
    facts: NoticeFacts
    created_at: datetime


class Delivery(Struct, frozen=True, kw_only=True):
    """One call that an observer is owed: a notice to deliver, or a change to hear of.

    `hook` names the observer's hook, `subject` what it is about (a notice, payment or invoice id), at `version`.
    It is tried until it succeeds or `deadline` passes.
    """

    id: str
    channel: str
    hook: str
    subject: str
    version: int
    due_at: datetime
    deadline: datetime
    attempts: int = 0
