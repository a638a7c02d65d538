"""What the process that others are forked from has imported: all that they would."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from litestar import Litestar

from faturat.command import main
from faturat_server.api.routes import api_routes
from faturat_server.dependencies import DEPENDENCIES

for _group in ("billers", "banks", "observers", "commands"):
    for _point in entry_points(group=f"faturat.{_group}"):
        _point.load()

# this, and some of Litestar, is imported only as an application is made
import_module("anyio._backends._asyncio")
Litestar([api_routes()], dependencies=DEPENDENCIES, openapi_config=None, logging_config=None)


def run_command(arguments: Sequence[str], folder: Path, environment: dict[str, str], streams: Path) -> None:
    """What a process does that is to be `faturat`; `streams` has its standard input and gets its outputs."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, name in enumerate(("in", "out", "err")):
        flags = os.O_RDONLY if name == "in" else os.O_CREAT | os.O_WRONLY
        os.dup2(os.open(streams / name, flags), number)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    main(list(arguments), prog_name="faturat")


def run_logged(command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """What a process does that is to be `faturat` and go on; all it says is in a log."""
    said = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.environ.update(environment)
    main(command)
