"""What the process that others are forked from has imported: all that they would."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from apprise import Apprise

from fakes.one_app import register_routes_once
from faturat.command import main
from faturat.plugins.loading import GROUPS, installed
from faturat_server import app

for _group in (*GROUPS.values(), "faturat.commands"):
    for _point in installed(_group):
        _point.load()

# all that Apprise can send by, which it loads when it is first asked for one by its scheme
Apprise.instantiate("json://127.0.0.1")

# this, and some of Litestar, is imported only as an application is made
import_module("anyio._backends._asyncio")
register_routes_once()
app.make_app(secure=True)
app.make_app(secure=False)


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
