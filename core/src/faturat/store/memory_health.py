"""The billers' health and limits, in memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from faturat.contracts.types import Contract
from faturat.health.types import Circuit


class MemoryHealth:
    """The part of the memory store that keeps circuits, slots and look-ups; nothing awaits inside."""

    _contracts: dict[str, Contract]

    def __init__(self) -> None:
        super().__init__()
        self._circuits: dict[str, Circuit] = {}
        self._next_slot: dict[str, datetime] = {}
        self._look_ups: dict[str, list[datetime]] = {}

    async def circuits(self) -> dict[str, Circuit]:
        return dict(self._circuits)

    async def move_circuit(self, circuit: Circuit) -> bool:
        stored = self._circuits.get(circuit.biller)
        if (0 if stored is None else stored.version) != circuit.version - 1:
            return False
        self._circuits[circuit.biller] = circuit
        return True

    async def take_slots(
        self, biller: str, now: datetime, latest: datetime, interval: timedelta, count: int
    ) -> datetime:
        first = max(self._next_slot.get(biller, now), now)
        if first <= latest:
            self._next_slot[biller] = first + interval * count
        return first

    async def count_look_up(self, customer: str, now: datetime, most: int, within: timedelta) -> datetime | None:
        recent = [at for at in self._look_ups.get(customer, ()) if at > now - within]
        if len(recent) >= most:
            return recent[-most] + within
        self._look_ups[customer] = [*recent, now]
        return None

    async def purge_look_ups(self, before: datetime) -> int:
        gone = [customer for customer, asked in self._look_ups.items() if asked[-1] < before]
        for customer in gone:
            del self._look_ups[customer]
        return len(gone)

    async def put_off_contracts(self, contract_ids: Sequence[str], due_at: datetime) -> None:
        for contract_id in contract_ids:
            if contract_id in self._contracts:
                self._contracts[contract_id] = replace(self._contracts[contract_id], due_at=due_at)
