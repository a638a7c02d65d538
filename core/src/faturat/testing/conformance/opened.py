"""A plugin object as the host has it: loaded, with what open() is given, and behind its gate."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import msgspec
import structlog

from faturat.gate.biller import BillerGate
from faturat.hookspecs import Relay
from faturat.plugins.context import PluginContext
from faturat.plugins.http import open_session
from faturat.plugins.loading import LoadedPlugin
from faturat.testing.conformance.subject import HandClock

SHORTEST_DEADLINE = 2.0
"""Seconds that the gate waits at least."""


class Opened:
    """`sessions` are those made by context.http(). timeout: in seconds; the gate waits twice as long."""

    def __init__(self, loaded: LoadedPlugin, clock: HandClock, timeout: float) -> None:
        assert loaded.biller is not None, "it is loaded as a biller"
        self.loaded = loaded
        self.biller = loaded.biller
        deadline = timedelta(seconds=max(2 * timeout, SHORTEST_DEADLINE))
        self.gate = BillerGate(loaded.biller, loaded.relay, clock, deadline, deadline)
        self.sessions: list[aiohttp.ClientSession] = []
        self._context = PluginContext(clock, structlog.stdlib.get_logger().bind(plugin=loaded.name), self._http)
        self._is_open = False

    @property
    def relay(self) -> Relay:
        """Reaches the plugin's hooks without the gate."""
        return self.loaded.relay

    async def open(self) -> None:
        """Open it, for the first time or again."""
        await self.loaded.plugin.open(self._context)
        self._is_open = True

    async def close(self) -> None:
        """Close it, unless it is closed."""
        if self._is_open:
            self._is_open = False
            await self.loaded.plugin.close()

    def _http(self) -> aiohttp.ClientSession:
        self.sessions.append(open_session())
        return self.sessions[-1]


def timeout_setting(kind: type[Any], settings: Mapping[str, object], seconds: float) -> dict[str, object]:
    """The setting `timeout`, where these settings have one that takes so many seconds, or one second; else none."""
    if "timeout" in kind.__struct_fields__:
        for candidate in (seconds, 1.0):
            try:
                msgspec.convert({**settings, "timeout": candidate}, kind, strict=False)
            except msgspec.ValidationError:
                continue
            return {"timeout": candidate}
    return {}
