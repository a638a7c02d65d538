"""Who makes a request: the API goes by bearer tokens alone, everything else by the cookie alone."""

from typing import Any, TypeAlias

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from faturat import FaturatError
from faturat_server.access.service import Access, Kind
from faturat_server.access.types import User

Connection: TypeAlias = ASGIConnection[Any, Any, Any, Any]

COOKIE = "faturat_session"
CSRF_COOKIE = "faturat_csrf"
BEARER_ONLY = "bearer_only"
"""The key of a route's `opt` that makes cookies count for nothing there, so that it needs no CSRF token."""


class AccessMiddleware(AbstractAuthenticationMiddleware):
    """Sets request.user to the User or None, and request.auth to the token."""

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
        access: Access = connection.app.state.access
        kind: Kind
        if connection.route_handler.opt.get(BEARER_ONLY):
            kind, token = "token", _bearer(connection.headers.get("authorization", ""))
        else:
            kind, token = "web", connection.cookies.get(COOKIE, "")
        user = await access.user_of(token, kind) if token else None
        return AuthenticationResult(user=user, auth=token if user else None)


async def web_user(connection: Connection) -> User | None:
    """Whoever the cookie is of."""
    access: Access = connection.app.state.access
    token = connection.cookies.get(COOKIE, "")
    return await access.user_of(token, "web") if token else None


def require_user(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard; raises FaturatError not_logged_in."""
    _user_of(connection)


def require_customer(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard; raises FaturatError not_logged_in or not_a_customer."""
    if _user_of(connection).role != "customer":
        raise FaturatError("not_a_customer")


def require_operator(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard; raises FaturatError not_logged_in or not_an_operator."""
    if _user_of(connection).role != "operator":
        raise FaturatError("not_an_operator")


def _user_of(connection: Connection) -> User:
    user: User | None = connection.scope.get("user")  # not even asked for where a route answers OPTIONS
    if user is None:
        raise FaturatError("not_logged_in")
    return user


def _bearer(header: str) -> str:
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
