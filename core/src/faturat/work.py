"""The worker: goes through durable work as long as there is any, then looks again after a short while."""

import asyncio
from datetime import timedelta

import structlog

from faturat.engine import Faturat

log = structlog.stdlib.get_logger()

IDLE = 1.0
"""Seconds between two looks for work when there is none."""
PURGE_EVERY = timedelta(minutes=10)


async def work(faturat: Faturat, stop: asyncio.Event) -> None:
    """Run until `stop` is set; what fails is logged and tried again, for its row comes due again."""
    purge_at = faturat.clock.now()
    while not stop.is_set():
        done = 0
        try:
            done = await faturat.run_due()
            if faturat.clock.now() >= purge_at:
                purge_at = faturat.clock.now() + PURGE_EVERY
                await faturat.invoices.purge_quotes()
        except Exception:
            log.exception("worker_pass_failed")
        if done == 0:
            try:
                await asyncio.wait_for(stop.wait(), IDLE)
            except TimeoutError:
                continue
