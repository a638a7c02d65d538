"""What the host gives a plugin when it opens it: a clock, a logger and HTTP sessions, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
import structlog

from faturat.clock import Clock


@dataclass(frozen=True)
class PluginContext:
    """Handed to `open(context)`. Sessions made by `http()` are the plugin's to close in `close()`.

    They tell the gate whether a byte left for the company, and hold back what a payment's call would send after its
    time, as when the process was paused. A plugin that sends an order by any other means must not let an
    aiohttp.ClientConnectorError out of pay_invoice: the gate takes it for "nothing was sent".
    """

    clock: Clock
    logger: structlog.stdlib.BoundLogger
    http: Callable[[], aiohttp.ClientSession]
