"""`faturat check`: what it shows, its document, its exit codes, and what it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from faturat.command import main
from faturat.testing.conformance import all_checks
from faturat.testing.conformance.check import CHECKS
from faturat.testing.quality import RULES

OSHEE = Path(__file__).parents[2] / "plugins" / "oshee"


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an installed distribution whose plugin logs names."""
    facts = tmp_path / "faturat_broken-0.2.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: faturat-broken\nVersion: 0.2\n")
    (facts / "entry_points.txt").write_text(
        "[faturat.billers]\nbroken = broken_manners:PrintsReferences\n"
        "[faturat.simulators]\nbroken = model_company:ModelCompany\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return "faturat-broken"


def test_oshee_keeps_every_rule_in_one_document() -> None:
    done = check(OSHEE, "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert [result["name"] for result in document["results"]] == [*RULES, *(each.name for each in all_checks())]
    assert (document["distribution"], document["biller"], document["failed"]) == ("faturat-oshee", "oshee", 0)
    counted = [sum(each["status"] == status for each in document["results"]) for status in ("passed", "does_not_apply")]
    assert counted == [document["passed"], document["does_not_apply"]]
    assert document["passed"] > 90


def test_a_failure_names_rule_what_was_seen_and_the_mend(broken: str) -> None:
    name = "nothing_personal_is_logged"
    done = check(broken, "--only", name, "--only", "a_payment_settles")
    assert done.exit_code == 1
    assert "passed a_payment_settles" in done.output
    shown = done.output[done.output.rindex(f"FAILED {name}") :]
    assert f"rule: {CHECKS[name].rule}" in shown
    assert "seen: a reference was logged or printed" in shown
    assert f"mend: {CHECKS[name].mend}" in shown
    assert "1 passed, 1 failed, 0 do not apply" in shown


def test_what_a_plugin_prints_is_no_part_of_the_document(broken: str) -> None:
    done = check(broken, "--only", "a_payment_settles", "--json")
    assert json.loads(done.stdout)["passed"] == 1
    assert "{'code': " in done.stderr


def test_what_does_not_apply_says_why() -> None:
    done = check("faturat-oshee", "--only", "paying_only_queues")
    assert done.exit_code == 0
    assert "n/a    paying_only_queues  for plugins that swap files" in done.output


@pytest.mark.parametrize(
    ("package", "words"),
    [
        ("faturat-nowhere", "faturat-nowhere is not installed. Install it, or name its folder."),
        ("faturat", "faturat names 0 plugins in faturat.billers"),
        (OSHEE / "samples", "holds no pyproject.toml"),
    ],
)
def test_no_such_plugin(package: str | Path, words: str) -> None:
    done = check(package)
    assert done.exit_code == 2
    assert words in done.output


def test_a_folder_that_is_not_what_is_installed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "faturat-oshee"\n')
    done = check(tmp_path)
    assert done.exit_code == 2
    assert f"pip install -e {tmp_path}" in done.output


def test_no_such_check_names_those_near_it() -> None:
    done = check("faturat-oshee", "--only", "a_payment_setles")
    assert done.exit_code == 2
    assert "Near it: a_payment_settles" in done.output


def test_without_hypothesis_it_says_what_to_install() -> None:
    program = """
import sys
sys.modules["hypothesis"] = None
from click.testing import CliRunner
from faturat.command import main
said = CliRunner().invoke(main, ["check", "faturat-oshee"])
assert said.exit_code == 1 and "pip install 'faturat[check]'" in said.output, said.output
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_it_leaves_nothing_where_it_is_run(tmp_path: Path) -> None:
    command = [
        Path(sys.executable).parent / "faturat",
        "check",
        "faturat-oshee",
        "--only",
        "what_a_pattern_allows_is_read",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []
