"""`faturat check`: whether a biller's plugin keeps the contract, with what is wrong and how to mend it."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console
from rich.text import Text

from faturat.errors import StartError

if TYPE_CHECKING:
    from faturat.testing.checking import Job
    from faturat.testing.conformance import Result

SIGNS = {"passed": ("passed", "green"), "failed": ("FAILED", "bold red"), "does_not_apply": ("n/a", "dim")}


class _NotThere(click.ClickException):
    exit_code = 2


@click.command(epilog="Example: faturat check plugins/water")
@click.argument("pkg", metavar="PKG")
@click.option("--only", multiple=True, metavar="NAME", help="Run this check alone; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document instead of a line per check.")
def check(pkg: str, only: tuple[str, ...], as_json: bool) -> None:
    """Check a biller's plugin: its files and documents, then its behaviour towards its own simulator.

    PKG is an installed distribution, or the folder of its pyproject.toml, installed by `pip install -e`. Each check is
    described in docs/conformance.md. Exits with 1 where one fails, with 2 where there is no such plugin.
    """
    with _nothing_kept():
        job = _job(pkg, only)
        results = list(_as_json(job) if as_json else _shown(job))
    sys.exit(any(result.status == "failed" for result in results))


def _job(pkg: str, only: Sequence[str]) -> "Job":
    """What is to be run; ends the command where there is no such plugin or check."""
    try:
        from faturat.testing.checking import find_job
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        raise StartError("hypothesis is not installed, which draws the input. pip install 'faturat[check]'") from error
    from faturat.testing.conformance import NoSuchPlugin

    try:
        job = find_job(pkg)
    except NoSuchPlugin as error:
        raise _NotThere(str(error)) from error
    for name in only:
        if name not in job.names:
            near = get_close_matches(name, job.names, n=3)
            raise click.BadParameter(f"there is no check {name!r}. {'Near it: ' + ', '.join(near) if near else ''}")
    return job.only(only) if only else job


@contextmanager
def _nothing_kept() -> Iterator[None]:
    """Hypothesis keeps a folder where a command is run, unless it has another one."""
    try:
        from hypothesis.configuration import set_hypothesis_home_dir
    except ModuleNotFoundError:
        yield  # _job says how to mend it
        return
    with tempfile.TemporaryDirectory(prefix="faturat-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def _as_json(job: "Job") -> Sequence["Result"]:
    with redirect_stdout(sys.stderr):  # what a plugin prints is no part of the document
        results = tuple(job.run())
    counts = {status: sum(result.status == status for result in results) for status in SIGNS}
    document = {"distribution": job.name, "version": job.version, "biller": job.biller, **counts, "results": results}
    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))
    return results


def _shown(job: "Job") -> Iterator["Result"]:
    """Run the checks and show each as it ends; then every failure, and how many there were of each sort."""
    console = Console(highlight=False)
    console.print(f"{job.name} {job.version}", style="bold")
    results: list[Result] = []
    running = job.run()
    with console.status("") as status:
        for place, name in enumerate(job.names, 1):
            status.update(f"{name} ({place} of {len(job.names)})")
            result = next(running)
            results.append(result)
            word, style = SIGNS[result.status]
            why = f"  {result.what}" if result.status == "does_not_apply" else ""
            console.print(Text.assemble((f"{word:<7}", style), name, (why, "dim")), soft_wrap=True)
            yield result
    for result in results:
        if result.status == "failed":
            console.print()
            console.print(Text.assemble((f"FAILED {result.name}", "bold red")))
            for label, words in (("rule", result.rule), ("seen", result.what), ("mend", result.mend)):
                console.print(Text.assemble((f"  {label}: ", "bold"), words), soft_wrap=True)
    counts = {status: sum(result.status == status for result in results) for status in SIGNS}
    seconds = sum(result.seconds for result in results)
    console.print(
        f"\n{counts['passed']} passed, {counts['failed']} failed, "
        f"{counts['does_not_apply']} do not apply, in {seconds:.1f} s"
    )
