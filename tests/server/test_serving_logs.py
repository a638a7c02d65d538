"""The log is ours alone: no library may set it up, for what it says by itself is nobody's to check."""

import subprocess
import sys

PROGRAM = """
import logging, sys
from faturat_server.logs import configure_logs
from faturat_server.api.routes import read_document
configure_logs()
before = list(logging.getLogger().handlers)
read_document.fn()
assert logging.getLogger().handlers == before, logging.getLogger().handlers
logging.getLogger("a.library").info("somebody's name")
logging.getLogger("a.library").warning("a warning")
logging.getLogger("apprise").warning("somebody's address")
"""


def test_libraries_are_heard_by_their_warnings_alone() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "a warning" in done.stderr
    assert "somebody" not in done.stdout + done.stderr
