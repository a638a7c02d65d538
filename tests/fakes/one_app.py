"""The server's routes, registered once per process: each test's application is that one, put on the test's host."""

from functools import cache

import pytest

from faturat_server import app


def register_routes_once() -> None:
    """To the end of the process, for registering two hundred routes takes longer than most tests.

    So a process serves one host at a time: a second one would take the first one's place.
    """
    pytest.MonkeyPatch().setattr(app, "make_app", cache(app.make_app))
