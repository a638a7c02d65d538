"""The gate to one observer: it hears of what was committed, and cannot touch money."""

from datetime import timedelta

from faturat.errors import FaturatError
from faturat.gate.call import CallFailed, call_plugin
from faturat.hookspecs import Relay


class ObserverGate:
    """Calls to one observer's plugin; `hooks` are those that it implements."""

    def __init__(self, name: str, relay: Relay, hooks: frozenset[str], deadline: timedelta) -> None:
        self.name = name
        self.hooks = hooks
        self._relay = relay
        self._deadline = deadline

    async def tell(self, hook: str, **subject: object) -> bool:
        """Call one hook; False where it failed and is to be tried again."""
        try:
            await call_plugin(
                self.name, hook, lambda: getattr(self._relay, hook)(**subject), self._deadline, lambda _reply: None
            )
        except (CallFailed, FaturatError):
            return False
        return True
