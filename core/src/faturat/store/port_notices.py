"""What the services ask of a store about notices and the outbox."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from faturat.invoices.types import KnownInvoice
from faturat.notices.types import Delivery, Named, Notice


class NoticeStore(Protocol):
    async def notices(self, customer: str, before: str = "", limit: int = 100) -> list[Notice]:
        """The customer's notices, newest first."""
        ...

    async def notice(self, notice_id: str) -> Notice | None: ...

    async def names_of(self, invoice_id: str) -> Named:
        """What its customer calls an invoice or quote; both names are empty where it is no longer kept."""
        ...

    async def invoices_due(
        self, days: Sequence[date], read_before: datetime, limit: int
    ) -> list[tuple[KnownInvoice, str]]:
        """Open invoices that are due on some days, the first of which is today, each with its contract's name.

        Only those read before a moment, and without those whose customer was told so many days before already, or has
        scheduled a payment of it.
        """
        ...

    async def invoices_gone(self, since: datetime, until: datetime, limit: int) -> list[tuple[KnownInvoice, str]]:
        """Invoices found gone between two moments, each with its contract's name, without those told of already.

        What was gone when it was first read, as a contract's history, is left out.
        """
        ...

    async def add_notices(self, notices: Sequence[Notice], deliveries: Sequence[Delivery]) -> int:
        """Store notices that no change brings, once per (customer, event, subject, version), with their deliveries.

        Returns how many were new.
        """
        ...

    async def claim_deliveries(self, now: datetime, lease_until: datetime, limit: int) -> list[Delivery]:
        """Take due deliveries that are neither done nor given up; move their due_at to lease_until."""
        ...

    async def delivery_done(self, delivery_id: str, now: datetime) -> None: ...

    async def delivery_failed(self, delivery_id: str, due_at: datetime | None) -> None:
        """Count a failed attempt; `due_at` is when to try again, None: give up."""
        ...

    async def overdue_deliveries(self, now: datetime) -> list[Delivery]:
        """Deliveries past their deadline that were neither done nor given up; for the check of the invariants."""
        ...
