"""The gate to one observer: it hears of what was committed, and cannot touch money."""

from datetime import datetime, timedelta

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

    async def tell(self, hook: str, **subject: object) -> bool | datetime:
        """Call one hook; False where it failed and is to be tried again, a moment where not before then."""
        try:
            until = await call_plugin(
                self.name, hook, lambda: getattr(self._relay, hook)(**subject), self._deadline, _put_off
            )
        except (CallFailed, FaturatError):
            return False
        return True if until is None else until


def _put_off(reply: object) -> datetime | None:
    """The moment that an observer named, if it named one."""
    if isinstance(reply, datetime) and reply.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return reply if isinstance(reply, datetime) else None
