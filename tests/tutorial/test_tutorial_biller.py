"""docs/tutorial-biller.md: every command runs in an empty folder; the company it made is paid through the pages."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "tutorial-biller.md").read_text("utf-8")
COMMANDS = re.findall(r"```sh\n(.*?)```", TEXT, re.S)
PLUGIN = Path("faturat-durres/src/faturat_durres")
PATIENCE = 120


@pytest.fixture(scope="module")
def empty() -> Iterator[tuple[Path, dict[str, str]]]:
    """An empty folder, and an environment of its own that sees what is installed here and installs nothing into it."""
    with tempfile.TemporaryDirectory(prefix="fat-") as name:  # short, for the database's socket
        folder = Path(name)
        venv.create(folder / "venv")
        site = next((folder / "venv" / "lib").glob("python*")) / "site-packages"
        (site / "project.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
        programs = folder / "venv" / "bin"
        for program, module in {"pip": "pip", "pytest": "pytest", "faturat": "faturat.command"}.items():
            (programs / program).write_text(f'#!/bin/sh\nexec {programs / "python"} -m {module} "$@"\n')
            (programs / program).chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FATURAT_", "PYTEST_"))}
        offline = {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1", "PIP_QUIET": "1", "COLUMNS": "120"}
        path = f"{programs}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        work = folder / "work"
        work.mkdir()
        yield work, kept | offline | {"PATH": path}


def run(commands: str, empty: tuple[Path, dict[str, str]]) -> None:
    folder, environment = empty
    done = subprocess.run(
        ["bash", "-e", "-c", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"


def test_every_command_of_the_page_runs(empty: tuple[Path, dict[str, str]]) -> None:
    folder, _ = empty
    for block in COMMANDS:
        run(block, empty)
    code = [(folder / PLUGIN / name).read_text("utf-8").splitlines() for name in ("plugin.py", "mapping.py")]
    assert sum(map(len, code)) <= 80


@pytest.mark.soak
def test_a_company_that_speaks_xml_by_two_fields_passes_at_once(empty: tuple[Path, dict[str, str]]) -> None:
    """The other transport, as `faturat new` writes it; taken away again, for the demo below plays what is installed."""
    run(
        "faturat new vlora_gas --company 'Gazi i Vlorës' --transport xml"
        " --field contract 'Numri i kontratës' 'Contract number' V-1 --field area Zona Area Z9"
        " && pip install -e faturat-vlora-gas && faturat check faturat-vlora-gas && pip uninstall -y faturat-vlora-gas",
        empty,
    )


@asynccontextmanager
async def demo(folder: Path, environment: dict[str, str], port: int) -> AsyncIterator[None]:
    command = ["faturat", "demo", "--data", str(folder / "demo"), "--port", str(port)]
    found = shutil.which("faturat", path=environment["PATH"])
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        found, *command[1:], cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            while b"Ctrl-C" not in (line := await process.stdout.readline()):
                assert line, "the demo ended"
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), PATIENCE)


@pytest.mark.browser
async def test_the_new_company_is_paid_through_the_demos_pages(
    empty: tuple[Path, dict[str, str]], unused_tcp_port: int, browser: Browser
) -> None:
    """After the commands above, with not a line of core or server changed."""
    folder, environment = empty
    async with demo(folder, environment, unused_tcp_port):
        page = await browser.new_page(base_url=f"http://127.0.0.1:{unused_tcp_port}", locale="sq-AL")
        await page.goto("/hyr")
        await page.locator("#emri").fill("demo")
        await page.locator("#fjalekalimi").fill("faturat-demo")
        await page.locator("main button").click()
        await page.wait_for_url("**/faturat")
        await page.goto("/faturat/regjistro")
        await page.get_by_label("UK Durrës").check()
        await page.get_by_role("button", name="Vazhdo").click()
        await page.get_by_label("Numri i kontratës").fill("D-100200")
        await page.get_by_label("Emri").fill("Shtëpia")
        await page.get_by_role("button", name="Vazhdo").click()
        await page.get_by_text("Regjistrimi është krijuar").wait_for()
        await page.goto("/faturat/kompania/durres")
        await page.get_by_role("link", name="Paguaj faturën 000000001").click()
        await page.get_by_label("Llogaria e kursimeve").check()
        await page.get_by_role("button", name="Paguaj").click()
        await page.locator("main form button").click()
        await page.get_by_role("heading", name="Pagesa u krye").wait_for()
        await page.close()
