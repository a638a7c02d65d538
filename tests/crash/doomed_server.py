"""`faturat serve` as a process that kills itself with SIGKILL at one point of a payment or of a registration.

The points are not listed anywhere: before and after each commit and each plugin call while a payment is driven or a
contract registered, counted as they are passed, and written to a file.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from faturat.clock import SystemClock
from faturat.contracts.service import ContractService
from faturat.gate import bank as bank_gate
from faturat.gate import biller as biller_gate
from faturat.gate.call import call_plugin
from faturat.host import open_host
from faturat.payments.service import PaymentService
from faturat.settings import read_settings
from faturat.store.postgres import PostgresStore
from faturat_server.logs import configure_logs
from faturat_server.schema import APPS, TABLES
from faturat_server.serving import serve, stop_signals
from faturat_server.settings import ServerSettings

armed: ContextVar[bool] = ContextVar("armed", default=False)


class ClockAhead(SystemClock):
    def __init__(self, hours: float) -> None:
        self._ahead = timedelta(hours=hours)

    def now(self) -> datetime:
        return super().now() + self._ahead


class Points:
    def __init__(self, trace: Path, deadly: int) -> None:
        self._trace = trace
        self._deadly = deadly
        self._passed = 0

    def reach(self, name: str) -> None:
        if not armed.get():
            return
        self._passed += 1
        with self._trace.open("a") as trace:
            trace.write(f"{name}\n")
        if self._passed == self._deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: Callable[..., str], call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def doomed(*arguments: Any) -> Any:
            self.reach(f"before {name(*arguments)}")
            try:
                return await call(*arguments)
            finally:
                self.reach(f"after {name(*arguments)}")

        return doomed


def arm(service: type, name: str) -> None:
    """Points count while this method of a service runs."""
    call = getattr(service, name)

    async def arming(*arguments: Any) -> Any:
        token = armed.set(True)
        try:
            return await call(*arguments)
        finally:
            armed.reset(token)

    setattr(service, name, arming)


def plant(points: Points) -> None:
    call = points.around(lambda plugin, hook, *_: hook, call_plugin)
    bank_gate.call_plugin = biller_gate.call_plugin = call
    commit = points.around(lambda _, plan: f"commit of {plan.payment.state}", PostgresStore.commit)
    PostgresStore.commit = commit
    PostgresStore.add_contract = points.around(lambda *_: "commit of the contract", PostgresStore.add_contract)
    arm(PaymentService, "pay_by_key")
    arm(PaymentService, "recover")
    arm(ContractService, "register")


async def main(settings_file: Path, trace: Path, deadly: int, ahead: float) -> None:
    configure_logs()
    plant(Points(trace, deadly))
    settings = read_settings(ServerSettings, {}, settings_file)
    stop = stop_signals()
    async with open_host(settings, TABLES, APPS, ClockAhead(ahead)) as host:
        await serve(host, settings, stop, lambda: None, worker=True)


def run(settings_file: Path, trace: Path, deadly: int, ahead: float) -> None:
    """What a new process runs; its log goes beside the trace."""
    log = os.open(f"{trace}.log", os.O_CREAT | os.O_WRONLY)
    os.dup2(log, 2)
    asyncio.run(main(settings_file, trace, deadly, ahead))
