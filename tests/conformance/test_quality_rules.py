"""Every rule about a distribution finds what breaks it, in a copy of a plugin that keeps all of them."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path

import msgspec
import pytest

from faturat.testing.checking import source_of
from faturat.testing.conformance import Bench, CheckFailed, DoesNotApply, find_subject
from faturat.testing.quality import RULES, Source

OSHEE = Path(__file__).parents[2] / "plugins" / "oshee"
Break = Callable[[Source], Source | None]


@pytest.fixture(scope="module")
def oshee() -> Source:
    with Bench(find_subject("faturat-oshee")) as bench:
        return source_of(distribution("faturat-oshee"), OSHEE, bench)


@pytest.fixture
def source(oshee: Source, tmp_path: Path) -> Source:
    """OSHEE's distribution in a folder that may be changed."""
    shutil.copytree(OSHEE, tmp_path / "oshee")
    return replace(oshee, folder=tmp_path / "oshee", package=tmp_path / "oshee" / "src" / "faturat_oshee")


def without(path: str) -> Break:
    def remove(source: Source) -> None:
        place = source.folder / path
        shutil.rmtree(place) if place.is_dir() else place.unlink()

    return remove


def writing(path: str, pattern: str, words: str) -> Break:
    """Replace what matches in a file; an empty pattern puts the words at its end."""

    def write(source: Source) -> None:
        file = source.folder / path
        text = file.read_text("utf-8")
        changed = re.sub(pattern, words, text) if pattern else text + words
        assert changed != text
        file.write_text(changed, "utf-8")

    return write


def calling_itself_otherwise(source: Source) -> Source:
    return replace(source, biller=msgspec.structs.replace(source.biller, id="other"))


PACKAGE = "src/faturat_oshee"
BREAKS: list[tuple[str, Break, str]] = [
    ("the_files_are_there", without(f"{PACKAGE}/wire.py"), "wire.py"),
    ("the_files_are_there", without("MAPPINGS.md"), "MAPPINGS.md"),
    ("there_are_samples", without("samples"), "samples/"),
    ("it_is_typed", without(f"{PACKAGE}/py.typed"), "py.typed"),
    ("entry_points_are_named_by_the_id", calling_itself_otherwise, "'other'"),
    ("mappings_are_whole", writing("MAPPINGS.md", "`due_on`", "due_on"), "`due_on`"),
    ("mappings_are_whole", writing("MAPPINGS.md", "`customer_code`", "the code"), "`customer_code`"),
    ("mappings_are_whole", writing("MAPPINGS.md", "payment_status", "the status"), "payment_status"),
    ("mappings_are_whole", without("MAPPINGS.md"), "MAPPINGS.md"),
    ("mappings_name_their_sources", writing("MAPPINGS.md", "", "\n## Rounding\n\n| up |\n|---|\n"), "Rounding"),
    ("mappings_name_their_sources", writing("MAPPINGS.md", "## ", "# "), "no section"),
    ("the_readme_names_the_settings", writing("README.md", "`contract_length`", "length"), "`contract_length`"),
    ("the_readme_names_the_capabilities", writing("README.md", "`live_quote`", "quotes"), "`live_quote`"),
    ("the_readme_lists_the_magic_references", writing("README.md", "TR0.M0+7", "one"), "`TR0.M0000000000007`"),
    ("imports_are_declared", writing(f"{PACKAGE}/client.py", "", "\nimport click\n"), "click"),
    (
        "imports_are_declared",
        writing(f"{PACKAGE}/client.py", "", "\nfrom faturat_server import app\n"),
        "faturat_server",
    ),
    ("the_plugin_runs_without_testing", writing(f"{PACKAGE}/wire.py", "", "\nimport faturat.testing\n"), "wire.py"),
    (
        "the_plugin_runs_without_testing",
        writing(f"{PACKAGE}/settings.py", "", "\nfrom . import simulator\n"),
        "simulator.py",
    ),
    ("nothing_personal_is_written", writing("README.md", "", "\nAsk somebody@bank.al.\n"), "an e-mail address"),
    (
        "nothing_personal_is_written",
        writing("samples/fault.xml", "", "<!-- +355 69 123 4567 -->"),
        "a telephone number",
    ),
    ("nothing_personal_is_written", writing("MAPPINGS.md", "", "\nA12345678B\n"), "a personal number"),
    ("nothing_personal_is_written", writing("MAPPINGS.md", "", f"\nAL47 {'2121 ' * 6}\n"), "an account number"),
]


def test_every_rule_is_broken_here() -> None:
    assert {name for name, _, _ in BREAKS} == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_whole_distribution_keeps_it(rule: str, source: Source) -> None:
    RULES[rule].run(source)


@pytest.mark.parametrize(("rule", "change", "seen"), BREAKS, ids=[f"{name}-{seen}" for name, _, seen in BREAKS])
def test_the_rule_finds_it(rule: str, change: Break, seen: str, source: Source) -> None:
    with pytest.raises(CheckFailed, match=re.escape(seen)):
        RULES[rule].run(change(source) or source)


@pytest.mark.parametrize("rule", ["there_are_samples", "mappings_are_whole", "nothing_personal_is_written"])
def test_without_its_folder_a_distributions_documents_cannot_be_judged(rule: str, source: Source) -> None:
    with pytest.raises(DoesNotApply):
        RULES[rule].run(replace(source, folder=None))
