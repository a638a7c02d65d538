"""Every command in the README runs, and every file that it names is there."""

import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from fakes.forked import faturat

from faturat.settings import read_settings, write_settings
from faturat_server.settings import ServerSettings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) for line in block.splitlines() if line]


def test_the_two_commands_stand_there_first() -> None:
    assert COMMANDS[:2] == ["make run", "make test"]


@pytest.mark.parametrize("command", [command for command in COMMANDS if not command.startswith("make ")])
async def test_a_command_runs(command: str, demo_data: Path) -> None:
    """In an empty folder beside a demo's data, as a reader who did `make run` has it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FATURAT_")}
    assert command.startswith(".venv/bin/faturat ")
    said = await faturat(*shlex.split(command)[1:], environment=environment, folder=demo_data)
    assert said.code == 0, said.all


def test_the_make_targets_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for file in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"`?make ([a-z]+)", file.read_text("utf-8")):
            if target in ("it", "an", "a", "one", "two"):
                continue
            assert re.search(rf"^{target}:", makefile, re.M), f"{file.name} names make {target}"


def test_the_settings_that_are_shown_are_settings(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", TEXT, re.S)
    file = tmp_path / "faturat.toml"
    write_settings(file, tomllib.loads(shown))
    settings = read_settings(ServerSettings, {}, file)
    assert list(settings.plugins.billers) == ["oshee"]


def test_every_link_leads_somewhere() -> None:
    for file in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        prose = re.sub(r"```.*?```", "", file.read_text("utf-8"), flags=re.S)
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", prose) + re.findall(r'src="([^"]+)"', prose):
            assert (file.parent / target).exists(), f"{file.name} links to {target}"


def test_the_pictures_are_shown_and_small() -> None:
    shown = set(re.findall(r'src="docs/pictures/(\w+)\.png" width="\d+" alt="\w', TEXT))
    pictures = list((ROOT / "docs" / "pictures").iterdir())
    assert {picture.name for picture in pictures} == {f"{name}.png" for name in shown}
    assert max(picture.stat().st_size for picture in pictures) < 120_000
