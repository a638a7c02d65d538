"""The web application on one host: API, pages, health and metrics."""

import secrets
from typing import Any

from litestar import Litestar, Request, Response
from litestar.config.csrf import CSRFConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders, State
from litestar.middleware import DefineMiddleware
from litestar.types import BeforeMessageSendHookHandler, Message, Scope
from litestar.utils.scope.state import ScopeState

from faturat.host import Host
from faturat.logs import log_failure
from faturat_server.access.middleware import CSRF_COOKIE, AccessMiddleware, web_user
from faturat_server.access.service import Access
from faturat_server.api.problems import answer_problem
from faturat_server.api.routes import api_routes, read_problem
from faturat_server.channels import plugin as channels
from faturat_server.channels.adding import ChannelAdding
from faturat_server.channels.service import ChannelService
from faturat_server.dependencies import DEPENDENCIES
from faturat_server.health import health_routes
from faturat_server.pages.errors import answer_error
from faturat_server.pages.routes import ROUTES
from faturat_server.push.plugin import settings_of
from faturat_server.push.service import NotificationService
from faturat_server.receipts.service import Receipts
from faturat_server.settings import ServerSettings
from faturat_server.telegram_updates import telegram_routes

FOR_PROGRAMS = ("/api/", "/problems/", "/health/", "/metrics", "/telegram")
LARGEST_BODY = 64 * 1024

SECURITY_HEADERS = {
    # default-src does not speak for the other three
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
A_YEAR = 365 * 24 * 3600


def create_app(host: Host, settings: ServerSettings) -> Litestar:
    """The application of one host."""
    app = make_app(secure=settings.web.secure_cookies)
    put_on(app, host, settings)
    return app


def make_app(*, secure: bool) -> Litestar:
    """All routes, on no host yet; `secure`: people reach it over TLS."""
    csrf = CSRFConfig(secret=secrets.token_hex(), cookie_name=CSRF_COOKIE, cookie_secure=secure, cookie_httponly=True)

    async def share_secrets(app: Litestar) -> None:
        """Take the secrets of all processes: each must know what another one gave out."""
        access: Access = app.state.access
        settings: ServerSettings = app.state.settings
        csrf.secret = await access.secret("csrf")
        app.state.receipts = Receipts(app.state.faturat, await access.secret("receipt"), settings.web.public_url)

    return Litestar(
        [api_routes(), read_problem, health_routes(), telegram_routes(), *ROUTES],
        dependencies=DEPENDENCIES,
        middleware=[DefineMiddleware(AccessMiddleware)],
        csrf_config=csrf,
        on_startup=[share_secrets],
        before_send=[_security_headers(secure)],
        after_exception=[_recognise],
        exception_handlers={Exception: _answer},
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        logging_config=None,
    )


def put_on(app: Litestar, host: Host, settings: ServerSettings) -> None:
    """Give the application what its handlers work with. What it had before, it forgets."""
    database, clock = host.database, host.faturat.clock
    app.state = State(
        {
            "host": host,
            "faturat": host.faturat,
            "access": Access(database, clock, settings),
            "notifications": NotificationService(database, clock, settings_of(host.faturat)),
            "channels": ChannelService(database, clock, channels.settings_of(host.faturat)),
            "channel_adding": ChannelAdding(database, clock, channels.settings_of(host.faturat)),
            "settings": settings,
        }
    )


async def _recognise(_: Exception, scope: Scope) -> None:
    """Who looks at an address that leads nowhere, so that the page has its menu: no middleware ran for it."""
    route: Any = scope.get("route_handler")
    if route is not None or scope["path"].startswith(FOR_PROGRAMS):
        return
    visitor = ASGIConnection[Any, Any, Any, Any](scope)
    try:
        scope["user"] = await web_user(visitor)
    except Exception as error:  # the page is there without its menu too
        log_failure("visitor_not_recognised", error)
    ScopeState.from_scope(scope).csrf_token = visitor.cookies.get(CSRF_COOKIE, "")


def _answer(request: Request[Any, Any, Any], exception: Exception) -> Response[Any]:
    """What went wrong where no route was found: a problem for programs, a page for people."""
    answer = answer_problem if request.url.path.startswith(FOR_PROGRAMS) else answer_error
    return answer(request, exception)


def _security_headers(secure: bool) -> BeforeMessageSendHookHandler:
    wanted = dict(SECURITY_HEADERS)
    if secure:
        wanted["Strict-Transport-Security"] = f"max-age={A_YEAR}"

    async def add(message: Message, _: Scope) -> None:
        if message["type"] == "http.response.start":
            MutableScopeHeaders.from_message(message).update(wanted)

    return add
