"""`faturat new`: what it refuses, what it asks, and that what it writes is whole."""

import runpy
import tomllib
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from faturat.command import main

ARGUMENTS = ["new", "durres", "--company", "UK Durrës", "--transport", "json"]
FIELD = ["--field", "contract", "Numri i kontratës", "Contract number", "D-100200"]


def run(folder: Path, *arguments: str, said: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(main, [*arguments, "--into", str(folder)], input=said)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "Durres", *FIELD], "NAME: 'Durres' cannot be an id"),
        (["new", "../durres", *FIELD], "NAME: '../durres' cannot be an id"),
        (["new", "class", *FIELD], "NAME: 'class' cannot be an id"),
        ([*ARGUMENTS[:2], "--company", 'UK "Durrës"', "--transport", "json", *FIELD], "--company: 'UK \"Durrës\"'"),
        ([*ARGUMENTS, "--field", "Contract", "K", "C", "1"], "--field ID: 'Contract' cannot be an id"),
        ([*ARGUMENTS, "--field", "contract", " ", "C", "1"], "its name in Albanian"),
        ([*ARGUMENTS, "--field", "contract", "K", "C\n", "1"], "its name in English"),
        ([*ARGUMENTS, "--field", "contract", "K", "C", "D 1"], "the example 'D 1'"),
        ([*ARGUMENTS, *FIELD, *FIELD], "two fields have one id"),
        ([*ARGUMENTS[:4], "--transport", "carrier pigeon", *FIELD], "'json', 'xml'"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path, arguments: list[str], words: str) -> None:
    code, said = run(tmp_path, *arguments)
    assert code != 0
    assert words in said
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays(tmp_path: Path) -> None:
    assert run(tmp_path, *ARGUMENTS, *FIELD)[0] == 0
    mine = tmp_path / "faturat-durres" / "README.md"
    mine.write_text("mine")
    code, said = run(tmp_path, *ARGUMENTS, *FIELD)
    assert code != 0
    assert "is there already" in said
    assert mine.read_text() == "mine"


def test_what_is_not_said_is_asked(tmp_path: Path) -> None:
    code, said = run(tmp_path, "new", "durres", said="UK Durrës\nplate\nTarga\nPlate\nAA123\nxml\n")
    assert code == 0, said
    plugin = (tmp_path / "faturat-durres" / "src" / "faturat_durres" / "plugin.py").read_text("utf-8")
    assert 'name="UK Durrës"' in plugin
    assert 'ReferenceField("plate", Text("Targa", "Plate"), HELP, "AA123")' in plugin
    assert "application/xml" in (tmp_path / "faturat-durres" / "src" / "faturat_durres" / "wire.py").read_text()


@pytest.mark.parametrize("transport", ["json", "xml"])
def test_everything_is_filled_in_and_compiles(tmp_path: Path, transport: str) -> None:
    second = ["--field", "year", "Viti", "Year", "2026"]
    arguments = [*ARGUMENTS[:4], "--transport", transport, *FIELD, *second]
    assert run(tmp_path, *arguments)[0] == 0
    folder = tmp_path / "faturat-durres"
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert len(written) >= 20
    for path in written:
        text = path.read_text("utf-8")
        assert "$" not in text, path
        if path.suffix == ".py":
            compile(text, path, "exec")
        if path.suffix == ".json":
            msgspec.json.decode(text)
    facts = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert facts["entry-points"]["faturat.billers"] == {"durres": "faturat_durres.plugin:Plugin"}
    assert "`MAGIC-11`, `2026`" in (folder / "README.md").read_text("utf-8")


@pytest.mark.parametrize("transport", ["json", "xml"])
def test_the_samples_are_messages_of_the_wire(tmp_path: Path, transport: str) -> None:
    assert run(tmp_path, *ARGUMENTS[:4], "--transport", transport, *FIELD)[0] == 0
    folder = tmp_path / "faturat-durres"
    wire = runpy.run_path(str(folder / "src" / "faturat_durres" / "wire.py"))
    for sample in sorted((folder / "samples").iterdir()):
        name = sample.stem.removesuffix("_settled").removesuffix("_refused").title().replace("_", "")
        message = wire["decode"](sample.read_bytes(), wire[name])
        assert wire["decode"](wire["encode"](message), wire[name]) == message
    listed = wire["decode"]((folder / "samples" / f"daily_list.{transport}").read_bytes(), wire["DailyList"])
    assert (listed.count, listed.total, [each.order for each in listed.payments]) == ("1", "1600.00", ["pay_1"])
    empty = wire["DailyList"](listed.day, "0", "0.00")
    assert wire["decode"](wire["encode"](empty), wire["DailyList"]) == empty
