"""The interface of a plugin's simulator: a stand-in of the company's side, a real server on 127.0.0.1.

Found by the entry-point group `faturat.simulators`; used by `faturat simulate`, the demo and the tests.
"""

from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

import structlog

log = structlog.stdlib.get_logger()


class Simulator(Protocol):
    """Made as `Simulator(data)`; its state lives in files below `data` and outlives a restart."""

    def __init__(self, data: Path) -> None: ...

    async def start(self, port: int = 0) -> dict[str, Any]:
        """Listen on 127.0.0.1 (port 0: a free one); returns the settings with which the plugin reaches it."""
        ...

    async def stop(self) -> None: ...

    def demo_seed(self) -> None:
        """Put the demo's contracts and invoices there, once; one invoice more appears within two minutes."""
        ...


def installed_simulators() -> dict[str, type[Simulator]]:
    """The simulators of the installed distributions, by biller id; one whose libraries are not there is left out."""
    found: dict[str, type[Simulator]] = {}
    for point in sorted(entry_points(group="faturat.simulators")):
        try:
            found[point.name] = point.load()
        except ImportError as error:
            owner = point.dist.name if point.dist is not None else point.value
            log.warning(
                "simulator_left_out", simulator=point.name, lacks=error.name, mend=f"install {owner}[simulator]"
            )
    return found
