"""What the host gives a plugin when it opens it: a clock, a logger and HTTP sessions, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
import structlog

from faturat.clock import Clock


@dataclass(frozen=True)
class PluginContext:
    """Handed to `open(context)`. Sessions made by `http()` are the plugin's to close in `close()`.

    They tell the gate whether a byte left for the company; a request made by other means counts as sent.
    """

    clock: Clock
    logger: structlog.stdlib.BoundLogger
    http: Callable[[], aiohttp.ClientSession]
