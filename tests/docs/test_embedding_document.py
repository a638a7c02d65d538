"""The programs of docs/embedding.md run as they stand."""

import asyncio
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from fakes.biller import make_invoice
from fakes.world import World

from faturat import PaymentState, PluginContext, verify
from faturat.clock import company_day
from faturat.hookspecs import ObserverSpec
from faturat.payments.later import day_of
from faturat.plugins.http import open_session
from faturat.plugins.loading import load_class
from faturat.settings import Settings

TEXT = (Path(__file__).parents[2] / "docs" / "embedding.md").read_text("utf-8")
PROGRAM, KEEPING, TELLING = re.findall(r"```python\n(.*?)```", TEXT, re.S)


def test_the_program_has_at_most_40_lines_and_names_faturat_alone() -> None:
    assert len(PROGRAM.splitlines()) <= 40
    imported = set(re.findall(r"^(?:from|import) (\w+)", PROGRAM, re.M)) - set(sys.stdlib_module_names)
    assert imported == {"faturat"}


def test_the_program_registers_fetches_and_pays(tmp_path: Path) -> None:
    program = tmp_path / "embed.py"
    program.write_text(PROGRAM, "utf-8")
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "registered: Test Test" in done.stdout
    assert "invoice: 000000001 170740 open" in done.stdout
    assert "payment: paid Receipt(" in done.stdout
    assert "faults: ()" in done.stdout


async def test_the_way_to_postgresql_runs(tmp_path: Path, postgres_url: str, empty_database_url: str) -> None:
    scope: dict[str, object] = {}
    exec(KEEPING, scope)
    from faturat import PluginChoice

    settings = Settings(database_url=empty_database_url, plugins=PluginChoice(bank={"memory": {}}))
    run = scope["run"]
    assert callable(run)
    async with asyncio.timeout(60):
        await run(settings)


async def test_what_is_arranged_is_paid_and_told_of_but_not_at_night(capsys: pytest.CaptureFixture[str]) -> None:
    scope: dict[str, Any] = {}
    exec(TELLING, scope)
    phones = load_class("phones", scope["Phones"], {}, ObserverSpec)
    world = World(observers=(phones,))
    await phones.plugin.open(PluginContext(world.clock, structlog.get_logger(), open_session))
    faturat, today = world.faturat, company_day(world.clock.now())

    async def hours(number: int) -> str:
        """What customers hear within some hours."""
        for _ in range(number):
            world.clock.advance(timedelta(hours=1))
            while await faturat.run_due():
                pass
        return capsys.readouterr().out

    made = await faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")
    planned = await scope["arrange"](faturat, "c1", made.contract.id, today + timedelta(days=2))
    assert (planned.state, day_of(planned)) == (PaymentState.SCHEDULED, today + timedelta(days=2))
    world.biller.invoices["AB12"].append(make_invoice("F2", 200_000, due_on=today + timedelta(days=30)))
    evening = await hours(13)
    assert "c1 hears: New invoice from Fake Home: invoice F2" in evening
    assert "c1 hears: Automatic payment to Fake Home: invoice F2" in evening
    world.biller.invoices["AB12"].append(make_invoice("F3", 900_000))
    assert await hours(7) == "", "until six in the morning"
    assert "c1 hears: New invoice from Fake Home: invoice F3" in await hours(2)
    assert "c1 hears: Your payment to Fake was made Home: invoice F1" in await hours(24)
    payments = {each.order.invoice_key: each.state for each in await faturat.payments.of("c1")}
    assert payments == {"F1": PaymentState.PAID, "F2": PaymentState.SCHEDULED}, "F3 is above the limit"
    assert (await verify(faturat)).faults == ()
