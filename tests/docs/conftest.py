"""The data of a demo that ran once."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def demo_data(unused_tcp_port_factory: Callable[[], int]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fat-") as folder:  # short, for the socket's path
        demo = subprocess.Popen(
            [Path(sys.executable).parent / "faturat", "demo", "--port", str(unused_tcp_port_factory())],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert demo.stdout is not None
        assert any("Ctrl-C" in line for line in demo.stdout)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(60) == 0
        yield Path(folder)
