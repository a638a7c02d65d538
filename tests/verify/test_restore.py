"""A backup taken under load is restored: payments go on from where it has them, whatever was done since then."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.clock import FakeClock, copied
from fakes.file_biller import Content
from fakes.programs import run
from fakes.site import CUSTOMER, Site, open_site

from faturat import Payment, PaymentState, verify
from faturat.checkpoints.signing import SigningKey
from faturat.payments.states import BEFORE_HOLDING, TERMINAL

S = PaymentState
FreshDatabase = Callable[..., AbstractAsyncContextManager[str]]
ENDED = TERMINAL | {S.UNDER_REVIEW}


async def back_up(url: str, file: Path) -> None:
    await run("pg_dump", "--format=custom", f"--file={file}", url)


async def restore(url: str, file: Path) -> None:
    await run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", file)


@asynccontextmanager
async def load(site: Site) -> AsyncIterator[None]:
    """Payments go on, four at a time, as long as the block lasts."""
    stop = asyncio.Event()

    async def pay(worker: int) -> None:
        number = 0
        while not stop.is_set() or number < 5:
            await site.pay(f"load-{worker}-{number}")
            number += 1

    async with asyncio.TaskGroup() as tasks:
        for worker in range(4):
            tasks.create_task(pay(worker))
        yield
        stop.set()


async def end_all(site: Site) -> list[Payment]:
    """What is left to do, done: payments end, files are swapped; the payments then."""
    site.clock.advance(timedelta(minutes=1))
    while await site.faturat.run_due():
        pass
    await site.swap()
    rows = [payment async for payment, _ in site.store.all_payments()]
    outcomes = {row.id: site.files.settled(row.order) for row in rows if row.state is S.PENDING}
    site.files.booked |= {order: (row.order, outcomes[order].receipt) for row in rows if (order := row.id) in outcomes}
    site.files.offer(f"outcomes-{len(site.files.offered)}", Content(outcomes=outcomes))
    await site.settle(days=2)
    return [payment async for payment, _ in site.store.all_payments()]


def booked(site: Site) -> set[str]:
    return site.company.booked.keys() | site.files.booked.keys()


@pytest.fixture
async def snapshot(
    site_url: str, filled: tuple[str, FakeClock], signer: SigningKey, tmp_path: Path
) -> tuple[Path, FakeClock, Site]:
    """A backup under load; then everything ended on the database that is lost now: only its companies remain."""
    clock = copied(filled[1])
    async with open_site(site_url, clock, signer) as site:
        await site.know()
        async with load(site):
            await back_up(site_url, tmp_path / "backup")
        at_backup = copied(clock)
        await end_all(site)
        assert (await verify(site.faturat)).faults == ()
    return tmp_path / "backup", at_backup, site


async def test_a_backup_under_load_is_restored_and_every_payment_in_it_ends(
    snapshot: tuple[Path, FakeClock, Site], signer: SigningKey, empty_database_url: str
) -> None:
    """The bank is in the same database, so it is as old as the payments; the companies have gone on."""
    backup, clock, lost = snapshot
    await restore(empty_database_url, backup)
    at_companies, sent = booked(lost), len(lost.company.pay_calls)
    async with open_site(empty_database_url, clock, signer, like=lost) as site:
        report = await verify(site.faturat)
        assert report.faults == report.unchecked == ()
        before = {payment.id: payment async for payment, _ in site.store.all_payments()}
        assert {row.state for row in before.values()} > {S.CREATED, S.HOLDING, S.HELD, S.SUBMITTING, S.CAPTURING}
        after = await end_all(site)
        report = await verify(site.faturat)
        assert report.faults == report.unchecked == ()
        accounts = {account.id: account.available for account in await site.faturat.accounts(CUSTOMER)}
    assert {row.state for row in after} <= ENDED
    assert {row.id for row in after} == before.keys()
    assert booked(site) == at_companies, "nothing is paid that was paid before"
    again = lost.company.pay_calls[sent:]
    assert len(again) == len(set(again))
    for row in after:
        if before[row.id].state in TERMINAL:
            assert row == before[row.id]
        elif before[row.id].state in BEFORE_HOLDING:
            # never held here, so it cannot be taken now: what the company has of it only its own list tells
            assert row.state in (S.CANCELLED, S.EXPIRED)
        elif row.state is not S.UNDER_REVIEW:
            assert (row.state is S.PAID) == (row.id in at_companies), f"{before[row.id].state} became {row.state}"
    spent = sum(row.order.to_hold for row in after if row.state in (S.PAID, S.UNDER_REVIEW))
    assert accounts["demo-2"] == 250_000_00 - spent


async def test_money_of_payments_that_the_backup_does_not_have_is_found(
    snapshot: tuple[Path, FakeClock, Site], signer: SigningKey, empty_database_url: str, site_url: str
) -> None:
    """The bank has a database of its own, which was not lost: it is ahead of the payments."""
    backup, clock, lost = snapshot
    await restore(empty_database_url, backup)
    async with open_site(empty_database_url, clock, signer, bank_url=site_url, like=lost) as site:
        before = {payment.id: payment async for payment, _ in site.store.all_payments()}
        await end_all(site)
        report = await verify(site.faturat)
        found = {fault.row for fault in report.faults}
        assert {fault.invariant for fault in report.faults} == {3}
        unheard_of = booked(lost) - before.keys()
        assert unheard_of, "the load went on after the backup"
        assert unheard_of <= found
        # and of those in the backup only what it has from before money was held, and the bank has taken since then
        assert {before[row].state for row in found - unheard_of} <= BEFORE_HOLDING
        for payment_id, row in before.items():
            if row.state not in BEFORE_HOLDING and payment_id in booked(lost):
                now = await site.store.payment(payment_id)
                assert now is not None
                assert now.state is S.PAID, f"{row.state} became {now.state}"
