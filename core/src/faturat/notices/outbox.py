"""The outbox: what observers are owed is committed with the change, and delivered afterwards, at least once."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from faturat.billers import Biller
from faturat.clock import Clock, new_id
from faturat.gate.observer import ObserverGate
from faturat.invoices.types import KnownInvoice
from faturat.notices import rules
from faturat.notices.types import Delivery, Notice
from faturat.payments.types import Payment, Plan
from faturat.store.port import Store

DEADLINE = timedelta(days=3)
"""For how long a delivery is tried."""
LEASE = timedelta(minutes=2)
AT_ONCE = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)


class Outbox:
    def __init__(self, store: Store, observers: Mapping[str, ObserverGate], clock: Clock) -> None:
        self._store = store
        self._observers = observers
        self._clock = clock

    async def owing(self, plan: Plan, biller: Biller | None) -> Plan:
        """A plan with what it owes: a notice where its customer is to hear of it, and what observers are told."""
        now = plan.event.at
        notices: tuple[Notice, ...] = ()
        if (event := rules.payment_event(plan.payment, biller, now)) is not None:
            named = await self._store.names_of(plan.payment.invoice)
            biller_name = plan.payment.order.biller if biller is None else biller.name
            notices = (rules.of_payment(event, plan.payment, named, biller_name, now),)
        deliveries = (*self.notice_deliveries(notices), *self._payment_deliveries(plan.payment, now))
        return replace(plan, notices=notices, deliveries=deliveries)

    async def still(self, payment: Payment, biller: Biller) -> None:
        """A payment stays as it is for so long that its customer is to hear of it; said once, whoever says it again."""
        now = self._clock.now()
        if (event := rules.payment_event(payment, biller, now)) is not None:
            named = await self._store.names_of(payment.invoice)
            await self.say(rules.of_payment(event, payment, named, biller.name, now))

    async def say(self, *notices: Notice) -> int:
        """Store notices that no change brings, each once, with what is owed for them; returns how many were new."""
        return await self._store.add_notices(notices, self.notice_deliveries(notices)) if notices else 0

    def notice_deliveries(self, notices: Sequence[Notice]) -> tuple[Delivery, ...]:
        return tuple(
            self._delivery(channel, "deliver_notice", notice.id, 1, notice.created_at, rules.good_until(notice))
            for notice in notices
            for channel in self._listening("deliver_notice")
        )

    def invoice_deliveries(self, rows: Sequence[KnownInvoice], now: datetime) -> tuple[Delivery, ...]:
        return tuple(
            self._delivery(channel, "invoice_changed", row.id, row.version, now)
            for row in rows
            for channel in self._listening("invoice_changed")
        )

    def _payment_deliveries(self, payment: Payment, now: datetime) -> tuple[Delivery, ...]:
        return tuple(
            self._delivery(channel, "payment_changed", payment.id, payment.version, now)
            for channel in self._listening("payment_changed")
        )

    async def deliver(self, limit: int = 100) -> int:
        """Deliver what is due; returns how many were claimed."""
        now = self._clock.now()
        claimed = await self._store.claim_deliveries(now, now + LEASE, limit)
        few = asyncio.Semaphore(AT_ONCE)

        async def deliver(delivery: Delivery) -> None:
            async with few:
                if self._clock.now() < now + LEASE:  # past it, somebody else may have it
                    await self._deliver_one(delivery)

        await asyncio.gather(*map(deliver, claimed))
        return len(claimed)

    async def _deliver_one(self, delivery: Delivery) -> None:
        observer = self._observers.get(delivery.channel)
        subject = await self._subject(delivery)
        # what is gone, as an invoice with its removed contract, leaves nothing to tell
        done = subject is None or (observer is not None and await observer.tell(delivery.hook, **subject))
        now = self._clock.now()
        if done is True:
            await self._store.delivery_done(delivery.id, now)
            return
        # an observer that names a moment gone by is not asked again at once
        again = (
            max(done, now + FIRST_WAIT)
            if done
            else now + min(FIRST_WAIT * 4 ** min(delivery.attempts, 6), LONGEST_WAIT)
        )
        await self._store.delivery_failed(delivery.id, again if again < delivery.deadline else None)

    async def _subject(self, delivery: Delivery) -> dict[str, object] | None:
        found: object
        match delivery.hook:
            case "deliver_notice":
                name, found = "notice", await self._store.notice(delivery.subject)
            case "invoice_changed":
                name, found = "invoice", await self._store.invoice(delivery.subject)
            case _:
                name, found = "payment", await self._store.payment(delivery.subject)
        return None if found is None else {name: found}

    def _listening(self, hook: str) -> list[str]:
        return [name for name, observer in self._observers.items() if hook in observer.hooks]

    @staticmethod
    def _delivery(
        channel: str, hook: str, subject: str, version: int, now: datetime, good_until: datetime | None = None
    ) -> Delivery:
        return Delivery(
            id=new_id("del", now),
            channel=channel,
            hook=hook,
            subject=subject,
            version=version,
            due_at=now,
            deadline=good_until or now + DEADLINE,
        )
