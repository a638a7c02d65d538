"""The API's routes, and the document that describes them."""

from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.params import FromPath

from faturat import FaturatError, Language, __version__
from faturat.messages import MESSAGES
from faturat_server.access.middleware import BEARER_ONLY, require_customer
from faturat_server.api import autopay, billers, contracts, invoices, notices, notifications, payments, tokens
from faturat_server.api.language import language_of
from faturat_server.api.problems import MEDIA_TYPE, TITLES, Problem, answer_problem, type_of
from faturat_server.dependencies import DEPENDENCIES
from faturat_server.failures import STATUSES

DESCRIPTION = """\
Register contracts with companies, see unpaid invoices, pay them from an account, and hear of new ones.

Every request but `POST /tokens` needs `Authorization: Bearer <token>`. Texts come in the language of Accept-Language
(sq or en). Every error is application/problem+json; its `type` leads to what it means. Ids are opaque.
"""


@get("/openapi.json", include_in_schema=False, sync_to_thread=True)
def read_document() -> Response[bytes]:
    """This API, described."""
    return Response(_document(), media_type="application/json")


@get("/problems/{code:str}", opt={"exclude_from_auth": True, "exclude_from_csrf": True})
async def read_problem(code: FromPath[str]) -> dict[str, Any]:
    """What the problems of one type mean, in both languages; {words} in braces differ from problem to problem."""
    if code not in STATUSES:
        raise FaturatError("not_found")
    status = STATUSES[code]
    return {"type": type_of(code), "status": status, "title": TITLES[status], "detail": MESSAGES[code]}


def api_routes() -> Router:
    """Everything under /api/v1, for one application."""
    handlers = [
        billers.list_billers,
        billers.look_up,
        contracts.list_contracts,
        contracts.register,
        contracts.read_contract,
        contracts.rename,
        contracts.remove,
        autopay.read_autopay,
        autopay.set_autopay,
        autopay.stop_autopay,
        invoices.list_invoices,
        invoices.list_contract_invoices,
        payments.list_accounts,
        payments.pay,
        payments.list_payments,
        payments.read_payment,
        payments.cancel_payment,
        payments.read_receipt,
        notices.list_notices,
        notifications.read_notifications,
        notifications.choose_events,
        notifications.add_device,
        notifications.remove_device,
    ]
    return Router(
        "/api/v1",
        route_handlers=[tokens.log_in, read_document, Router("/", route_handlers=handlers, guards=[require_customer])],
        dependencies={"language": Provide(_language, sync_to_thread=False)},
        exception_handlers={Exception: answer_problem},
        opt={BEARER_ONLY: True, "exclude_from_csrf": True},
        cache_control=CacheControlHeader(no_store=True),
    )


@cache
def _document() -> bytes:
    """The OpenAPI document.

    It is made when it is first asked for, by an application of its own: Litestar would serve it with pages that load
    from elsewhere.
    """
    config = OpenAPIConfig(
        title="Faturat",
        version=__version__,
        description=DESCRIPTION,
        components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
        security=[{"token": []}],
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, *_: handler.handler_name,
        render_plugins=[JsonRenderPlugin()],
    )
    app = Litestar([api_routes()], dependencies=DEPENDENCIES, openapi_config=config, logging_config=None)
    document = app.openapi_schema.to_schema()
    other = {
        "description": "Any other problem",
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
    }
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = other
    return msgspec.json.encode(document)


def _language(request: Request[Any, Any, Any]) -> Language:
    return language_of(request)
