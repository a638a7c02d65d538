"""The programs of docs/embedding.md run as they stand."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

from faturat.settings import Settings

TEXT = (Path(__file__).parents[2] / "docs" / "embedding.md").read_text("utf-8")
PROGRAM, KEEPING = re.findall(r"```python\n(.*?)```", TEXT, re.S)


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
