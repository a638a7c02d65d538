"""The worker: each kind of durable work has a loop of its own, so that a silent company keeps no payment waiting.

So has each company that swaps files: one swap may take many minutes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from faturat.engine import Faturat
from faturat.logs import log_failure

IDLE = 1.0
"""Seconds between two looks for work when there is none."""
PURGE_EVERY = timedelta(minutes=10)


async def work(faturat: Faturat, stop: asyncio.Event) -> None:
    """Run until `stop` is set; what fails is logged and tried again, for its row comes due again."""
    async with asyncio.TaskGroup() as loops:
        passes = (
            faturat.payments.recover,
            faturat.invoices.sweep,
            faturat.autopay.run,
            faturat.reminders.run,
            faturat.outbox.deliver,
            _purge(faturat),
            faturat.checkpoints.run,
        )
        for one_pass in (*passes, *faturat.exchange.passes()):
            loops.create_task(_repeat(one_pass, stop))


async def _repeat(one_pass: Callable[[], Awaitable[int]], stop: asyncio.Event) -> None:
    while not stop.is_set():
        done = 0
        try:
            done = await one_pass()
        except Exception as error:
            log_failure("worker_pass_failed", error)
        if done == 0:
            try:
                await asyncio.wait_for(stop.wait(), IDLE)
            except TimeoutError:
                continue


def _purge(faturat: Faturat) -> Callable[[], Awaitable[int]]:
    """A pass that deletes old quotes now and then, and never has more to do at once."""
    next_at = faturat.clock.now()

    async def one_pass() -> int:
        nonlocal next_at
        if faturat.clock.now() >= next_at:
            next_at = faturat.clock.now() + PURGE_EVERY
            await faturat.invoices.purge_quotes()
        return 0

    return one_pass
