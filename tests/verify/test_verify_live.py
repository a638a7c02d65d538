"""Verifying while payments go on finds nothing that is not there; and it reads batch by batch."""

import asyncio

import pytest
from fakes.site import CUSTOMER, Site

from faturat import verify


async def test_payments_that_move_meanwhile_are_no_faults(site: Site) -> None:
    """Payments, look-ups, readings, recovery and checkpoints at once, on one database with several verifiers."""
    faturat = site.faturat
    paying = asyncio.Event()
    before = await site.know()

    async def pay(worker: int) -> None:
        for number in range(12):
            await site.pay(f"live-{worker}-{number}")

    async def read() -> None:
        contracts = await faturat.contracts.of(CUSTOMER)
        while not paying.is_set():
            for contract in contracts:
                await faturat.invoices.refresh(contract)
            await faturat.run_due()
            await faturat.checkpoints.make()

    async def check() -> list[object]:
        faults: list[object] = []
        while not paying.is_set():
            report = await verify(faturat)
            faults += [*report.faults, *report.unchecked]
        return faults

    others = [asyncio.create_task(read()), *(asyncio.create_task(check()) for _ in range(2))]
    await asyncio.gather(*map(pay, range(6)))
    paying.set()
    assert await asyncio.gather(*others) == [None, [], []]

    report = await verify(faturat)
    assert report.faults == ()
    assert report.payments == len(before) + 72
    assert report.checkpoints > 2
    assert len(await faturat.payments.of(CUSTOMER)) == len(before) + 72


async def test_the_batches_are_one_after_the_other_and_progress_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    histories = site.store.histories

    async def few(after: str = "") -> list[object]:
        return await histories(after, 5)

    monkeypatch.setattr(site.store, "histories", few)
    report = await verify(site.faturat, progress=told.append)
    assert told == [5, 10, 15, 16]
    assert (report.payments, report.faults) == (16, ())
