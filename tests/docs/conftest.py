"""The data of a demo that ran once."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def demo_data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fat-") as folder:  # short, for the socket's path
        demo = subprocess.Popen(
            [Path(sys.executable).parent / "faturat", "demo", "--port", "8765"],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert demo.stdout is not None
        assert any("Ctrl-C" in line for line in demo.stdout)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(60) == 0
        yield Path(folder)
