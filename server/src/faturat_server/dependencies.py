"""What handlers may ask for by the name of a parameter."""

from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import Provide

from faturat import FaturatError
from faturat_server.access.types import User


def _user(request: Request[Any, Any, Any]) -> User:
    """Whoever is logged in; raises FaturatError not_logged_in."""
    user: User | None = request.user
    if user is None:
        raise FaturatError("not_logged_in")
    return user


def _of_the_application(name: str) -> Provide:
    """What `create_app` put into its state under this name."""

    def provide(state: State) -> Any:
        return state[name]

    return Provide(provide, sync_to_thread=False)


OF_THE_APPLICATION = ("faturat", "access", "notifications", "channels", "channel_adding", "receipts", "settings")
DEPENDENCIES = {
    **{name: _of_the_application(name) for name in OF_THE_APPLICATION},
    "user": Provide(_user, sync_to_thread=False),
}
