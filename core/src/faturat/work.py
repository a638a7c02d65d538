"""The worker: goes through durable work as long as there is any, then looks again after a short while."""

import asyncio

import structlog

from faturat.engine import Faturat

log = structlog.stdlib.get_logger()

IDLE = 1.0
"""Seconds between two looks for work when there is none."""


async def work(faturat: Faturat, stop: asyncio.Event) -> None:
    """Run until `stop` is set; what fails is logged and tried again, for its row comes due again."""
    while not stop.is_set():
        done = 0
        try:
            done = await faturat.run_due()
        except Exception:
            log.exception("worker_pass_failed")
        if done == 0:
            try:
                await asyncio.wait_for(stop.wait(), IDLE)
            except TimeoutError:
                continue
