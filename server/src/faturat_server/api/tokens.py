"""Logging in for the API."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from faturat_server.access.service import Access
from faturat_server.api import asked, wire
from faturat_server.api.problems import problems


@post(
    "/tokens",
    summary="Log in",
    tags=["Access"],
    security=[{}],
    responses=problems("bad_login", "not_a_customer", "too_many_attempts"),
)
async def log_in(
    data: JSONBody[asked.LogIn], request: Request[Any, Any, Any], access: NamedDependency[Access]
) -> wire.Token:
    """A bearer token for a customer who knows the password; it is good for as long as the server keeps sessions."""
    source = request.client.host if request.client else ""
    token, _ = await access.log_in(data.username, data.password, source, "token")
    return wire.Token(token)
