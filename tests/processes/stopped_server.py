"""A process of the herd that stops itself (SIGSTOP) at a point just before it calls a company to pay."""

import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
from fakes.preloaded import run_logged

from faturat.gate import biller as biller_gate
from faturat.gate.biller import BillerGate
from faturat.gate.call import call_plugin
from faturat.plugins.http import current_attempt

POINTS = ("before the gate", "inside the gate", "before the request")
"""Before the gate looks at the clock, after that, and when there is a connection and the request is to be written."""


class Stop:
    """Once in the life of a process."""

    def __init__(self) -> None:
        self._done = False

    def here(self) -> None:
        if not self._done:
            self._done = True
            os.kill(os.getpid(), signal.SIGSTOP)


def plant(stop: Stop, point: str) -> None:
    if point == "before the gate":
        BillerGate.pay_invoice = _stopping(stop, BillerGate.pay_invoice, lambda *_: True)
    elif point == "inside the gate":
        biller_gate.call_plugin = _stopping(stop, call_plugin, lambda _, hook, *__: hook == "pay_invoice")
    else:
        request = aiohttp.ClientRequest
        request.send = _stopping(stop, request.send, lambda asked, _: asked.body and current_attempt.get() is not None)


def _stopping(stop: Stop, call: Callable[..., Awaitable[Any]], here: Callable[..., object]) -> Callable[..., Any]:
    async def stopping(*arguments: Any) -> Any:
        if here(*arguments):
            stop.here()
        return await call(*arguments)

    return stopping


def run_stopping(command: Sequence[str], environment: dict[str, str], log: Path, point: str) -> None:
    plant(Stop(), point)
    run_logged(command, environment, log)
