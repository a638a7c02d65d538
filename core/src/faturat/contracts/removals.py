"""What ends with a contract that is removed, and what comes back with it; it changes nothing."""

from collections.abc import Iterable
from datetime import timedelta

from msgspec import Struct

from faturat.clock import Clock
from faturat.contracts.service import UNDO, Removed
from faturat.contracts.types import Contract
from faturat.payments.later import FARTHEST
from faturat.payments.service import PaymentService
from faturat.payments.types import Payment, PaymentFilter, PaymentState
from faturat.store.port import Store

LONGEST_PLANNED = FARTHEST + timedelta(days=1)
"""For how long a payment may have been planned at most."""


class Ends(Struct, frozen=True):
    """What a removal ends beside the contract: its standing order, and how many planned payments."""

    standing_order: bool
    by_order: int
    """Those that the standing order planned, which it plans again where the contract is taken back."""
    single: int
    """Those that the customer planned; they do not come back, though the standing order may pay the invoices."""

    @property
    def anything(self) -> bool:
        return self.standing_order or self.by_order + self.single > 0


class Removals:
    def __init__(self, store: Store, payments: PaymentService, clock: Clock) -> None:
        self._store = store
        self._payments = payments
        self._clock = clock

    async def lately(self, customer: str, contracts: Iterable[Contract]) -> list[Removed]:
        """What this customer, who has these contracts, can take back: not what is registered again.

        Of one that was removed more than once, the last.
        """
        registered = {(each.biller, each.reference) for each in contracts}
        found = await self._store.removed_contracts(customer, self._clock.now() - UNDO)
        last = {(each.biller, each.reference): (each, since) for each, since in sorted(found, key=lambda row: row[1])}
        return [Removed(each, since + UNDO) for key, (each, since) in last.items() if key not in registered]

    async def ends_with(self, contract: Contract) -> Ends:
        """What would end, were this contract removed now."""
        invoices = [row.id for row in await self._store.known_invoices([contract.id])]
        return await self._ends(contract, (await self._payments.scheduled_of(contract.customer, invoices)).values())

    async def ended_with(self, removed: Removed) -> Ends:
        """What ended with a contract. Its invoices are gone, so its payments are found by the reference."""
        contract, since = removed.contract, removed.until - UNDO
        wanted = PaymentFilter(since=since - LONGEST_PLANNED, biller=contract.biller, states=(PaymentState.CANCELLED,))
        cancelled = await self._payments.all_of(contract.customer, wanted)
        return await self._ends(
            contract,
            [
                payment
                for payment in cancelled
                if payment.reason == "contract_removed"
                and payment.order.reference == contract.reference
                and payment.state_since >= since
            ],
        )

    async def _ends(self, contract: Contract, planned: Iterable[Payment]) -> Ends:
        autopay = await self._store.autopay(contract.id)
        by_order = [payment.autopay is not None for payment in planned]
        return Ends(autopay is not None and autopay.due_at is not None, sum(by_order), by_order.count(False))
