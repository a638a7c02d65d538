"""Every error as application/problem+json (RFC 9457), in the language of the request."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from faturat import FaturatError, Language, Text
from faturat.logs import log_failure
from faturat_server.api.language import language_of
from faturat_server.failures import STATUSES, error_of, status_of

MEDIA_TYPE = "application/problem+json"

TITLES: dict[int, Text] = {
    400: Text("Kërkesa nuk lexohet", "The request cannot be read"),
    401: Text("Duhet të hyni", "You have to log in"),
    403: Text("Nuk lejohet", "Not allowed"),
    404: Text("Nuk u gjet", "Not found"),
    405: Text("Mënyra nuk lejohet", "The method is not allowed"),
    409: Text("Bie ndesh me gjendjen e tanishme", "It contradicts the present state"),
    413: Text("Kërkesa është shumë e madhe", "The request is too large"),
    422: Text("Të dhënat nuk pranohen", "The data cannot be accepted"),
    429: Text("Shumë përpjekje", "Too many attempts"),
    500: Text("Gabim nga ana jonë", "An error on our side"),
    502: Text("Përgjigjja nuk kuptohet", "An answer was not understood"),
    503: Text("Nuk përgjigjet", "No answer for now"),
}


class Problem(Struct, omit_defaults=True):
    """What went wrong. `type` leads to what it means in general; `detail` says it for this request."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    """The field of the request that it is about."""


def type_of(code: str) -> str:
    return f"/problems/{code}"


def problem_of(error: FaturatError, language: Language) -> Problem:
    status = status_of(error)
    return Problem(
        type=type_of(error.code),
        title=TITLES[status].to(language),
        status=status,
        detail=error.message(language),
        field=error.field,
    )


def answer_problem(request: Request[Any, Any, Any], exception: Exception) -> Response[bytes]:
    """The exception handler of the whole application."""
    error = error_of(exception)
    if error.code in ("internal", "database_unavailable"):
        log_failure("request_failed", exception)
    headers = dict(exception.headers or {}) if isinstance(exception, HTTPException) else {}
    if status_of(error) == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "seconds" in error.params:
        headers["Retry-After"] = str(error.params["seconds"])
    problem = problem_of(error, language_of(request))
    return Response(msgspec.json.encode(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def problems(*codes: str) -> dict[int, ResponseSpec]:
    """For a route's documentation: the problems that it answers with, beside those of every route."""
    by_status: dict[int, list[str]] = {}
    for code in ("bad_request", "not_logged_in", *codes):
        by_status.setdefault(STATUSES[code], []).append(code)
    return {
        status: ResponseSpec(
            Problem,
            generate_examples=False,
            description=f"{HTTPStatus(status).phrase}: {', '.join(dict.fromkeys(found))}",
            media_type=MEDIA_TYPE,
        )
        for status, found in sorted(by_status.items())
    }
