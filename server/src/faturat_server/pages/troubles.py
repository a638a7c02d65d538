"""What a customer reads of a company that does not answer, before they try."""

from collections.abc import Iterable

from msgspec import Struct

from faturat import Faturat, HealthState
from faturat.clock import time_in_albania


class Trouble(Struct, frozen=True):
    """`kind`: down, disturbed, or by_files where payments are kept for a company that is asked by files alone."""

    name: str
    kind: str
    since: str


async def trouble_with(faturat: Faturat, biller_id: str) -> Trouble | None:
    """None where the company answers, or its plugin is no longer loaded."""
    biller = faturat.billers.get(biller_id)
    health = await faturat.health.of(biller_id)
    if biller is None or health.state is HealthState.OK or health.since is None:
        return None
    by_files = biller.capabilities.exchange_every is not None
    return Trouble(
        biller.name, "by_files" if by_files else health.state.value, time_in_albania(health.since, faturat.clock.now())
    )


async def troubles_with(faturat: Faturat, billers: Iterable[str]) -> list[Trouble]:
    """Of some companies, once each."""
    found = [await trouble_with(faturat, biller) for biller in dict.fromkeys(billers)]
    return [trouble for trouble in found if trouble is not None]
