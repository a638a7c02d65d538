"""What handlers may ask for by the name of a parameter."""

from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import Provide

from faturat import Faturat, FaturatError
from faturat_server.access.service import Access
from faturat_server.access.types import User
from faturat_server.push.service import NotificationService
from faturat_server.receipts.service import Receipts
from faturat_server.settings import ServerSettings


def _faturat(state: State) -> Faturat:
    faturat: Faturat = state.faturat
    return faturat


def _access(state: State) -> Access:
    access: Access = state.access
    return access


def _notifications(state: State) -> NotificationService:
    notifications: NotificationService = state.notifications
    return notifications


def _receipts(state: State) -> Receipts:
    receipts: Receipts = state.receipts
    return receipts


def _settings(state: State) -> ServerSettings:
    settings: ServerSettings = state.settings
    return settings


def _user(request: Request[Any, Any, Any]) -> User:
    """Whoever is logged in; raises FaturatError not_logged_in."""
    user: User | None = request.user
    if user is None:
        raise FaturatError("not_logged_in")
    return user


DEPENDENCIES = {
    "faturat": Provide(_faturat, sync_to_thread=False),
    "access": Provide(_access, sync_to_thread=False),
    "notifications": Provide(_notifications, sync_to_thread=False),
    "receipts": Provide(_receipts, sync_to_thread=False),
    "settings": Provide(_settings, sync_to_thread=False),
    "user": Provide(_user, sync_to_thread=False),
}
