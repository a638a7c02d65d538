"""Real processes at the price of a fork: from one that has imported the server and its libraries already."""

import asyncio
import multiprocessing
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path

import pytest

from fakes.preloaded import run_command

PATIENCE = 120
TESTS = Path(__file__).parents[1]

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["fakes.preloaded"])
with pytest.MonkeyPatch.context() as environment:  # what it is told of our path it does not use
    environment.setenv("PYTHONPATH", str(TESTS))
    forkserver.ensure_running()


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote to standard output and to standard error."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


async def faturat(
    *arguments: object, answer: str = "", environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Said:
    """Run `faturat`, in the folder and the environment of this process if not in others; `answer` is what one types."""
    with tempfile.TemporaryDirectory(prefix="fat-") as name:
        streams = Path(name)
        (streams / "in").write_text(answer, "utf-8")
        known = dict(os.environ if environment is None else environment)
        process = PROCESSES.Process(
            target=run_command, args=(list(map(str, arguments)), folder or Path.cwd(), known, streams)
        )
        process.start()
        await asyncio.to_thread(process.join, PATIENCE)
        if process.exitcode is None:
            process.kill()
            raise AssertionError(f"faturat {arguments} does not end")
        return Said(process.exitcode, (streams / "out").read_text("utf-8"), (streams / "err").read_text("utf-8"))
