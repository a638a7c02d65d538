"""Look-up and fetch of a biller that works by files: answered from the register that its files brought."""

from typing import Any

from faturat.billers import Reference, Subscriber
from faturat.errors import BillerError, UnknownReference
from faturat.hookspecs import InvoicesByReference, Relay
from faturat.store.port import Store


class RegisterRelay:
    """The relay of one such biller: its own hooks, and the two that the host answers for it."""

    def __init__(self, biller: str, relay: Relay, store: Store) -> None:
        self._biller = biller
        self._relay = relay
        self._store = store

    def __getattr__(self, hook: str) -> Any:
        return getattr(self._relay, hook)

    async def find_contract(self, reference: Reference) -> Subscriber:
        for entry in await self._store.register_entries(self._biller, [reference]):
            return Subscriber(entry.subscriber)
        raise await self._not_there()

    async def fetch_invoices(self, references: tuple[Reference, ...]) -> InvoicesByReference:
        found = {entry.reference: entry for entry in await self._store.register_entries(self._biller, references)}
        missing = await self._not_there() if len(found) < len(references) else None
        return {each: found[each].invoices if each in found else missing or UnknownReference() for each in references}

    async def _not_there(self) -> UnknownReference | BillerError:
        """Without any register nothing is known about anybody."""
        return UnknownReference() if await self._store.has_register(self._biller) else BillerError("no_register_yet")
