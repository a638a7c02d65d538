"""Every error as application/problem+json (RFC 9457), in the language of the request."""

import re
import traceback
from http import HTTPStatus
from typing import Any

import asyncpg
import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from faturat import FaturatError, Language, Text
from faturat_server.api.language import language_of

log = structlog.stdlib.get_logger()

MEDIA_TYPE = "application/problem+json"

STATUSES: dict[str, int] = {
    # what cannot be read
    "bad_request": 400,
    "bad_cursor": 400,
    "key_required": 400,
    # who asks
    "not_logged_in": 401,
    "bad_login": 401,
    "too_many_attempts": 429,
    # what is not there
    "not_found": 404,
    "unknown_biller": 404,
    "unknown_contract": 404,
    "unknown_invoice": 404,
    "unknown_payment": 404,
    "unknown_account": 404,
    "no_receipt": 404,
    "method_not_allowed": 405,
    # what contradicts what is
    "already_registered": 409,
    "too_many_contracts": 409,
    "already_paying": 409,
    "invoice_not_open": 409,
    # what was read and cannot be taken
    "too_large": 413,
    "field_required": 422,
    "field_too_long": 422,
    "field_wrong_length": 422,
    "field_bad_characters": 422,
    "field_bad_shape": 422,
    "field_unknown": 422,
    "bad_reference_kind": 422,
    "not_registrable": 422,
    "unknown_reference": 422,
    "bad_amount": 422,
    "amount_not_accepted": 422,
    "wrong_currency": 422,
    "key_reused": 422,
    # who does not answer
    "internal": 500,
    "biller_bad_reply": 502,
    "biller_unavailable": 503,
    "bank_unavailable": 503,
}

TITLES: dict[int, Text] = {
    400: Text("Kërkesa nuk lexohet", "The request cannot be read"),
    401: Text("Duhet të hyni", "You have to log in"),
    404: Text("Nuk gjendet", "Not found"),
    405: Text("Mënyra nuk lejohet", "The method is not allowed"),
    409: Text("Bie ndesh me gjendjen", "It contradicts the present state"),
    413: Text("Kërkesa është shumë e madhe", "The request is too large"),
    422: Text("Të dhënat nuk pranohen", "The data cannot be accepted"),
    429: Text("Shumë përpjekje", "Too many attempts"),
    500: Text("Gabim te ne", "An error on our side"),
    502: Text("Përgjigjja nuk kuptohet", "An answer was not understood"),
    503: Text("Nuk përgjigjet", "No answer for now"),
}

_NAMED = re.compile(r"(?:required|unknown) field `([^`]*)`")
_NO_BODY = Text("mungon trupi", "it has no body")


class Problem(Struct, omit_defaults=True):
    """What went wrong. `type` leads to what it means in general; `detail` says it for this request."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    """The field of the request that it is about."""


def status_of(error: FaturatError) -> int:
    """The HTTP status of an error; 500 for one that nobody was to see."""
    return STATUSES.get(error.code, 500)


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
    error = _error_of(exception)
    if error.code == "internal":
        _log(exception)
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


def _error_of(exception: Exception) -> FaturatError:
    match exception:
        case FaturatError() if exception.code in STATUSES:
            return exception
        case HTTPException(status_code=404):
            return FaturatError("not_found")
        case HTTPException(status_code=405):
            return FaturatError("method_not_allowed")
        case HTTPException(status_code=413):
            return FaturatError("too_large")
        case HTTPException(status_code=status) if 400 <= status < 500:
            return _bad_request(exception)
        case asyncpg.CharacterNotInRepertoireError() | asyncpg.UntranslatableCharacterError():
            # PostgreSQL has no character for U+0000, which an id or a cursor from outside may hold
            return FaturatError("bad_request", detail="U+0000")
    return FaturatError("internal")


def _bad_request(exception: HTTPException) -> FaturatError:
    """The first fault that was found, and the field that it is about."""
    faults = exception.extra if isinstance(exception.extra, list) else []
    if not faults:
        return FaturatError("bad_request", detail=exception.detail.rstrip("."))
    words, place = str(faults[0].get("message", "")), str(faults[0].get("key", ""))
    if place == "data":  # the body as a whole: there is none, or the words name what it lacks or has too much
        named = _NAMED.search(words)
        return FaturatError("bad_request", field=named and named[1], detail=_NO_BODY if words == "'data'" else words)
    return FaturatError("bad_request", field=place.partition("[")[0] or None, detail=words)


def _log(exception: Exception) -> None:
    """Where and of what kind; an exception's words may hold what somebody typed."""
    frames = traceback.extract_tb(exception.__traceback__)
    at = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    log.error("request_failed", error=type(exception).__name__, at=at)
